import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Answer, type Caller, callerAt } from '../client.ts'

interface Account {
  readonly email: string
  readonly password: string
  readonly id: string
  readonly token: string
  readonly refreshToken: string
  readonly as: Caller
}

/** Nobody becomes somebody else, or more than they are. */
describe('accounts', () => {
  let server: TestServer
  let admin: (method: string, path: string, body?: unknown, token?: string) => Promise<Answer>
  let anonymous: Caller
  let count = 0

  beforeAll(async () => {
    server = await startServer({ apps: joinPath(import.meta.dirname, '../apps') })
    anonymous = callerAt(server.url, 'vault', 'anonymous')
    const key = (await readFile(joinPath(server.data, 'secrets/admin.key'), 'utf8')).trim()
    admin = (method, path, body, token = key) =>
      callerAt(server.url, '..', 'admin', token).send(method, `/../admin/api${path}`, body)
  })
  afterAll(() => server.stop())

  async function enrol(app = 'vault', extra: object = {}): Promise<Account> {
    const email = `person-${++count}@example.com`
    const password = `a long phrase no ${count}`
    const { json, status, text } = await callerAt(server.url, app, '').send('POST', '/auth/signup', {
      email,
      password,
      ...extra,
    })
    if (status !== 201) throw new Error(text)
    const as = callerAt(server.url, app, email, json.accessToken, json.user.id)
    return { email, password, id: json.user.id, token: json.accessToken, refreshToken: json.refreshToken, as }
  }

  const bearing = (token: string, app = 'vault') => callerAt(server.url, app, 'bearer', token)

  /** Every way to use an access token; a good one gets none of these answers. */
  async function usesOf(token: string, id: string, app = 'vault'): Promise<number[]> {
    const caller = bearing(token, app)
    const [boxes, body] = app === 'vault' ? ['/boxes', { label: 'x' }] : ['/teams', { name: 'x' }]
    const statuses: number[] = []
    const uses: readonly (readonly [string, string, object?, Record<string, string>?])[] = [
      ['GET', '/auth/me'],
      ['PATCH', '/auth/me', { name: 'x' }],
      ['GET', boxes],
      ['GET', `${boxes}?count=exact&filter=true`],
      ['GET', `/users/${id}`],
      ['PATCH', `/users/${id}`, { name: 'x' }],
      ['PUT', `/users/${id}`, { name: 'x' }],
      ['POST', boxes, body],
      ['POST', `${boxes}?validate=only`, body],
      ['POST', boxes, body, { 'idempotency-key': 'same' }],
      ['DELETE', `/users/${id}`],
    ]
    for (const use of uses) statuses.push((await caller.send(...use)).status)
    return [...new Set(statuses)]
  }

  test('a suspended user is out at once, with the token and without, until let in again', async () => {
    const { as, id, token, refreshToken, email, password } = await enrol()
    expect((await as.send('POST', '/boxes', { label: 'x' }, { 'idempotency-key': 'same' })).status).toBe(201)
    expect((await admin('PATCH', `/apps/vault/users/${id}`, { suspended: true })).status).toBe(200)
    expect(await usesOf(token, id)).toEqual([401])
    expect((await anonymous.send('POST', '/auth/refresh', { refreshToken })).status).toBe(401)
    expect((await anonymous.send('POST', '/auth/login', { email, password })).status).toBe(403)
    const wrong = await anonymous.send('POST', '/auth/login', { email, password: 'not the right phrase' })
    expect([wrong.status, wrong.json.code]).toEqual([401, 'invalid_credentials'])
    expect((await admin('PATCH', `/apps/vault/users/${id}`, { suspended: false })).status).toBe(200)
    expect(await usesOf(token, id)).toEqual([401])
    expect((await anonymous.send('POST', '/auth/refresh', { refreshToken })).status).toBe(401)
    expect((await anonymous.send('POST', '/auth/login', { email, password })).status).toBe(200)
  })

  test('who logged out is out', async () => {
    const { as, id, token, refreshToken } = await enrol()
    expect((await as.send('POST', '/auth/logout')).status).toBe(204)
    expect(await usesOf(token, id)).toEqual([401])
    expect((await anonymous.send('POST', '/auth/refresh', { refreshToken })).status).toBe(401)
  })

  test('a role counts from the moment it is given to the moment it is taken', async () => {
    const { as, id } = await enrol()
    const rating = async () => (await as.send('GET', '/auth/me')).json.rating
    const found = async () => (await as.send('GET', '/users?filter=auth.rating%3D%3D4711&limit=1')).json.items.length
    expect([await rating(), await found()]).toEqual([undefined, 0])
    await admin('PATCH', `/apps/vault/users/${id}`, { roles: ['keeper'] })
    expect([await rating(), await found()]).toEqual([4711, 1])
    expect((await as.send('PATCH', '/auth/me', { rating: 4711 })).status).toBe(200)
    await admin('PATCH', `/apps/vault/users/${id}`, { roles: [] })
    expect([await rating(), await found()]).toEqual([undefined, 0])
    expect((await as.send('PATCH', '/auth/me', { rating: 1 })).status).toBe(403)
  })

  test('a refresh token is good once, and one that comes back ends its family', async () => {
    const { token, id, refreshToken } = await enrol()
    const second = (await anonymous.send('POST', '/auth/refresh', { refreshToken })).json
    expect((await bearing(second.accessToken).send('GET', '/auth/me')).status).toBe(200)
    expect((await anonymous.send('POST', '/auth/refresh', { refreshToken })).status).toBe(401)
    expect((await anonymous.send('POST', '/auth/refresh', { refreshToken: second.refreshToken })).status).toBe(401)
    expect(await usesOf(token, id)).toEqual([401])
    expect(await usesOf(second.accessToken, id)).toEqual([401])
  })

  test('of 20 refreshes at once one wins', async () => {
    const { refreshToken } = await enrol()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => anonymous.send('POST', '/auth/refresh', { refreshToken })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19)
  })

  test('tokens are good in their app only', async () => {
    const { token, refreshToken, id } = await enrol()
    expect(await usesOf(token, id, 'board')).toEqual([401])
    const board = callerAt(server.url, 'board', 'anonymous')
    expect((await board.send('POST', '/auth/refresh', { refreshToken })).status).toBe(401)
    expect((await board.send('POST', '/auth/logout', { refreshToken })).status).toBeLessThan(500)
    expect((await bearing(token).send('GET', '/auth/me')).status).toBe(200)
    expect((await anonymous.send('POST', '/auth/refresh', { refreshToken })).status).toBe(200)
  })

  test('the same person in two apps is two users', async () => {
    const { email, password } = await enrol()
    const board = callerAt(server.url, 'board', 'anonymous')
    expect((await board.send('POST', '/auth/login', { email, password })).status).toBe(401)
  })

  describe('forged tokens', () => {
    const encode = (value: unknown) =>
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

    function forge(token: string, header: object, claims: object, signature: (text: string) => string): string {
      const [head, payload] = token
        .split('.')
        .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString() || '{}'.toString()) as object) as [
        object,
        object,
      ]
      const text = `${encode({ ...head, ...header })}.${encode({ ...payload, ...claims })}`
      return `${text}.${signature(text)}`
    }
    const parts = (token: string) => {
      const [head = '', payload = '', signature = ''] = token.split('.')
      return { head, payload, signature }
    }
    const pair = generateKeyPairSync('ed25519')
    const ours = (text: string) => sign(null, Buffer.from(text), pair.privateKey).toString('base64url')
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const none = () => ''

    const forgeries: readonly [string, (token: string, jwks: { keys: object[] }) => string][] = [
      ['no signature', (token) => forge(token.replace(/\.[^.]*$/, ''), { alg: 'none' }, {}, none)],
      ['None', (token) => forge(token.replace(/\.[^.]*$/, ''), { alg: 'None' }, {}, none)],
      [
        'none with our signature',
        (token) => `${encode({ alg: 'none', typ: 'at+jwt' })}.${parts(token).payload}.${parts(token).signature}`,
      ],
      ['cut signature', (token) => `${parts(token).head}.${parts(token).payload}.`],
      ['no signature part', (token) => `${parts(token).head}.${parts(token).payload}`],
      [
        'HS256 with the public key',
        (token, { keys }) =>
          forge(token.replace(/\.[^.]*$/, ''), { alg: 'HS256' }, {}, (text) =>
            createHmac('sha256', JSON.stringify(keys[0])).update(text).digest('base64url'),
          ),
      ],
      [
        'HS256 with the public key as PEM',
        (token, { keys }) =>
          forge(token.replace(/\.[^.]*$/, ''), { alg: 'HS256' }, {}, (text) =>
            createHmac(
              'sha256',
              createPublicKey({ key: keys[0] as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' }),
            )
              .update(text)
              .digest('base64url'),
          ),
      ],
      [
        'RS256',
        (token) =>
          forge(token.replace(/\.[^.]*$/, ''), { alg: 'RS256' }, {}, (text) =>
            sign('sha256', Buffer.from(text), rsa.privateKey).toString('base64url'),
          ),
      ],
      ['a key of ones own', (token) => forge(token.replace(/\.[^.]*$/, ''), {}, {}, ours)],
      [
        'jwk',
        (token) => forge(token.replace(/\.[^.]*$/, ''), { jwk: pair.publicKey.export({ format: 'jwk' }) }, {}, ours),
      ],
      ['jku', (token) => forge(token.replace(/\.[^.]*$/, ''), { jku: 'http://127.0.0.1:1/jwks.json' }, {}, ours)],
      ['x5u', (token) => forge(token.replace(/\.[^.]*$/, ''), { x5u: 'http://127.0.0.1:1/x' }, {}, ours)],
      ['kid of a path', (token) => forge(token.replace(/\.[^.]*$/, ''), { kid: '../../../dev/null' }, {}, ours)],
      ['kid of SQL', (token) => forge(token.replace(/\.[^.]*$/, ''), { kid: "' or 1=1 --" }, {}, ours)],
      ['kid of a prototype', (token) => forge(token.replace(/\.[^.]*$/, ''), { kid: '__proto__' }, {}, ours)],
      ['another type', (token) => forge(token.replace(/\.[^.]*$/, ''), { typ: 'JWT' }, {}, ours)],
      ['crit', (token) => forge(token.replace(/\.[^.]*$/, ''), { crit: ['exp'] }, {}, ours)],
      ['exp as text', (token) => forge(token.replace(/\.[^.]*$/, ''), {}, { exp: '9999999999' }, ours)],
      [
        'claims changed',
        (token) => `${parts(token).head}.${encode({ aud: 'vault', exp: 9999999999 })}.${parts(token).signature}`,
      ],
      ['header changed', (token) => `${parts(token).head}A.${parts(token).payload}.${parts(token).signature}`],
      ['padding', (token) => `${token}=`],
      ['twice', (token) => `${token}.${token}`],
      ['a comma', (token) => `${token}, Bearer ${token}`],
      ['huge', (token) => `${token}${'A'.repeat(3000)}`],
      ['empty', () => ''],
      ['dots', () => '..'],
    ]
    test.each(forgeries)('%s: 401', async (_, make) => {
      const { token, id } = await enrol()
      const jwks = (await anonymous.send('GET', '/auth/jwks.json')).json
      const forged = make(token, jwks)
      expect(forged).not.toBe(token)
      expect((await bearing(token).send('GET', '/auth/me')).status).toBe(200)
      expect(await usesOf(forged, id)).toEqual([401])
    })
  })

  test('credentials of another kind are refused, not taken for nobody', async () => {
    const { token, refreshToken, email, password } = await enrol()
    const basic = Buffer.from(`${email}:${password}`).toString('base64')
    for (const authorization of [
      `Basic ${basic}`,
      `bearer`,
      `Bearer`,
      `Bearer ${refreshToken}`,
      `Token ${token}`,
      token,
      'Bearer  ',
      '',
    ]) {
      const { status } = await anonymous.send('GET', '/boxes', undefined, { authorization })
      expect([authorization, status]).toEqual([authorization, 401])
    }
    for (const headers of [
      { cookie: `access_token=${token}; Authorization=Bearer ${token}` },
      { 'x-authorization': `Bearer ${token}` },
    ]) {
      expect((await anonymous.send('GET', '/auth/me', undefined, headers)).status).toBe(401)
    }
    expect((await anonymous.send('GET', `/auth/me?access_token=${token}`)).status).toBe(400)
  })

  const systemFields: readonly [string, unknown][] = [
    ['id', '01900000-0000-7000-8000-000000000000'],
    ['owner', '01900000-0000-7000-8000-000000000000'],
    ['version', 7],
    ['createdAt', '2020-01-01T00:00:00Z'],
    ['updatedAt', '2020-01-01T00:00:00Z'],
    ['status', 'shut'],
    ['nothing', 1],
    ['created_at', '2020-01-01T00:00:00Z'],
    ['__proto__', {}],
    ['expand', {}],
  ]
  test.each(systemFields)('a client may not send %s', async (field, value) => {
    const { as, id } = await enrol()
    const box = (await as.send('POST', '/boxes', { label: 'x' })).json
    const sent = `{"label":"x","${field}":${JSON.stringify(value)}}`
    for (const [method, path] of [
      ['POST', '/boxes'],
      ['POST', '/boxes?validate=only'],
      ['PATCH', `/boxes/${box.id}`],
      ['PUT', `/boxes/${box.id}`],
    ] as const) {
      expect([method, (await as.send(method, path, sent)).status]).toEqual([method, 400])
    }
    expect((await as.send('GET', `/boxes/${box.id}`)).json).toMatchObject({ owner: id, version: 1, status: 'open' })
  })

  const userFields: readonly [string, unknown, number][] = [
    ['roles', ['keeper'], 400],
    ['roles', { $append: ['keeper'] }, 400],
    ['suspended', false, 400],
    ['verified', true, 400],
    ['passwordHash', 'x', 400],
    ['password', 'another long phrase', 400],
    ['email', 'victim@example.com', 400],
    ['id', '01900000-0000-7000-8000-000000000000', 400],
    ['version', 9, 400],
    ['rating', 1, 403],
  ]
  test.each(userFields)('a user may not give oneself %s', async (field, value, verdict) => {
    const { as, id } = await enrol()
    for (const path of ['/auth/me', `/users/${id}`]) {
      expect((await as.send('PATCH', path, { [field]: value })).status).toBe(verdict)
    }
    expect((await as.send('PUT', `/users/${id}`, { [field]: value })).status).toBe(verdict)
    expect((await as.send('POST', '/users', { [field]: value })).status).toBeGreaterThanOrEqual(400)
    if (field === 'password' || field === 'email') return
    const account = { email: `taken-${++count}@example.com`, password: 'a long enough phrase', [field]: value }
    expect((await anonymous.send('POST', '/auth/signup', account)).status).toBe(verdict)
  })

  test('the routes of records do not lead to the system', async () => {
    const { as } = await enrol()
    for (const name of [
      'apps',
      'app_versions',
      'sessions',
      'credentials',
      'refresh_tokens',
      'signing_keys',
      'idempotency_keys',
      'admins',
      'roadbase.apps',
      'pg_class',
      'pg_catalog.pg_authid',
      'information_schema.tables',
      'app_vault.safes',
      'Boxes',
      'BOXES',
      '"boxes"',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'prototype',
      'boxes;drop table x',
      'boxes--',
      '-aggregate',
      '-trash',
      'boxes%00',
      '%2e%2e',
      'actions',
      'files',
      'batch',
    ]) {
      for (const [method, path, body] of [
        ['GET', ''],
        ['POST', '', {}],
        ['GET', '/1'],
        ['PATCH', '/1', {}],
        ['DELETE', '/1'],
      ] as const) {
        const { status } = await as.send(method, `/${name}${path}`, body)
        expect([name, method, status < 500 && status >= 400]).toEqual([name, method, true])
      }
    }
  })

  test('users and strangers are no administrators', async () => {
    const { token, refreshToken, id } = await enrol()
    for (const credential of [
      token,
      refreshToken,
      'x',
      '',
      'null',
      'rbk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ]) {
      for (const [method, path, body] of [
        ['GET', '/apps'],
        ['PATCH', `/apps/vault/users/${id}`, { roles: ['keeper'] }],
        ['POST', '/logout'],
      ] as const) {
        const { status } = await admin(method, path, body, credential)
        expect([credential, path, status]).toEqual([credential, path, credential === token ? 403 : 401])
      }
    }
    const { json } = await admin('GET', '/apps')
    expect(json.items.length).toBeGreaterThan(1)
    for (const override of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const headers = { [override]: 'PATCH', authorization: `Bearer ${token}` }
      const response = await fetch(`${server.url}/admin/api/apps/vault/users/${id}`, { method: 'GET', headers })
      expect([401, 404, 405]).toContain(response.status)
    }
    for (const token of ['x', 'rbs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '']) {
      const answer = await admin(
        'POST',
        '/setup',
        { token, email: 'evil@example.com', password: 'a long enough phrase' },
        'x',
      )
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
    }
  })

  test('an administrator is no user, and can not be one by mistake', async () => {
    const key = (await readFile(joinPath(server.data, 'secrets/admin.key'), 'utf8')).trim()
    for (const method of ['GET', 'PATCH']) {
      const body = method === 'PATCH' ? { name: 'x' } : undefined
      expect((await bearing(key).send(method, '/auth/me', body)).status).toBe(401)
    }
    // What looks like a key of theirs and is none is nobody's, on records as well.
    expect(await usesOf(`rbk_${'A'.repeat(43)}`, '01900000-0000-7000-8000-000000000000')).toEqual([401])
    expect(await usesOf(`${key}x`, '01900000-0000-7000-8000-000000000000')).toEqual([401])
    for (const id of ['x', '01900000-0000-7000-8000-000000000000', "'--", '%00', '..%2f..']) {
      expect((await admin('PATCH', `/apps/vault/users/${id}`, { suspended: true })).status).toBeGreaterThanOrEqual(400)
    }
    for (const body of [
      {},
      { roles: 'keeper' },
      { roles: ['root'] },
      { roles: [null] },
      { suspended: 'no' },
      { email: 'x' },
      [],
      null,
    ]) {
      const { status } = await admin('PATCH', '/apps/vault/users/01900000-0000-7000-8000-000000000000', body)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    }
  })

  test('a wrong password and an unknown account are answered alike', async () => {
    const { email } = await enrol()
    const told = ({ status, text, headers }: Answer) => [
      status,
      text.replaceAll(/"requestId":"[^"]*"/g, ''),
      [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)).sort(),
    ]
    for (const password of ['not the right phrase', '', 'x', 'p'.repeat(1500)]) {
      const known = await anonymous.send('POST', '/auth/login', { email, password })
      const unknown = await anonymous.send('POST', '/auth/login', { email: 'nobody-here@example.com', password })
      const impossible = await anonymous.send('POST', '/auth/login', { email: 'no address', password })
      expect(told(unknown)).toEqual(told(known))
      expect(told(impossible)).toEqual(told(known))
    }
  })

  test('guesses are slowed down, however the request is dressed up', async () => {
    const { email, password, as } = await enrol()
    const disguises: readonly Record<string, string>[] = [
      {},
      { 'x-forwarded-for': '203.0.113.7' },
      { forwarded: 'for=203.0.113.8' },
      { 'x-real-ip': '203.0.113.9', 'cf-connecting-ip': '203.0.113.9', 'true-client-ip': '203.0.113.9' },
      { 'user-agent': 'other' },
      { authorization: `Bearer ${(await enrol()).token}` },
    ]
    const spellings = [email, email.toUpperCase(), email.replace('p', 'P')]
    const statuses: number[] = []
    for (let index = 0; index < 40; index++) {
      const sent = { email: spellings[index % spellings.length], password: `wrong phrase ${index}` }
      statuses.push((await anonymous.send('POST', '/auth/login', sent, disguises[index % disguises.length])).status)
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(20)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    const limited = await anonymous.send('POST', '/auth/login', { email, password })
    expect([limited.status, Number(limited.headers.get('retry-after')) > 0]).toEqual([429, true])
    // The session of who is guessed at goes on, and others are not held up.
    expect((await as.send('GET', '/auth/me')).status).toBe(200)
    const other = await enrol()
    expect((await anonymous.send('POST', '/auth/login', { email: other.email, password: other.password })).status).toBe(
      200,
    )
    for (const path of [
      '/auth//login',
      '/auth/login/',
      '/auth/LOGIN',
      '/auth/./login',
      '/auth/%6cogin',
      '//auth/login',
      '/auth;x/login',
    ]) {
      const response = await fetch(`${server.url}/api/vault${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
      expect([path, [404, 405, 429, 401, 415].includes(response.status)]).toEqual([path, true])
    }
  })

  test('idempotency keys are of one user, collection and app', async () => {
    const [one, two] = [await enrol(), await enrol()]
    const key = { 'idempotency-key': 'shared' }
    const first = await one.as.send('POST', '/boxes', { label: 'mine', worth: 77 }, key)
    const second = await two.as.send('POST', '/boxes', { label: 'mine', worth: 77 }, key)
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 201, null])
    expect(second.json.id).not.toBe(first.json.id)
    const elsewhere = await one.as.send('POST', '/safes', { label: 'mine' }, key)
    expect([elsewhere.status, elsewhere.json.label]).toEqual([201, 'mine'])
    expect((await anonymous.send('POST', '/boxes', { label: 'mine' }, key)).status).toBe(400)
    expect((await one.as.send('POST', '/boxes', { label: 'mine', worth: 77 }, key)).json).toEqual(first.json)
    for (const [id, status] of [
      ['one', 201],
      ['two', 409],
    ] as const) {
      expect((await one.as.send('POST', '/tags', { id, note: 'x' }, { 'idempotency-key': 'named' })).status).toBe(
        status,
      )
    }
    for (const bad of ['', 'x'.repeat(256), 'a b', 'ü']) {
      const { status } = await one.as
        .send('POST', '/boxes', { label: 'x' }, { 'idempotency-key': bad })
        .catch(() => ({ status: 400 }))
      expect([bad, status]).toEqual([bad, 400])
    }
  })

  test('a row is judged as it was and as it would be', async () => {
    const board = { owner: await enrol('board'), guest: await enrol('board'), other: await enrol('board') }
    const team = (await board.owner.as.send('POST', '/teams', { name: 'A' })).json.id
    const foreign = (await board.other.as.send('POST', '/teams', { name: 'B' })).json.id
    await board.owner.as.send('POST', '/members', { team, person: board.guest.id })
    const note = (await board.guest.as.send('POST', '/notes', { team, title: 'x' })).json
    for (const method of ['PATCH', 'PUT']) {
      expect((await board.guest.as.send(method, `/notes/${note.id}`, { team: foreign, title: 'x' })).status).toBe(422)
      expect(
        (await board.guest.as.send(method, `/notes/${note.id}`, { team, title: 'x', author: board.owner.id })).status,
      ).toBe(400)
    }
    expect(
      (await board.guest.as.send('POST', '/notes', { team, title: 'x', parent: note.id, author: board.owner.id }))
        .status,
    ).toBe(400)
    expect((await board.guest.as.send('GET', `/notes/${note.id}`)).json).toMatchObject({
      team,
      author: board.guest.id,
      version: 1,
    })
    // Who lost the membership no longer sees the note, and can not change what they wrote.
    const membership = (await board.owner.as.send('GET', '/members')).json.items[0].id
    expect((await board.owner.as.send('DELETE', `/members/${membership}`)).status).toBe(204)
    expect((await board.guest.as.send('PATCH', `/notes/${note.id}`, { title: 'y' })).status).toBe(404)
  })

  test('of two changes of one version one is told', async () => {
    const { as } = await enrol()
    const { json, headers } = await as.send('POST', '/boxes', { label: 'x' })
    const ifMatch = { 'if-match': headers.get('etag') ?? '' }
    const answers = await Promise.all(
      ['a', 'b'].map((label) => as.send('PATCH', `/boxes/${json.id}`, { label }, ifMatch)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
    for (const bad of ['', 'x', '"x"', '"1\' or 1=1"', '"99999999999999999999"', '"-1"', '1', '"1", "2"', 'W/', '""']) {
      const { status } = await as.send('PATCH', `/boxes/${json.id}`, { label: 'c' }, { 'if-match': bad })
      expect([bad, status]).toEqual([bad, 400])
    }
  })

  test('one of 2 e-mail addresses that differ in case is taken', async () => {
    const { email } = await enrol()
    const { status, json } = await anonymous.send('POST', '/auth/signup', {
      email: email.toUpperCase(),
      password: 'a long enough phrase',
    })
    expect([status, json.code]).toEqual([409, 'unique_violation'])
  })

  const passwords: readonly [string, string, string | undefined][] = [
    ['100 characters, the last different', `${'x'.repeat(99)}1`, `${'x'.repeat(99)}2`],
    ['the first 72 bytes alike', `${'y'.repeat(72)}-one`, `${'y'.repeat(72)}-two`],
    ['cut at a NUL', 'before the nul-', undefined],
    ['Unicode', 'пароль длинный 🔐', 'пароль длинный 🔓'],
    ['spaces at the end', 'a phrase with spaces  ', 'a phrase with spaces'],
    ['case', 'A Phrase Of Words', 'a phrase of words'],
  ]
  test.each(passwords)('passwords are exact: %s', async (_, password, other) => {
    const email = `exact-${++count}@example.com`
    expect((await anonymous.send('POST', '/auth/signup', { email, password })).status).toBe(201)
    expect((await anonymous.send('POST', '/auth/login', { email, password })).status).toBe(200)
    if (other !== undefined)
      expect((await anonymous.send('POST', '/auth/login', { email, password: other })).status).toBe(401)
  })
})
