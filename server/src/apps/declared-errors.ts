import { catalogue } from '../errors/catalogue.ts'
import type { DeclaredError } from '../errors/declared-error.ts'
import { pointer } from '../errors/pointer.ts'
import type { CheckContext, Section } from './section.ts'

/** The errors of an app, by code. */
export type DeclaredErrors = ReadonlyMap<string, DeclaredError>

type RawErrors = Readonly<Record<string, { readonly status: number; readonly message: string }>>

const NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/
const MAX_NAME = 64

/**
 * What an HTTP client, a proxy or the SDK acts upon before anybody reads the code: a sign-in to be renewed, a preflight, a body to be
 * sent otherwise. An app that answered with these would be misunderstood.
 */
const MEANT_FOR_PROGRAMS: ReadonlyMap<number, string> = new Map([
  [401, 'clients renew the sign-in when they meet it'],
  [407, 'it is about proxies'],
  [408, 'clients send the request again when they meet it'],
  [412, 'it is about If-Match'],
  [431, 'it is about headers'],
])

/** The `errors:` key: `too_late: {status: 409, message: Too late for this}`. What may fail names them. */
export const errorsSection: Section<DeclaredErrors> = {
  keys: {
    errors: {
      type: 'object',
      description:
        'Errors of the app, by code (snake_case): what transitions fail with. They are in the OpenAPI document and in the types of the SDK.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['status', 'message'],
        properties: {
          status: { type: 'integer', minimum: 400, maximum: 499, description: 'The HTTP status: 400 to 499.' },
          message: { type: 'string', minLength: 1, maxLength: 500, description: 'What callers are told, for people.' },
        },
      },
      examples: [{ too_late: { status: 409, message: 'Too late for this' } }],
    },
  },

  check(context) {
    const raw = (context.document['errors'] ?? {}) as RawErrors
    for (const [code, { status }] of Object.entries(raw)) {
      checkCode(context, code)
      const reason = MEANT_FOR_PROGRAMS.get(status)
      if (reason === undefined) continue
      const message = `${status} is not for errors of apps: ${reason}`
      context.report({ pointer: pointer('errors', code, 'status'), message, suggestion: 'write 409' })
    }
    return new Map(Object.entries(raw).map(([code, one]) => [code, { code, ...one }]))
  },

  // They are part of what fails with them, and leave no trace of their own in the database.
  plan: () => ({ steps: [], refusals: [] }),
  snapshot: () => null,
  activate: () => undefined,
  retire: () => undefined,
}

function checkCode(context: CheckContext, code: string): void {
  const at = { pointer: pointer('errors', code), at: 'key' } as const
  if (Object.hasOwn(catalogue, code)) {
    context.report({ ...at, message: `'${code}' is an error of the server, with a meaning of its own` })
  } else if (!NAME.test(code) || code.length > MAX_NAME) {
    const suggestion = suggestCode(code)
    const message = `'${code}' is not a code in snake_case of at most ${MAX_NAME} letters`
    context.report({ ...at, message, ...(suggestion === undefined ? {} : { suggestion }) })
  }
}

/** `tooLate`, `Too-Late` -> `too_late`. */
function suggestCode(code: string): string | undefined {
  const words = code
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
  return NAME.test(words) && words !== code && words.length <= MAX_NAME ? `did you mean '${words}'?` : undefined
}
