import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { catalogue } from '../errors/catalogue.ts'
import { testControl } from './testing.ts'

let control: Awaited<ReturnType<typeof testControl>>

beforeAll(async () => {
  control = await testControl()
})
beforeEach(() => {
  control.calls.length = 0
  control.events.length = 0
  control.audited.length = 0
})
afterAll(() => control.stop())

interface Scenario {
  readonly name: string
  readonly request: [method: string, path: string, headers?: Record<string, string>, body?: string]
  readonly status: number
  readonly headers?: Record<string, string | RegExp | null>
  readonly contains?: readonly string[]
  readonly lacks?: readonly string[]
  readonly calls?: readonly unknown[][]
  /** What the audit keeps of it. */
  readonly audited?: readonly object[]
}

const json = { 'content-type': 'application/json' }
const asAdmin = { authorization: 'Bearer ada' }
const person = { email: 'p@example.com', password: 'a long phrase', roles: ['editor'], name: 'P' }
const account = { token: 'good', email: 'ada@example.com', password: 'correct horse' }

const scenarios: Record<string, Scenario[]> = {
  setup: [
    {
      name: 'makes the administrator',
      request: ['POST', '/admin/api/setup', json, JSON.stringify(account)],
      status: 201,
      headers: { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8', 'set-cookie': null },
      contains: ['"email":"ada@example.com"'],
      calls: [['setUp', '127.0.0.1', account]],
    },
    {
      name: 'a link that is no good',
      request: ['POST', '/admin/api/setup', json, JSON.stringify({ ...account, token: 'x' })],
      status: 403,
      contains: ['invalid_setup_link'],
      audited: [],
    },
    {
      name: 'a field is missing',
      request: ['POST', '/admin/api/setup', json, '{"token":"good","email":"a@b.c"}'],
      status: 422,
      contains: ['"pointer":"/password"', '"code":"required"'],
      calls: [],
    },
    {
      name: 'a field of the wrong type',
      request: ['POST', '/admin/api/setup', json, JSON.stringify({ ...account, password: 12345678 })],
      status: 422,
      contains: ['"pointer":"/password"', '"code":"type"'],
      calls: [],
    },
    {
      name: 'a field too many',
      request: ['POST', '/admin/api/setup', json, JSON.stringify({ ...account, role: 'root' })],
      status: 400,
      contains: ['unknown_field', '"pointer":"/role"'],
      calls: [],
    },
    {
      name: 'what the operation refuses',
      request: ['POST', '/admin/api/setup', json, JSON.stringify({ ...account, password: 'short' })],
      status: 422,
      contains: ['"pointer":"/password"'],
    },
    {
      name: 'a form',
      request: ['POST', '/admin/api/setup', { 'content-type': 'application/x-www-form-urlencoded' }, 'token=good'],
      status: 415,
      contains: ['unsupported_media_type'],
      calls: [],
    },
    {
      name: 'text',
      request: ['POST', '/admin/api/setup', { 'content-type': 'text/plain' }, JSON.stringify(account)],
      status: 415,
      calls: [],
    },
    {
      name: '__proto__',
      request: ['POST', '/admin/api/setup', json, '{"__proto__":{"x":1}}'],
      status: 400,
      contains: ['malformed_json', 'forbidden_key'],
      calls: [],
    },
    {
      name: 'duplicate keys',
      request: ['POST', '/admin/api/setup', json, '{"token":"a","token":"b"}'],
      status: 400,
      contains: ['duplicate_key'],
      calls: [],
    },
    {
      name: 'no body',
      request: ['POST', '/admin/api/setup', json],
      status: 400,
      contains: ['malformed_json'],
      calls: [],
    },
    {
      name: 'a body too long',
      request: ['POST', '/admin/api/setup', json, JSON.stringify({ ...account, password: 'x'.repeat(2000) })],
      status: 413,
      contains: ['payload_too_large'],
      calls: [],
    },
    {
      name: 'a parameter',
      request: ['POST', '/admin/api/setup?token=good', json, JSON.stringify(account)],
      status: 400,
      contains: ['unknown_parameter'],
      calls: [],
    },
    {
      name: 'a defect tells nothing',
      request: ['POST', '/admin/api/setup', json, JSON.stringify({ ...account, password: 'defect' })],
      status: 500,
      contains: ['"code":"internal"', '"requestId":"r'],
      lacks: ['secret'],
    },
  ],
  administration: [
    {
      name: 'login',
      request: ['POST', '/admin/api/login', json, '{"email":"a@b.c","password":"x"}'],
      status: 200,
      contains: ['admin-token'],
      calls: [['logIn', '127.0.0.1', { email: 'a@b.c', password: 'x' }]],
      audited: [{ action: 'admin.logged_in', by: { kind: 'admin', id: '1', name: 'a@b.c' } }],
    },
    {
      name: 'logout',
      request: ['POST', '/admin/api/logout', asAdmin],
      status: 204,
      calls: [['logOut', expect.objectContaining({ name: 'ada@example.com' })]],
    },
    {
      name: 'another password',
      request: ['POST', '/admin/api/password', { ...asAdmin, ...json }, '{"current":"x","password":"long phrase"}'],
      status: 204,
      calls: [['changePassword', 'ada@example.com', ['current', 'password']]],
      audited: [{ action: 'admin.password_changed', by: expect.objectContaining({ name: 'ada@example.com' }) }],
    },
    {
      name: 'another password without the present one',
      request: ['POST', '/admin/api/password', { ...asAdmin, ...json }, '{"password":"long phrase"}'],
      status: 422,
      contains: ['"/current"'],
      calls: [],
    },
    { name: 'logout of nobody', request: ['POST', '/admin/api/logout'], status: 401, calls: [] },
    {
      name: 'the apps',
      request: ['GET', '/admin/api/apps', asAdmin],
      status: 200,
      contains: ['"slug":"todo"', '"version":3', '"state":"failed"', '"version":null'],
    },
    {
      name: 'an app',
      request: ['GET', '/admin/api/apps/todo', asAdmin],
      status: 200,
      contains: ['"document":{"app":"todo"}', '"remains":[]'],
    },
    {
      name: 'an app as one file',
      request: ['PUT', '/admin/api/apps/todo', { ...asAdmin, 'content-type': 'application/yaml' }, 'app: todo'],
      status: 200,
      contains: ['{"outcome":"update","version":4,"plan":{'],
      calls: [['upload', 'todo', 'application/yaml', 'app: todo', { by: 'ada@example.com' }]],
    },
    {
      name: 'an app with consent',
      request: [
        'PUT',
        '/admin/api/apps/todo?consent=token&allowDestructive=false',
        { ...asAdmin, 'content-type': 'application/x-tar' },
        'tar',
      ],
      status: 200,
      calls: [
        [
          ...['upload', 'todo', 'application/x-tar', 'tar'],
          { by: 'ada@example.com', consent: 'token', allowDestructive: false },
        ],
      ],
    },
    {
      name: 'an app, planned only',
      request: ['PUT', '/admin/api/apps/todo?plan=true', { ...asAdmin, 'content-type': 'application/gzip' }, 'tar'],
      status: 200,
      contains: ['{"app":"todo","from":3,"to":4,"outcome":"update"'],
    },
    {
      name: 'an app in JSON',
      request: ['PUT', '/admin/api/apps/todo', { ...asAdmin, ...json }, '{"app":"todo"}'],
      status: 415,
      contains: ['application/x-tar', 'application/yaml'],
      calls: [],
    },
    {
      name: 'an app, agreed to by what is no truth value',
      request: [
        'PUT',
        '/admin/api/apps/todo?allowDestructive=yes',
        { ...asAdmin, 'content-type': 'application/yaml' },
        'app: todo',
      ],
      status: 400,
      contains: ['invalid_parameter', 'allowDestructive'],
      calls: [],
    },
    {
      name: 'the versions of an app',
      request: ['GET', '/admin/api/apps/todo/versions', asAdmin],
      status: 200,
      contains: ['{"items":[{"version":2,'],
    },
    {
      name: 'a version of an app',
      request: ['GET', '/admin/api/apps/todo/versions/2', asAdmin],
      status: 200,
      contains: ['"document":{"app":"todo"}'],
    },
    { name: 'what is no version', request: ['GET', '/admin/api/apps/todo/versions/newest', asAdmin], status: 404 },
    {
      name: 'rolling back',
      request: ['POST', '/admin/api/apps/todo/rollback', { ...asAdmin, ...json }, '{"version":2,"consent":"token"}'],
      status: 200,
      contains: ['"outcome":"update"'],
      calls: [['rollBack', 'todo', 2, { by: 'ada@example.com', consent: 'token' }]],
    },
    {
      name: 'rolling back to nothing',
      request: ['POST', '/admin/api/apps/todo/rollback', { ...asAdmin, ...json }, '{}'],
      status: 422,
      contains: ['/version'],
      calls: [],
    },
    {
      name: 'purging',
      request: ['POST', '/admin/api/apps/todo/purge', asAdmin],
      status: 200,
      contains: ['{"purged":[{"kind":"field","name":"todos.x","version":3}]}'],
      calls: [['purge', 'todo', { by: 'ada@example.com' }]],
    },
    {
      name: 'retiring',
      request: ['DELETE', '/admin/api/apps/todo', asAdmin],
      status: 204,
      calls: [['retire', 'todo', { by: 'ada@example.com' }]],
    },
    {
      name: 'dropping',
      request: ['DELETE', '/admin/api/apps/todo?drop=true', asAdmin],
      status: 204,
      calls: [['drop', 'todo', { by: 'ada@example.com' }]],
    },
    {
      name: 'retiring with a key that may only read',
      request: ['DELETE', '/admin/api/apps/todo', { authorization: 'Bearer reader' }],
      status: 403,
      contains: ['insufficient_scope', 'apps:delete'],
      calls: [],
    },
    {
      name: 'loading another app than those of the key',
      request: [
        'PUT',
        '/admin/api/apps/other',
        { authorization: 'Bearer todo', 'content-type': 'text/yaml' },
        'app: x',
      ],
      status: 403,
      calls: [],
    },
    {
      name: 'the apps, for nobody',
      request: ['GET', '/admin/api/apps'],
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      lacks: ['todo'],
    },
    {
      name: 'the apps, with a token that is no good',
      request: ['GET', '/admin/api/apps', { authorization: 'Bearer x' }],
      status: 401,
      contains: ['invalid_token'],
      lacks: ['todo'],
    },
    {
      name: 'HEAD of the apps',
      request: ['HEAD', '/admin/api/apps', asAdmin],
      status: 200,
      headers: { 'content-length': /^\d+$/ },
    },
    {
      name: 'a user',
      request: ['PATCH', '/admin/api/apps/todo/users/7', { ...asAdmin, ...json }, '{"roles":["editor"]}'],
      status: 200,
      contains: ['editor'],
      calls: [['updateUser', expect.objectContaining({ adminId: 'a1' }), { slug: 'todo' }, '7', { roles: ['editor'] }]],
    },
    {
      name: 'a user, by nobody',
      request: ['PATCH', '/admin/api/apps/todo/users/7', json, '{"roles":["editor"]}'],
      status: 401,
      calls: [],
    },
    {
      name: 'a user of no app',
      request: ['PATCH', '/admin/api/apps/nope/users/7', { ...asAdmin, ...json }, '{"suspended":true}'],
      status: 404,
      calls: [],
    },
    {
      name: 'a user, to no end',
      request: ['PATCH', '/admin/api/apps/todo/users/7', { ...asAdmin, ...json }, '{}'],
      status: 422,
      calls: [],
    },
    {
      name: 'a user, by another method',
      request: ['PUT', '/admin/api/apps/todo/users/7', asAdmin],
      status: 405,
      headers: { allow: 'PATCH, DELETE, OPTIONS' },
    },
    {
      name: 'a method in disguise',
      request: [
        'POST',
        '/admin/api/apps/todo/users/7',
        { ...asAdmin, ...json, 'x-http-method-override': 'PATCH' },
        '{"suspended":true}',
      ],
      status: 405,
      calls: [],
    },
    {
      name: 'a page of users',
      request: ['GET', '/admin/api/apps/todo/users?email=ada%40&limit=5', asAdmin],
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      contains: ['{"items":[],"nextCursor":null}'],
      calls: [['listUsers', 'ada@example.com', { slug: 'todo' }, expect.objectContaining({ email: 'ada@', limit: 5 })]],
      audited: [],
    },
    {
      name: 'users without end',
      request: ['GET', '/admin/api/apps/todo/users?limit=501', asAdmin],
      status: 400,
      contains: ['invalid_parameter', '1 to 500'],
      calls: [],
    },
    {
      name: 'a new user',
      request: ['POST', '/admin/api/apps/todo/users', { ...asAdmin, ...json }, JSON.stringify(person)],
      status: 201,
      headers: { location: '/api/todo/users/8' },
      contains: ['{"id":"8"}'],
      calls: [['createUser', 'ada@example.com', { slug: 'todo' }, person]],
      audited: [{ action: 'user.created', app: 'todo', target: '8', details: { roles: ['editor'] } }],
    },
    {
      name: 'a new user without an address',
      request: ['POST', '/admin/api/apps/todo/users', { ...asAdmin, ...json }, '{"password":"x"}'],
      status: 422,
      contains: ['/email'],
      calls: [],
    },
    {
      name: 'no user any more',
      request: ['DELETE', '/admin/api/apps/todo/users/7', asAdmin],
      status: 204,
      calls: [['deleteUser', 'ada@example.com', { slug: 'todo' }, '7']],
      audited: [{ action: 'user.deleted', app: 'todo', target: '7' }],
    },
    {
      name: 'a link for a new password',
      request: ['POST', '/admin/api/apps/todo/users/7/reset', asAdmin],
      status: 201,
      contains: ['#token=rbp_secret'],
      calls: [['makeResetLink', 'ada@example.com', { slug: 'todo' }, '7']],
      audited: [{ action: 'user.reset_link_made', app: 'todo', target: '7' }],
    },
    {
      name: 'a key',
      request: ['POST', '/admin/api/keys', { ...asAdmin, ...json }, '{"name":"ci","scopes":["apps:write"]}'],
      status: 201,
      contains: ['rbk_shown-once'],
      calls: [['createKey', 'ada@example.com', { name: 'ci', scopes: ['apps:write'] }]],
      audited: [{ action: 'key.created', target: 'k7', details: expect.objectContaining({ name: 'ci' }) }],
    },
    {
      name: 'a key of no name',
      request: ['POST', '/admin/api/keys', { ...asAdmin, ...json }, '{"scopes":"*"}'],
      status: 422,
      contains: ['/name', '/scopes'],
      calls: [],
    },
    {
      name: 'the keys, but not what they are',
      request: ['GET', '/admin/api/keys', asAdmin],
      status: 200,
      contains: ['"id":"k7"'],
      lacks: ['rbk_'],
    },
    {
      name: 'no key any more',
      request: ['DELETE', '/admin/api/keys/k7', asAdmin],
      status: 204,
      calls: [['revokeKey', 'ada@example.com', 'k7']],
      audited: [{ action: 'key.revoked', target: 'k7' }],
    },
    { name: 'the administrators', request: ['GET', '/admin/api/admins', asAdmin], status: 200, contains: ['"a1"'] },
    {
      name: 'another administrator',
      request: ['POST', '/admin/api/admins', { ...asAdmin, ...json }, '{"email":"b@c.d","password":"a long phrase"}'],
      status: 201,
      contains: ['"a2"'],
      calls: [['createAdmin', 'ada@example.com', 'b@c.d']],
      audited: [{ action: 'admin.created', target: 'a2', details: { email: 'b@c.d' } }],
    },
    {
      name: 'an administrator less',
      request: ['DELETE', '/admin/api/admins/a2', asAdmin],
      status: 204,
      calls: [['deleteAdmin', 'ada@example.com', 'a2']],
      audited: [{ action: 'admin.deleted', target: 'a2' }],
    },
    {
      name: 'what was done',
      request: ['GET', '/admin/api/audit?app=todo&limit=2&cursor=c', asAdmin],
      status: 200,
      contains: ['"nextCursor":null'],
      calls: [['listAudit', 'ada@example.com', { app: 'todo', limit: 2, cursor: 'c' }]],
      audited: [],
    },
    {
      name: 'another origin',
      request: ['GET', '/admin/api/apps', { ...asAdmin, origin: 'https://x.com' }],
      status: 200,
      headers: { 'access-control-allow-origin': null },
    },
    { name: 'nothing', request: ['GET', '/admin/api/nothing', asAdmin], status: 404 },
    { name: 'no way up', request: ['GET', '/admin/assets/%2e%2e/testing.ts'], status: 404 },
  ],
  pages: [
    '/admin/setup',
    '/admin/assets/setup.js',
    '/admin/assets/style.css',
    '/api/todo/auth/reset',
    '/api/todo/auth/reset/page.js',
    '/api/todo/auth/reset/style.css',
    '/docs/errors',
  ].map((path) => ({
    name: path,
    request: ['GET', path],
    status: 200,
    headers: {
      'content-type': /^text\/(html|javascript|css); charset=utf-8$/,
      'content-security-policy': /^default-src 'none'; script-src 'self'; (?!.*unsafe).*frame-ancestors 'none'$/,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-request-id': /^r\d+$/,
    },
    lacks: ['<script>', 'style="', 'onclick', 'http://', 'https://'],
  })),
}

describe.each(Object.entries(scenarios))('%s', (_, list) => {
  test.each(list)('$name', async ({ request, status, headers = {}, contains = [], lacks = [], calls, audited }) => {
    const [method, path, sent = {}, body] = request
    const response = await fetch(control.url + path, { method, headers: sent, ...(body === undefined ? {} : { body }) })
    const text = await response.text()
    expect([response.status, text]).toEqual([status, expect.anything()])
    if (status >= 400) expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    for (const [name, expected] of Object.entries(headers)) {
      const actual = response.headers.get(name)
      if (expected instanceof RegExp) expect(actual, name).toMatch(expected)
      else expect(actual, name).toBe(expected)
    }
    for (const part of contains) expect(text).toContain(part)
    for (const part of lacks) expect(text).not.toContain(part)
    if (calls !== undefined) expect(control.calls).toEqual(calls)
    if (audited !== undefined) expect(control.audited).toEqual(audited.map((one) => expect.objectContaining(one)))
    // What is shown once, or sent to get in, stands in no entry.
    expect(JSON.stringify(control.audited)).not.toMatch(/rbk_|rbp_|admin-token|correct horse|long phrase/)
  })
})

test.each(['/docs/assets/swagger-ui.js', '/docs/errors', '/api/todo/auth/reset', '/api/todo/auth/reset/page.js'])(
  '%s is sent once as long as it is the same',
  async (path) => {
    const first = await fetch(control.url + path)
    const etag = first.headers.get('etag') ?? expect.fail('no tag')
    expect([etag, first.headers.get('cache-control')]).toEqual([
      expect.stringMatching(/^(?:W\/)?"[\w-]{22}"$/),
      'no-cache',
    ])
    await first.arrayBuffer()
    const again = (tag: string) => fetch(control.url + path, { headers: { 'if-none-match': tag } })
    const same = await again(etag)
    expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, etag.replace('W/', ''), ''])
    expect(same.headers.get('content-security-policy')).toContain("default-src 'none'")
    const other = await again('"another"')
    expect([other.status, (await other.text()).length > 0]).toEqual([200, true])
  },
)

