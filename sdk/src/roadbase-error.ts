import type { ServerErrorCode } from './error-codes.ts'

/**
 * What can go wrong before or instead of a proper answer:
 * - `network_error`: no answer came. The request may or may not have been carried out.
 * - `timeout`: the call took longer than its `timeout`. The request may or may not have been carried out.
 * - `aborted`: the caller's `AbortSignal` fired.
 * - `invalid_response`: something answered that is not Roadbase, such as a proxy's error page; `status` tells more.
 */
export type ClientErrorCode = 'network_error' | 'timeout' | 'aborted' | 'invalid_response'

export type ErrorCode = ServerErrorCode | ClientErrorCode

/** One thing that is wrong inside a body or query. */
export interface FieldError {
  /** JSON pointer (RFC 6901) to the wrong value, `/title`. */
  readonly pointer: string
  readonly code: string
  readonly message: string
}

export interface RoadbaseErrorInit {
  readonly code: ErrorCode
  readonly detail: string
  readonly status?: number
  readonly errors?: readonly FieldError[]
  readonly requestId?: string | undefined
  readonly retryAfter?: number | undefined
  readonly data?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** The one error that calls reject with. Misuse of the SDK itself (a missing id, say) is a plain `TypeError`. */
export class RoadbaseError extends Error {
  /** Stable, for programs; the list is in the error reference. An app may have codes of its own, for `client.isError`. */
  readonly code: ErrorCode
  /** The HTTP status, or 0 where there was no answer. */
  readonly status: number
  /** What happened, for people. The same as `message`. */
  readonly detail: string
  /** One entry per wrong field; empty where the error is not about fields. */
  readonly errors: readonly FieldError[]
  /** Under which the server's log tells more. */
  readonly requestId: string | undefined
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined
  /** Further members of the answer. */
  readonly data: Readonly<Record<string, unknown>>

  constructor(init: RoadbaseErrorInit) {
    super(init.detail, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = 'RoadbaseError'
    this.code = init.code
    this.status = init.status ?? 0
    this.detail = init.detail
    this.errors = init.errors ?? []
    this.requestId = init.requestId
    this.retryAfter = init.retryAfter
    this.data = init.data ?? {}
  }
}

/** A {@link RoadbaseError} whose code is known, as `client.isError` finds it. */
export interface ErrorWith<C extends string> extends Omit<RoadbaseError, 'code'> {
  readonly code: C
}
