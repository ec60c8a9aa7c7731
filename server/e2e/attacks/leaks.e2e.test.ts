import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Answer, callerAt } from '../client.ts'
import { sendRaw } from './raw-request.ts'

/** What was used to get in stands nowhere afterwards, and who is slow or greedy is so alone. */
describe('leaks', () => {
  let server: TestServer
  const secrets = new Map<string, string>()

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, '../apps'), env: { ROADBASE_LOG_LEVEL: 'trace' } })
  })
  afterAll(() => server.stop())

  const keep = (name: string, secret: string) => {
    expect([name, secret?.length > 7]).toEqual([name, true])
    secrets.set(name, secret)
    return secret
  }

  test('passwords, tokens, keys and codes are in no log, metric or answer', async () => {
    const anonymous = callerAt(server.url, 'vault', 'anonymous')
    const answers: Answer[] = []
    const tell = async (answer: Promise<Answer>) => {
      answers.push(await answer)
      return answers.at(-1) as Answer
    }
    const email = 'leaks@example.com'
    const password = keep('password', 'pass-phrase-6174-secret')
    const { json } = await anonymous.send('POST', '/auth/signup', { email, password })
    const access = keep('access token', json.accessToken)
    keep('signature', access.split('.')[2] ?? '')
    const refresh = keep('refresh token', json.refreshToken)
    const next = (await anonymous.send('POST', '/auth/refresh', { refreshToken: refresh })).json
    keep('second access token', next.accessToken)
    keep('second refresh token', next.refreshToken)
    const user = callerAt(server.url, 'vault', 'user', next.accessToken, json.user.id)

    const wrong = keep('wrong password', 'wrong-phrase-2718-secret')
    await tell(anonymous.send('POST', '/auth/login', { email, password: wrong }))
    await tell(anonymous.send('POST', '/auth/signup', { email, password: keep('taken', 'taken-phrase-1414-secret') }))
    await tell(
      anonymous.send('POST', '/auth/signup', { email: 'x', password: keep('bad address', 'badly-phrase-1732-secret') }),
    )
    await tell(
      anonymous.send('POST', '/auth/signup', {
        email: 'y@example.com',
        password: keep('unknown field', 'field-phrase-2236-secret'),
        nothing: 1,
      }),
    )
    await tell(
      anonymous.send(
        'POST',
        '/auth/login',
        `{"email":"${email}","password":"${keep('cut body', 'cutt-phrase-2449-secret')}"`,
      ),
    )
    await tell(anonymous.send('POST', `/auth/login?password=${keep('in the query', 'query-phrase-2645-secret')}`, {}))
    await tell(anonymous.send('GET', `/auth/me?access_token=${access}`))
    await tell(
      anonymous.send(
        'GET',
        `/boxes?filter=${encodeURIComponent(`label == '${keep('in a filter', 'filter-phrase-2828-secret')}' && nope`)}`,
      ),
    )
    await tell(
      anonymous.send('GET', '/auth/me', undefined, {
        authorization: `Basic ${keep('basic', 'YmFzaWMtcGhyYXNlLTMxNDE=')}`,
      }),
    )
    await tell(anonymous.send('GET', '/auth/me', undefined, { authorization: keep('bare', 'bare-phrase-3162-secret') }))
    await tell(anonymous.send('POST', '/auth/refresh', { refreshToken: refresh }))
    await tell(anonymous.send('POST', '/auth/refresh', { refreshToken: keep('no token', `rbr_${'q'.repeat(43)}`) }))
    await tell(
      user.send('GET', '/auth/me', undefined, { cookie: `session=${keep('cookie', 'cookie-phrase-3316-secret')}` }),
    )
    await tell(
      user.send(
        'POST',
        '/boxes',
        { label: 'x' },
        { 'idempotency-key': keep('idempotency key', 'idem-phrase-3605-secret') },
      ),
    )
    await sendRaw(
      server.url,
      `POST /api/vault/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer ${access}\r\n\r\n${keep('raw', 'raw-phrase-3741-secret')}`,
    )

    const key = keep('admin key', (await readFile(join(server.data, 'secrets/admin.key'), 'utf8')).trim())
    const link = /#token=(\S+)/.exec(server.output())?.[1] ?? ''
    const admin = (method: string, path: string, body?: unknown, token?: string) =>
      callerAt(server.url, 'vault', 'admin', token).send(method, `/../../admin/api${path}`, body)
    await tell(admin('GET', '/apps', undefined, key))
    await tell(admin('PATCH', `/apps/vault/users/${json.user.id}`, { roles: ['keeper'] }, key))
    const adminPassword = keep('admin password', 'admin-phrase-3872-secret')
    await tell(admin('POST', '/setup', { token: 'rbs_wrong', email: 'a@example.com', password: adminPassword }))
    expect(
      (await tell(admin('POST', '/setup', { token: link, email: 'a@example.com', password: adminPassword }))).status,
    ).toBeLessThan(300)
    const session = (await admin('POST', '/login', { email: 'a@example.com', password: adminPassword })).json
    keep('admin token', session.token)
    await tell(
      admin('POST', '/login', {
        email: 'a@example.com',
        password: keep('wrong admin password', 'wrong-phrase-4123-secret'),
      }),
    )
    await tell(
      admin('POST', '/login', `{"email":"a@example.com","password":"${keep('cut admin body', 'admincut-4242-secret')}`),
    )
    await tell(admin('GET', `/apps?token=${session.token}`))
    await tell(admin('GET', '/apps', undefined, session.token))
    await tell(admin('POST', '/setup', { token: link, email: 'b@example.com', password: adminPassword }))

    for (const file of await readdir(join(server.data, 'secrets'))) {
      keep(`secrets/${file}`, (await readFile(join(server.data, 'secrets', file), 'latin1')).trim())
    }
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    const output = server.output()
    const places: readonly (readonly [string, string])[] = [
      ['log', output],
      ['metrics', metrics],
      [
        'answers',
        answers
          .filter(({ json }) => json?.token === undefined)
          .map(({ text, headers }) => text + JSON.stringify([...headers]))
          .join('\n'),
      ],
    ]
    for (const [place, text] of places) {
      const found = [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => name)
      // What a client's own filter or name holds may come back to this client.
      expect([place, found]).toEqual([place, []])
      expect([place, text.includes(createHash('sha256').update(password).digest('hex'))]).toEqual([place, false])
    }
    expect(output).not.toMatch(/\$argon2id|BEGIN PRIVATE KEY/)
    // The link is printed once, for whoever started the server.
    expect(output.split(link)).toHaveLength(2)
    expect(metrics).not.toContain(json.user.id)
    expect(metrics).not.toContain(email)
  })

  test('many slow and greedy clients do not hold up the others', async () => {
    const account = { email: 'calm@example.com', password: 'a long enough phrase' }
    const { json } = await callerAt(server.url, 'vault', '').send('POST', '/auth/signup', account)
    const calm = callerAt(server.url, 'vault', 'calm', json.accessToken)
    await calm.send('POST', '/boxes', { label: 'long', details: { text: 'x'.repeat(500_000) } })
    const { port, hostname } = new URL(server.url)
    const sockets: Socket[] = []
    const open = (bytes: string, reads: boolean) => {
      const socket = connect(Number(port), hostname, () => socket.write(bytes))
      socket.on('error', () => {})
      if (reads) socket.resume()
      else socket.pause()
      sockets.push(socket)
    }
    const host = 'Host: x\r\n'
    for (let index = 0; index < 100; index++) {
      open('', true)
      open(`GET /api/vault/boxes HTTP/1.1\r\n${host}X-Slow: `, true)
      open(
        `POST /api/vault/auth/login HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"email":`,
        true,
      )
      open(
        `POST /api/vault/boxes HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a"`,
        true,
      )
      // Asks again and again for much, and reads none of it.
      open(`GET /api/vault/boxes HTTP/1.1\r\n${host}\r\n`.repeat(20), false)
    }
    try {
      for (let round = 0; round < 10; round++) {
        const answers = await Promise.all(Array.from({ length: 10 }, () => calm.send('GET', '/auth/me')))
        expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
        expect((await calm.send('POST', '/boxes', { label: 'calm' })).status).toBe(201)
      }
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    } finally {
      for (const socket of sockets) socket.destroy()
    }
  })
})
