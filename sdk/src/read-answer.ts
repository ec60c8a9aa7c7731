import type { ServerErrorCode } from './error-codes.ts'
import { type FieldError, RoadbaseError } from './roadbase-error.ts'

/** The parts of a `Response` that matter. */
export interface RawAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly text: string
}

/** The JSON value, or the text, of a successful answer (`undefined` for an empty one); throws {@link RoadbaseError} for any other. */
export function readAnswer(answer: RawAnswer, as?: 'text'): unknown {
  const succeeded = answer.status >= 200 && answer.status < 300
  if (succeeded && answer.text === '') return undefined
  if (succeeded && as === 'text') return answer.text
  const body = parse(answer)
  if (succeeded) return body
  throw toError(answer, body)
}

function parse(answer: RawAnswer): unknown {
  try {
    return JSON.parse(answer.text)
  } catch (cause) {
    throw notRoadbase(answer, cause)
  }
}

function toError(answer: RawAnswer, body: unknown): RoadbaseError {
  if (!isProblem(body)) return notRoadbase(answer)
  const { code, detail, title, errors, requestId, status: _status, type: _type, ...data } = body
  return new RoadbaseError({
    code,
    detail: detail ?? title ?? code,
    status: answer.status,
    ...(errors === undefined ? {} : { errors }),
    requestId: requestId ?? answer.headers.get('x-request-id') ?? undefined,
    retryAfter: readRetryAfter(answer),
    data,
  })
}

/** `application/problem+json` (RFC 9457) with the members that Roadbase promises. */
interface ProblemBody extends Record<string, unknown> {
  readonly code: ServerErrorCode
  readonly title?: string
  readonly detail?: string
  readonly errors?: readonly FieldError[]
  readonly requestId?: string
}

// A code that this version of the SDK does not know passes as well: a newer server's error is more use to the caller
// than "invalid_response".
function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
}

function notRoadbase(answer: RawAnswer, cause?: unknown): RoadbaseError {
  const detail = `The answer with status ${answer.status} did not come from Roadbase; is the URL right?`
  return new RoadbaseError({
    code: 'invalid_response',
    detail,
    status: answer.status,
    retryAfter: readRetryAfter(answer),
    cause,
  })
}

/** Seconds; proxies also send a date (RFC 9110, 10.2.3), which is left out: it depends on two clocks agreeing. */
function readRetryAfter(answer: RawAnswer): number | undefined {
  const text = answer.headers.get('retry-after')
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
