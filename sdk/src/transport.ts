import { type Deadline, startDeadline } from './deadline.ts'
import { readAnswer } from './read-answer.ts'
import { retryDelay } from './retry-delay.ts'
import { RoadbaseError } from './roadbase-error.ts'

/** What every call of the SDK takes. */
export interface CallOptions {
  /** Ends the call with the error code `aborted`. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds that the whole call may take, retries included. Default: the client's. */
  readonly timeout?: number | undefined
}

export interface Call extends CallOptions {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below the transport's base, encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  /** Sent as it is, instead of a JSON `body`. */
  readonly raw?: string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>
  readonly contentType?: string
  /** What a successful answer is. Default: JSON. A stream is given when it begins, so that its length is not part of the call. */
  readonly answer?: 'text' | 'stream'
  /** Whether carrying it out twice does the same as once, so that it may be retried when it is unknown if it was. */
  readonly repeatable: boolean
  /** False for the calls that get a session: they carry no access token. */
  readonly authorized?: boolean
}

/** Where access tokens come from. */
export interface Tokens {
  current(): Promise<string | undefined>
  /** A token to use instead of the refused one; undefined when the session is over. */
  renew(refused: string): Promise<string | undefined>
}

export interface TransportOptions {
  /** `https://example.org/api/todo`, without a slash at the end. */
  readonly base: string
  readonly fetch: typeof fetch
  readonly timeout: number
  /** How many times a failed call may be tried again. */
  readonly retries: number
  readonly tokens: Tokens
  /** Milliseconds, never going back. */
  readonly now: () => number
  readonly random: () => number
}

/** Carries a call out; resolves with the JSON value of the answer (or its text), `undefined` for an empty one. */
export type Send = (call: Call) => Promise<unknown>

/** The one function through which every request goes: deadline, access token, attempts. */
export function createTransport(options: TransportOptions): Send {
  return async function send(call) {
    const deadline = startDeadline(call.timeout ?? options.timeout, call.signal, options.now)
    try {
      return call.authorized === false
        ? await attemptAll(options, call, deadline, undefined)
        : await sendAuthorized(options, call, deadline)
    } finally {
      deadline.release()
    }
  }
}

/** A refused token is renewed once, and the call made once more. */
async function sendAuthorized(options: TransportOptions, call: Call, deadline: Deadline): Promise<unknown> {
  const token = await deadline.race(options.tokens.current())
  try {
    return await attemptAll(options, call, deadline, token)
  } catch (error) {
    if (token === undefined || !(error instanceof RoadbaseError) || error.code !== 'invalid_token') throw error
    const renewed = await deadline.race(options.tokens.renew(token))
    if (renewed === undefined) throw error
    return attemptAll(options, call, deadline, renewed)
  }
}

async function attemptAll(options: TransportOptions, call: Call, deadline: Deadline, token: string | undefined) {
  // Whether an earlier attempt may have been carried out without our knowing.
  let uncertain = false
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(options, call, deadline, token)
    } catch (error) {
      if (!(error instanceof RoadbaseError)) throw error
      // What an earlier attempt may have deleted is gone, which is what was asked for.
      if (uncertain && call.method === 'DELETE' && error.status === 404) return undefined
      const pause =
        attempt > options.retries
          ? undefined
          : retryDelay({ error, attempt, repeatable: call.repeatable }, options.random)
      if (pause === undefined || pause >= deadline.remaining()) throw error
      uncertain ||= error.status !== 429
      await deadline.sleep(pause)
    }
  }
}

async function attemptOnce(options: TransportOptions, call: Call, deadline: Deadline, token: string | undefined) {
  const { signal } = deadline
  signal.throwIfAborted()
  const body = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body, refuseNonFinite))
  const init = {
    method: call.method,
    headers: headersOf(call, token),
    ...(body === undefined ? {} : { body }),
    // What fetch asks for with a stream: that nobody counts on an answer before its end.
    ...(typeof body === 'object' && 'getReader' in body ? { duplex: 'half' as const } : {}),
    signal,
    // Tokens are the only credentials, and a redirect would turn a write into a read.
    credentials: 'omit',
    redirect: 'error',
  } as const
  const answer = await exchange(options.fetch, options.base + call.path + queryString(call.query), init, call.answer)
  return 'stream' in answer ? answer.stream : readAnswer(answer, call.answer === 'text' ? 'text' : undefined)
}

async function exchange(
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit & { signal: AbortSignal },
  as: Call['answer'],
) {
  try {
    const response = await fetch(url, init)
    if (as === 'stream' && response.ok && response.body !== null) return { stream: response.body }
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch (cause) {
    if (init.signal.aborted) throw init.signal.reason
    const detail = `No answer from ${new URL(url).origin}`
    throw new RoadbaseError({ code: 'network_error', detail, cause })
  }
}

/** JSON would turn them into null, and so delete what is stored. */
function refuseNonFinite(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`'${key}' is ${value}, which JSON has not`)
  return value
}

function headersOf(call: Call, token: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { accept: call.answer === undefined ? 'application/json' : '*/*' }
  if (call.body !== undefined || call.raw !== undefined)
    headers['content-type'] = call.contentType ?? 'application/json'
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  for (const [name, value] of Object.entries(call.headers ?? {})) if (value !== undefined) headers[name] = value
  return headers
}

function queryString(query: Call['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
