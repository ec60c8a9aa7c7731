/** A caller of a server under test: plain HTTP, nothing of the SDK. */
export interface Caller {
  readonly name: string
  readonly id: string | null
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The body as text, for what must not be in it. */
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly json: any
}

/** `path` is below `/api/<app>`. */
export function callerAt(url: string, app: string, name: string, token?: string, id: string | null = null): Caller {
  return {
    name,
    id,
    async send(method, path, body, headers = {}) {
      const response = await fetch(`${url}/api/${app}${path}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '') && text !== ''
      return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
    },
  }
}

let people = 0

export async function signUp(url: string, app: string, name: string): Promise<Caller> {
  people++
  const email = `${name.toLowerCase()}-${people}@example.com`
  const anonymous = callerAt(url, app, 'anonymous')
  const { status, json, text } = await anonymous.send('POST', '/auth/signup', {
    email,
    password: `a long phrase of ${name}`,
  })
  if (status !== 201) throw new Error(`Signing up ${name} failed: ${text}`)
  return callerAt(url, app, name, json.accessToken, json.user.id)
}
