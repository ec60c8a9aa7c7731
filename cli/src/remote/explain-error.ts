import { RoadbaseError } from 'roadbase'
import { issuesOf } from 'roadbase/admin'
import { CliError } from '../cli-error.ts'
import type { ExitReason } from '../exit-codes.ts'
import { showIssue } from '../output/issues.ts'
import type { Connection } from './connect.ts'

/** What an answer of the server means for who typed the command. */
export function explainError(error: RoadbaseError, { url, tokenFrom }: Connection): CliError {
  const reason = reasonOf(error)
  const known = explanations[error.code]?.({ error, url, tokenFrom })
  const issues = issuesOf(error)
  // A single mistake is often the whole message.
  const isTold = issues.length === 1 && error.detail.includes(issues[0]?.message ?? '')
  const details = isTold ? [] : issues.map((issue) => showIssue(issue))
  const log =
    reason === 'internal' && error.requestId !== undefined
      ? [`The log of the server has more under ${error.requestId}.`]
      : []
  return new CliError(reason, known?.message ?? sentence(error.detail), {
    details,
    fixes: [...(known?.fixes ?? retryAdvice(error)), ...log],
    data: { code: error.code, status: error.status, requestId: error.requestId, errors: error.errors, ...error.data },
    cause: error,
  })
}

export function reasonOf({ code, status }: Pick<RoadbaseError, 'code' | 'status'>): ExitReason {
  const byCode = codes[code]
  if (byCode !== undefined) return byCode
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 409 || status === 412) return 'conflict'
  if (status === 429 || status === 503) return 'busy'
  return status >= 500 ? 'internal' : 'refused'
}

const codes: Readonly<Record<string, ExitReason>> = {
  consent_required: 'consent',
  change_refused: 'refused',
  network_error: 'unreachable',
  timeout: 'unreachable',
  invalid_response: 'unreachable',
  aborted: 'interrupted',
}

interface Told {
  readonly message?: string
  readonly fixes: readonly string[]
}

interface Facts {
  readonly error: RoadbaseError
  readonly url: string
  readonly tokenFrom: string
}

const explanations: Readonly<Record<string, (facts: Facts) => Told>> = {
  network_error: ({ error, url }) => ({
    message: `No server answers at ${url}${systemReason(error.cause)}.`,
    fixes: ['Start one with `roadbase serve`, or say where it is: --url https://…'],
  }),
  timeout: ({ error, url }) => ({
    message: `${url}: ${error.detail}. What was asked may have been done.`,
    fixes: ['Look how things are, then try again.'],
  }),
  invalid_response: ({ url, error }) => ({
    message: `What answers at ${url} is not Roadbase (status ${error.status}).`,
    fixes: ['Check the URL: --url, ROADBASE_URL, or `roadbase login`.'],
  }),
  aborted: () => ({
    message: 'Stopped. What was asked of the server may happen all the same.',
    fixes: [],
  }),
  invalid_token: ({ url, tokenFrom }) => ({
    message: `The server at ${url} does not accept the token (from ${tokenFrom}): it is expired, revoked, or for another server.`,
    fixes: [`roadbase login --url ${url}`],
  }),
  unauthenticated: ({ url }) => ({
    message: `This needs an administrator of ${url}.`,
    fixes: [`roadbase login --url ${url}`],
  }),
  insufficient_scope: ({ error }) => ({
    message: sentence(error.detail),
    fixes: ['`roadbase keys list` shows what keys may do.'],
  }),
}

/** `ECONNREFUSED` says more to who looks for the reason. */
function systemReason(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : ''
}

function retryAdvice({ retryAfter }: RoadbaseError): readonly string[] {
  return retryAfter === undefined ? [] : [`Try again in ${retryAfter} s.`]
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}

export function isRoadbaseError(error: unknown): error is RoadbaseError {
  return error instanceof RoadbaseError
}
