/** For the SDK's own tests: a `fetch` that answers from a script and remembers what it was asked. */
export interface FakeServer {
  readonly fetch: typeof fetch
  readonly requests: readonly SeenRequest[]
}

export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface Reply {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A reply, a network failure (`Error`), or nothing ever (`'silence'`). */
export type Outcome = Reply | Error | 'silence'

/** `answer` gives each request's outcome; with a list, one after the other. */
export function fakeServer(
  answer: readonly Outcome[] | ((request: SeenRequest) => Outcome | Promise<Outcome>),
): FakeServer {
  const requests: SeenRequest[] = []
  const script =
    typeof answer === 'function' ? answer : () => answer[requests.length - 1] ?? new Error('unexpected request')

  async function fakeFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    init.signal?.throwIfAborted()
    const url = new URL(String(input))
    const request: SeenRequest = {
      method: init.method ?? 'GET',
      path: url.pathname + url.search,
      headers: Object.fromEntries(new Headers(init.headers)),
      body: bodyOf(init),
    }
    requests.push(request)
    const outcome = await script(request)
    if (outcome === 'silence') return untilAborted(init.signal)
    if (outcome instanceof Error) throw outcome
    return toResponse(outcome)
  }

  return { fetch: fakeFetch, requests }
}

/** A JSON value; any other body as it was sent. */
function bodyOf({ body, headers }: RequestInit): unknown {
  const isJson = /json$/.test(new Headers(headers).get('content-type') ?? 'json')
  return typeof body === 'string' && isJson ? JSON.parse(body) : (body ?? undefined)
}

/** The body of a problem, as the server writes it. */
export function problem(status: number, code: string, rest: object = {}): Reply {
  const headers = { 'content-type': 'application/problem+json' }
  return {
    status,
    headers,
    body: { type: `/docs/errors#${code}`, title: 'Title', status, code, detail: 'Detail', requestId: 'r1', ...rest },
  }
}

function toResponse({ status = 200, body, headers = {} }: Reply): Response {
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  return new Response(status === 204 ? null : text, { status, headers })
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
