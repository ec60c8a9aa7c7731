import type { Readable } from 'node:stream'
import type { RequestFacts } from '../records/caller.ts'
import type { Epoch } from './kit/epochs.ts'

/** `GET` answers HEAD, too, without its body; where a path has HEAD itself, that does. */
export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a handler may know of the request besides its input. */
export interface Context extends RequestFacts {
  /** The client has gone, or the request took too long: nobody waits for the answer any more. */
  readonly aborted: boolean
  /** Fires when `aborted` becomes true. Made when first asked for. */
  readonly signal: AbortSignal
  /** From now on the answer may take as long as it takes: for the few routes whose work is long by nature. */
  takeTime(): void
}

/** What a handler answers. Names of headers are lower-case; they replace the headers every answer has. */
export interface Answer {
  readonly status: number
  /** JSON text, unless `content-type` says otherwise. */
  readonly body?: string | Uint8Array | Readable
  readonly etag?: string
  /** May be kept by caches that ask again each time; otherwise no cache may keep it. */
  readonly revalidate?: boolean
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

/**
 * What a route does with a body. JSON bodies are objects, parsed strictly, but a `patch` may also be a list of operations; `stream` hands the bytes on as they come;
 * `optional` is JSON that may be left out; `items` are many records, of any length in all, while they arrive.
 */
export type BodyPolicy = 'none' | 'json' | 'merge-patch' | 'patch' | 'optional' | 'stream' | 'items'

/** Request headers that routes can ask for; others are never looked at. */
export const readableHeaders = [
  'accept-encoding',
  'authorization',
  'cookie',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'prefer',
  'user-agent',
] as const

export type HeaderName = (typeof readableHeaders)[number]

export interface Shape<Q extends string, H extends HeaderName, B extends BodyPolicy> {
  readonly query?: readonly Q[]
  readonly headers?: readonly H[]
  readonly body?: B
}

type Params<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Params<Rest> : never

type BodyOf<B extends BodyPolicy> = B extends 'json' | 'merge-patch'
  ? Readonly<Record<string, unknown>>
  : B extends 'patch'
    ? Readonly<Record<string, unknown>> | readonly unknown[]
    : B extends 'optional'
      ? Readonly<Record<string, unknown>> | undefined
      : B extends 'stream'
        ? RawRequest
        : B extends 'items'
          ? Upload
          : undefined

export interface Input<P extends string, Q extends string, H extends HeaderName, B extends BodyPolicy> {
  readonly params: Readonly<Record<Params<P>, string>>
  readonly query: Readonly<Partial<Record<Q, string>>>
  readonly headers: Readonly<Partial<Record<H, string>>>
  readonly body: BodyOf<B>
}

/** A request handed on whole, for routes that put another router behind them. */
export interface RawRequest {
  readonly method: string
  /** Path and query as they came. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly stream: Readable | undefined
}

/** Many records of one of these types, while they arrive. */
export interface Upload {
  readonly type: UploadType
  readonly stream: Readable
  /** The most bytes of one of them. */
  readonly itemLimit: number
}

export const uploadTypes = ['application/jsonl', 'application/x-ndjson', 'text/csv', 'application/json'] as const

export type UploadType = (typeof uploadTypes)[number]

export type Handler<P extends string, Q extends string, H extends HeaderName, B extends BodyPolicy> = (
  context: Context,
  input: Input<P, Q, H, B>,
) => Answer | Promise<Answer>

/** One line of the API's table of contents. */
export interface Route {
  readonly method: Method
  /** `/api/{app}/{collection}/{id}`; a last segment `*` takes whatever is below. */
  readonly path: string
  readonly query: readonly string[]
  readonly headers: readonly HeaderName[]
  readonly body: BodyPolicy
  readonly handle: (context: Context, input: AnyInput) => Answer | Promise<Answer>
  readonly around?: Around
}

/** Stands around the handler of a route. A request that goes well pays two calls for it, and no promise. */
export interface Around {
  enter(input: AnyInput): Visit
  leave(visit: Visit): void
  /** Answers in place of a handler that has failed after its first wait, or throws. The visit is over by then. */
  recover(error: unknown, visit: Visit, context: Context, input: AnyInput): Promise<Answer>
}

export interface Visit {
  readonly epoch: Epoch
  /** What was served when it began. */
  readonly app: unknown
}

export interface AnyInput {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | undefined>>
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: unknown
}

/** Declares a route: what it reads of a request, and what it does with that. Anything it does not name is refused or ignored. */
export function route<
  const P extends string,
  const Q extends string = never,
  const H extends HeaderName = never,
  const B extends BodyPolicy = 'none',
>(method: Method, path: P, shape: Shape<Q, H, B>, handler: Handler<P, Q, H, B>): Route {
  return {
    method,
    path,
    query: shape.query ?? [],
    headers: shape.headers ?? [],
    body: shape.body ?? 'none',
    // The kit builds the input from this very declaration.
    handle: handler as unknown as Route['handle'],
  }
}
