import { catalogue, type ErrorCode } from './catalogue.ts'

/** One thing that is wrong inside a body, a query or a document: where (JSON pointer, RFC 6901), which rule, and in words. */
export interface Violation {
  readonly pointer: string
  readonly code: string
  readonly message: string
}

export interface ProblemOptions {
  readonly errors?: readonly Violation[]
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  readonly retryAfter?: number
  /** Extra response headers, lower-case names. */
  readonly headers?: Readonly<Record<string, string>>
  /** Extra public members of the body. */
  readonly data?: Readonly<Record<string, unknown>>
  /** What really happened; goes to the log, never to the client. */
  readonly cause?: unknown
}

export interface ProblemKind {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
}

/** Where each code is explained: a page that the server itself serves (RFC 9457 allows a relative reference). */
export const DOCS = '/docs/errors#'

/** A body of nothing but mistakes must not be answered by a longer one. */
const MOST_ERRORS = 100

/**
 * The one error type that reaches clients, as `application/problem+json` (RFC 9457).
 * Anything else that is thrown is a defect and answers as `internal`.
 */
export class Problem extends Error {
  readonly code: ErrorCode
  readonly detail: string
  readonly options: ProblemOptions

  constructor(code: ErrorCode, detail?: string, options: ProblemOptions = {}) {
    const text = detail ?? catalogue[code].title
    super(text, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.detail = text
    this.options = options
  }

  get status(): number {
    return catalogue[this.code].status
  }

  /** What the body says of every problem with this code. */
  protected get kind(): ProblemKind {
    return { ...catalogue[this.code], type: DOCS + this.code, code: this.code }
  }

  /** The response body: `{type, title, status, code, detail, errors?, requestId, ...data}`. */
  toBody(requestId: string): string {
    const { type, title, status, code } = this.kind
    const { data, errors } = this.options
    return JSON.stringify({
      ...data,
      type,
      title,
      status,
      code,
      detail: this.detail,
      ...(errors === undefined ? {} : { errors: errors.slice(0, MOST_ERRORS) }),
      requestId,
    })
  }
}

/** Whatever was thrown, as a {@link Problem}; what is not one already is a defect of ours and is told as `internal`. */
export function toProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal', undefined, { cause: error })
}
