import { catalogue, type ErrorCode } from './catalogue.ts'
import { exitCodes } from './exit-codes.ts'
import { explanations } from './explanations.ts'

/** `docs/reference/errors.md`: every error code, by status. */
export function errorsReference(): string {
  const codes = Object.keys(catalogue) as ErrorCode[]
  const sections = codes.map((code) => {
    const { status, title } = catalogue[code]
    const { meaning, fix } = explanations[code]
    return `### ${code}\n\n**${status}** ${title}.\n\n${meaning}\n\nWhat to do: ${fix}\n`
  })
  return `${ERRORS_INTRODUCTION}\n${sections.join('\n')}`
}

/** `docs/reference/exit-codes.md`: how the server process ends. */
export function exitCodesReference(): string {
  const rows = Object.values(exitCodes).map(({ status, meaning, fix }) => `| ${status} | ${meaning} | ${fix} |`)
  return `${EXIT_INTRODUCTION}\n${rows.join('\n')}\n`
}

const ERRORS_INTRODUCTION = `# Errors

Every error is an \`application/problem+json\` document (RFC 9457):

| member | |
|---|---|
| \`type\` | where the code is explained, relative to the server |
| \`title\` | the code in words, always the same |
| \`status\` | the HTTP status |
| \`code\` | what programs compare; it never changes its meaning |
| \`detail\` | this case in words |
| \`errors\` | where there are several: \`[{pointer, code, message}]\`, each with the JSON pointer (RFC 6901) of its place |
| \`requestId\` | finds the request in the server's log |

An app declares errors of its own under \`errors:\`. They look the same: \`code\` is the declared name, \`title\` and \`detail\` the declared
message, \`type\` \`/docs/errors#errors-of-apps\`. The OpenAPI document and the types of the app list them.

400 is about the request's form, 422 about the record's values. 429 and 503 carry \`Retry-After\`.

## Codes
`

const EXIT_INTRODUCTION = `# Exit codes

When the server can not start or go on, it prints one message and ends with one of these. The numbers follow \`sysexits.h\` where that has one that fits.
A second signal during a stop ends the process at once with 128 plus the number of the signal: 130 for Ctrl-C, 143 for SIGTERM.

| code | what happened | what to do |
|---|---|---|`