test('a long body that is refused does not hold up the connection', async () => {
  const body = JSON.stringify({ token: 'x'.repeat(300_000) })
  const client = connect(control.port, '127.0.0.1').setEncoding('latin1')
  client.write('POST /admin/api/setup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n')
  client.write(`Content-Length: ${body.length}\r\n\r\n${body}`)
  expect(String((await once(client, 'data'))[0])).toMatch(/^HTTP\/1\.1 413 /)
  client.write('GET /docs/errors HTTP/1.1\r\nHost: x\r\n\r\n')
  expect(String((await once(client, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /)
  client.destroy()
})

test('a defect is reported with its cause and the id of its request', async () => {
  const body = JSON.stringify({ ...account, password: 'defect' })
  const response = await fetch(`${control.url}/admin/api/setup`, { method: 'POST', headers: json, body })
  expect(control.events).toEqual([
    expect.objectContaining({
      type: 'request_failed',
      requestId: response.headers.get('x-request-id'),
      route: '/admin/api/setup',
      error: expect.objectContaining({ message: 'secret detail' }),
    }),
  ])
})

test('the page for a new password is that of its app, whose title stays text', async () => {
  const page = await (await fetch(`${control.url}/api/todo/auth/reset`)).text()
  expect(page).toContain('<title>New password · &lt;todo&gt; &amp; co</title>')
  expect(page).not.toContain('{title}')
  expect((await fetch(`${control.url}/api/nope/auth/reset`)).status).toBe(404)
})

test('the errors page explains every code under its own anchor', async () => {
  const page = await (await fetch(`${control.url}/docs/errors`)).text()
  for (const code of Object.keys(catalogue)) expect(page).toContain(`id="${code}"`)
})
