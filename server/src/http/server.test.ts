import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Problem } from '../errors/problem.ts'
import { type Answer, route } from './route.ts'
import { testServer } from './testing.ts'

type Running = Awaited<ReturnType<typeof testServer>>

const echo = route(
  'POST',
  '/api/{app}/{collection}',
  { query: ['validate'], headers: ['authorization', 'prefer'], body: 'json' },
  (context, input) => ({ status: 201, body: JSON.stringify({ ...input, ip: context.ip, method: context.method }) }),
)
const routes = [
  echo,
  route('GET', '/api/{app}/{collection}', { query: ['filter', 'limit'] }, async (context, { params, query }) => ({
    status: 200,
    body: JSON.stringify({ params, query, path: context.path, id: context.id, ip: context.ip }),
    revalidate: true,
  })),
  route('GET', '/api/{app}/{collection}/{id}', {}, ({ id }, { params }): Answer => {
    if (params.id === 'defect') throw new TypeError('secret detail')
    if (params.id === 'late-defect') return Promise.reject(new TypeError('secret detail')) as never
    if (params.id === 'denied') throw new Problem('unauthenticated')
    if (params.id === 'busy')
      throw new Problem('database_unavailable', undefined, { retryAfter: 2, cause: new Error('x') })
    if (params.id === 'split') return { status: 200, body: '{}', headers: { location: 'a\r\nset-cookie: x=1' } }
    if (params.id === 'unchanged') return { status: 304, etag: '"1.a"' }
    return { status: 200, body: `{"id":"${params.id}"}`, etag: `"1.${id}"` }
  }),
  route('DELETE', '/api/{app}/{collection}/{id}', {}, () => ({ status: 204 })),
  route('PATCH', '/api/{app}/{collection}/{id}', { body: 'merge-patch' }, (_, { body }) => ({
    status: 200,
    body: JSON.stringify(body),
  })),
  route('GET', '/api/{app}/auth/me', {}, () => ({ status: 200, body: '{"me":true}' })),
  route('POST', '/api/{app}/auth/logout', { body: 'optional' }, (_, { body }) => ({
    status: 200,
    body: JSON.stringify({ body: body ?? null }),
  })),
  route('GET', '/large/{kind}', {}, (_, { params }) => ({
    status: 200,
    body: JSON.stringify({ text: params.kind.repeat(20_000) }),
    etag: '"7.x"',
  })),
]

let running: Running

beforeAll(async () => {
  running = await testServer(routes, { cors: ['https://app.example.com', 'http://localhost:5173'] })
})

afterAll(() => running.server.close())

interface Scenario {
  readonly name: string
  readonly request: [method: string, path: string, headers?: Record<string, string>, body?: string | Uint8Array]
  readonly status: number
  readonly headers?: Record<string, string | RegExp | null>
  readonly contains?: readonly string[]
  readonly lacks?: readonly string[]
}

const json = { 'content-type': 'application/json' }

const scenarios: Record<string, Scenario[]> = {
  'what is asked for': [
    {
      name: 'a record',
      request: ['GET', '/api/todo/todos/1'],
      status: 200,
      headers: { etag: /^"1\.r\d+"$/, 'content-type': 'application/json; charset=utf-8' },
      contains: ['{"id":"1"}'],
    },
    {
      name: 'parameters are decoded',
      request: ['GET', '/api/todo/todos/a%20b%2Fc'],
      status: 200,
      contains: ['"a b/c"'],
    },
    { name: 'fixed segments win', request: ['GET', '/api/todo/auth/me'], status: 200, contains: ['"me":true'] },
    { name: 'and are no names', request: ['GET', '/api/todo/auth/you'], status: 404 },
    { name: 'other spellings of a path are other paths', request: ['GET', '/%61pi/todo/todos/1'], status: 404 },
    { name: 'as are more slashes', request: ['GET', '/api//todos/1'], status: 404 },
    { name: 'and one at the end', request: ['GET', '/api/todo/todos/'], status: 404 },
    {
      name: 'broken percent-encoding',
      request: ['GET', '/api/todo/todos/%ff'],
      status: 400,
      contains: ['malformed_request'],
    },
    { name: 'U+0000 in the path', request: ['GET', '/api/todo/todos/a%00'], status: 400 },
    {
      name: 'nothing',
      request: ['GET', '/nothing'],
      status: 404,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      contains: ['"code":"not_found"', '"requestId":"r'],
    },
    {
      name: 'not changed',
      request: ['GET', '/api/todo/todos/unchanged'],
      status: 304,
      headers: { etag: '"1.a"', 'content-type': null },
    },
    {
      name: 'nothing to say',
      request: ['DELETE', '/api/todo/todos/1'],
      status: 204,
      headers: { 'content-length': null, 'content-type': null },
    },
  ],
  query: [
    {
      name: 'is decoded',
      request: ['GET', '/api/todo/todos?filter=a%20%3D%3D+%22%C3%A4%2B%22&limit=5'],
      status: 200,
      contains: [String.raw`"filter":"a == \"ä+\""`, '"limit":"5"'],
    },
    {
      name: 'unknown parameter',
      request: ['GET', '/api/todo/todos?filtr=x'],
      status: 400,
      contains: ['unknown_parameter', 'Did you mean \\"filter\\"?'],
    },
    {
      name: 'unknown parameter where none is known',
      request: ['DELETE', '/api/todo/todos/1?force=1'],
      status: 400,
      contains: ['unknown_parameter'],
    },
    {
      name: 'twice',
      request: ['GET', '/api/todo/todos?limit=1&limit=2'],
      status: 400,
      contains: ['invalid_parameter'],
    },
    { name: 'twice, otherwise spelt', request: ['GET', '/api/todo/todos?limit=1&%6cimit=2'], status: 400 },
    {
      name: 'broken encoding',
      request: ['GET', '/api/todo/todos?filter=%zz'],
      status: 400,
      contains: ['invalid_parameter'],
    },
    {
      name: '__proto__',
      request: ['GET', '/api/todo/todos?__proto__=1'],
      status: 400,
      contains: ['unknown_parameter'],
    },
    { name: 'U+0000', request: ['GET', '/api/todo/todos?filter=%00'], status: 400 },
    { name: 'method override', request: ['GET', '/api/todo/todos?_method=DELETE'], status: 400 },
  ],
  methods: [
    {
      name: 'HEAD is GET without a body',
      request: ['HEAD', '/api/todo/todos/1'],
      status: 200,
      headers: { 'content-length': '10', etag: /./ },
    },
    {
      name: 'HEAD of an error',
      request: ['HEAD', '/api/todo/todos/denied'],
      status: 401,
      headers: { 'content-length': /^\d+$/ },
    },
    {
      name: 'OPTIONS tells what is allowed',
      request: ['OPTIONS', '/api/todo/todos/1'],
      status: 204,
      headers: { allow: 'GET, DELETE, PATCH, HEAD, OPTIONS', 'access-control-allow-methods': null },
    },
    { name: 'OPTIONS of nothing', request: ['OPTIONS', '/nothing'], status: 404 },
    {
      name: 'another method',
      request: ['PUT', '/api/todo/todos', json, '{}'],
      status: 405,
      headers: { allow: 'POST, GET, HEAD, OPTIONS' },
      contains: ['method_not_allowed'],
    },
    { name: 'an unknown method', request: ['FOO', '/api/todo/todos/1'], status: 405 },
    {
      name: 'method overrides are not heard',
      request: ['POST', '/api/todo/todos', { ...json, 'x-http-method-override': 'DELETE' }, '{}'],
      status: 201,
      contains: ['"method":"POST"'],
    },
  ],
  bodies: [
    {
      name: 'JSON',
      request: ['POST', '/api/todo/todos', json, '{"title":"ä"}'],
      status: 201,
      contains: ['"body":{"title":"ä"}'],
    },
    {
      name: 'JSON that says UTF-8',
      request: ['POST', '/api/todo/todos', { 'content-type': 'Application/JSON; charset="UTF-8"' }, '{}'],
      status: 201,
    },
    {
      name: 'JSON in another charset',
      request: ['POST', '/api/todo/todos', { 'content-type': 'application/json; charset=utf-16' }, '{}'],
      status: 415,
    },
    {
      name: 'a form',
      request: ['POST', '/api/todo/todos', { 'content-type': 'application/x-www-form-urlencoded' }, '{"a":1}'],
      status: 415,
      headers: { accept: 'application/json' },
      contains: ['unsupported_media_type'],
    },
    { name: 'text', request: ['POST', '/api/todo/todos', { 'content-type': 'text/plain' }, '{"a":1}'], status: 415 },
    { name: 'no type', request: ['POST', '/api/todo/todos', {}, new Uint8Array([0x7b, 0x7d])], status: 415 },
    {
      name: 'compressed',
      request: ['POST', '/api/todo/todos', { ...json, 'content-encoding': 'gzip' }, '{}'],
      status: 415,
    },
    { name: 'none', request: ['POST', '/api/todo/todos', json], status: 400, contains: ['malformed_json'] },
    { name: 'an array', request: ['POST', '/api/todo/todos', json, '[]'], status: 400, contains: ['not_an_object'] },
    {
      name: 'broken',
      request: ['POST', '/api/todo/todos', json, '{"a":1,}'],
      status: 400,
      contains: ['Line 1, column 8'],
    },
    {
      name: 'duplicate keys',
      request: ['POST', '/api/todo/todos', json, '{"a":1,"a":2}'],
      status: 400,
      contains: ['"pointer":"/a"', 'duplicate_key'],
    },
    {
      name: '__proto__',
      request: ['POST', '/api/todo/todos', json, '{"__proto__":{"x":1}}'],
      status: 400,
      contains: ['forbidden_key'],
    },
    {
      name: 'a number nobody can hold',
      request: ['POST', '/api/todo/todos', json, '{"n":9007199254740993}'],
      status: 400,
      contains: ['inexact_number'],
    },
    { name: 'up to the limit', request: ['POST', '/api/todo/todos', json, `{"a":"${'x'.repeat(1016)}"}`], status: 201 },
    {
      name: 'over the limit',
      request: ['POST', '/api/todo/todos', json, `{"a":"${'x'.repeat(1017)}"}`],
      status: 413,
      contains: ['payload_too_large', '"limit":1024'],
    },
    { name: 'where none belongs', request: ['DELETE', '/api/todo/todos/1', json, '{}'], status: 400 },
    {
      name: 'merge patch',
      request: ['PATCH', '/api/todo/todos/1', { 'content-type': 'application/merge-patch+json' }, '{"a":null}'],
      status: 200,
      contains: ['{"a":null}'],
    },
    { name: 'merge patch as JSON', request: ['PATCH', '/api/todo/todos/1', json, '{"a":1}'], status: 200 },
    {
      name: 'optional and absent',
      request: ['POST', '/api/todo/auth/logout'],
      status: 200,
      contains: ['{"body":null}'],
    },
    {
      name: 'optional and there',
      request: ['POST', '/api/todo/auth/logout', json, '{"a":1}'],
      status: 200,
      contains: ['{"body":{"a":1}}'],
    },
  ],
  'headers of every answer': [
    ...(['/api/todo/todos/1', '/nothing', '/api/todo/todos/defect'] as const).map((path, index) => ({
      name: path,
      request: ['GET', path] as [string, string],
      status: [200, 404, 500][index] as number,
      headers: {
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cache-control': 'no-store',
        vary: null,
        'content-type': /charset=utf-8$/,
        'x-request-id': /^r\d+$/,
        uwebsockets: null,
        'set-cookie': null,
      },
    })),
    {
      name: 'what may be kept',
      request: ['GET', '/api/todo/todos'],
      status: 200,
      headers: { 'cache-control': 'no-cache' },
    },
    {
      name: 'none that came with a value',
      request: ['GET', '/api/todo/todos/split'],
      status: 500,
      headers: { location: null, 'set-cookie': null },
    },
    {
      name: 'ids of strangers are not taken over',
      request: ['GET', '/api/todo/todos/1', { 'x-request-id': 'mine' }],
      status: 200,
      headers: { 'x-request-id': /^r\d+$/ },
    },
  ],
  errors: [
    {
      name: 'a defect tells nothing',
      request: ['GET', '/api/todo/todos/defect'],
      status: 500,
      contains: ['"code":"internal"'],
      lacks: ['secret', 'TypeError', 'at '],
    },
    {
      name: 'a late defect tells nothing',
      request: ['GET', '/api/todo/todos/late-defect'],
      status: 500,
      contains: ['"code":"internal"'],
      lacks: ['secret'],
    },
    {
      name: 'who is asked to sign in is told how',
      request: ['GET', '/api/todo/todos/denied'],
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    },
    {
      name: 'who should come again is told when',
      request: ['GET', '/api/todo/todos/busy'],
      status: 503,
      headers: { 'retry-after': '2' },
    },
  ],
  'other origins': [
    {
      name: 'an allowed one',
      request: ['GET', '/api/todo/todos/1', { origin: 'https://app.example.com' }],
      status: 200,
      headers: {
        'access-control-allow-origin': 'https://app.example.com',
        'access-control-allow-credentials': null,
        'access-control-expose-headers': /etag/,
      },
    },
    {
      name: 'an allowed one, told of an error',
      request: ['GET', '/api/todo/todos/denied', { origin: 'https://app.example.com' }],
      status: 401,
      headers: { 'access-control-allow-origin': 'https://app.example.com' },
    },
    ...[
      'null',
      'https://app.example.com.evil.com',
      'https://evilapp.example.com',
      'http://app.example.com',
      'https://app.example.com:444',
      'https://APP.example.com',
      'https://app.example.com/',
      'https://app.example.com https://evil.com',
      'http://localhost:51730',
    ].map((origin) => ({
      name: origin,
      request: ['GET', '/api/todo/todos/1', { origin }] as [string, string, Record<string, string>],
      status: 200,
      headers: { 'access-control-allow-origin': null },
    })),
    {
      name: 'all, where the app says so',
      request: ['GET', '/api/open/todos/1', { origin: 'https://x.com' }],
      status: 200,
      headers: { 'access-control-allow-origin': '*', 'access-control-allow-credentials': null },
    },
    {
      name: 'a preflight',
      request: [
        'OPTIONS',
        '/api/todo/todos/1',
        { origin: 'https://app.example.com', 'access-control-request-method': 'PATCH' },
      ],
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://app.example.com',
        'access-control-allow-methods': 'GET, DELETE, PATCH, HEAD, OPTIONS',
        'access-control-allow-headers': /authorization.*content-type/,
        'access-control-max-age': '7200',
      },
    },
    {
      name: 'a preflight of a stranger',
      request: ['OPTIONS', '/api/todo/todos/1', { origin: 'https://x.com', 'access-control-request-method': 'PATCH' }],
      status: 204,
      headers: { 'access-control-allow-origin': null, 'access-control-allow-methods': null },
    },
    {
      name: 'outside of apps nobody',
      request: ['GET', '/large/x', { origin: 'https://app.example.com' }],
      status: 200,
      headers: { 'access-control-allow-origin': null },
    },
  ],
  compression: [
    {
      name: 'brotli',
      request: ['GET', '/large/ab', { 'accept-encoding': 'gzip, br' }],
      status: 200,
      headers: { 'content-encoding': 'br', etag: 'W/"7.x"' },
      contains: ['abababab'],
    },
    {
      name: 'gzip',
      request: ['GET', '/large/ab', { 'accept-encoding': 'gzip' }],
      status: 200,
      headers: { 'content-encoding': 'gzip' },
      contains: ['abababab'],
    },
    {
      name: 'by wish',
      request: ['GET', '/large/ab', { 'accept-encoding': 'br;q=0.1, gzip;q=0.9' }],
      status: 200,
      headers: { 'content-encoding': 'gzip' },
    },
    {
      name: 'none wanted',
      request: ['GET', '/large/ab', { 'accept-encoding': 'br;q=0, gzip;q=0' }],
      status: 200,
      headers: { 'content-encoding': null, etag: '"7.x"' },
      contains: ['abababab'],
    },
    {
      name: 'not for little',
      request: ['GET', '/api/todo/todos/1', { 'accept-encoding': 'br' }],
      status: 200,
      headers: { 'content-encoding': null },
    },
    {
      name: 'HEAD',
      request: ['HEAD', '/large/ab', { 'accept-encoding': 'br' }],
      status: 200,
      headers: { 'content-encoding': 'br' },
    },
  ],
}

describe.each(Object.entries(scenarios))('%s', (_, list) => {
  test.each(list)('$name', async ({ request, status, headers = {}, contains = [], lacks = [] }) => {
    const [method, path, sent = {}, body] = request
    const response = await fetch(running.url + path, {
      method,
      headers: { 'accept-encoding': 'identity', ...sent },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
    })
    const text = await response.text()
    expect(response.status).toBe(status)
    for (const [name, expected] of Object.entries(headers)) {
      const actual = response.headers.get(name)
      if (expected instanceof RegExp) expect(actual, name).toMatch(expected)
      else expect(actual, name).toBe(expected)
    }
    for (const part of contains) expect(text).toContain(part)
    for (const part of lacks) expect(text).not.toContain(part)
  })
})

test('defects are reported with their cause and the id of their request, refusals are not', async () => {
  running.events.length = 0
  const response = await fetch(`${running.url}/api/todo/todos/defect`)
  await fetch(`${running.url}/api/todo/todos/denied`)
  expect(running.events).toEqual([
    {
      type: 'request_failed',
      requestId: response.headers.get('x-request-id'),
      method: 'GET',
      route: '/api/{app}/{collection}/{id}',
      status: 500,
      error: expect.objectContaining({ message: 'secret detail' }),
    },
  ])
})

test('what is not there at the moment is reported, but not as a defect', async () => {
  running.events.length = 0
  await fetch(`${running.url}/api/todo/todos/busy`)
  expect(running.events).toMatchObject([{ type: 'request_unavailable', status: 503 }])
})

test('answers are counted under the route, not under the path', async () => {
  running.observed.length = 0
  for (const path of ['/api/todo/todos/1', '/api/todo/todos/denied', '/what/ever']) await fetch(running.url + path)
  expect(running.observed).toEqual([
    { route: 'GET /api/{app}/{collection}/{id}', status: 200 },
    { route: 'GET /api/{app}/{collection}/{id}', status: 401 },
    { route: '* *', status: 404 },
  ])
})

describe('behind a trusted proxy', () => {
  const through = (headers: Record<string, string>) => async (trustedProxies: string[]) => {
    const { server, url } = await testServer(routes, { trustedProxies })
    const response = await fetch(`${url}/api/todo/todos`, { headers })
    server.close()
    return { ...((await response.json()) as { ip: string; id: string }), sent: response.headers.get('x-request-id') }
  }
  const request = through({ 'x-forwarded-for': '6.6.6.6, 1.2.3.4', 'x-request-id': 'from-the-proxy' })

  test('client and request id are those that it names', async () => {
    expect(await request(['127.0.0.0/8'])).toMatchObject({
      ip: '1.2.3.4',
      id: 'from-the-proxy',
      sent: 'from-the-proxy',
    })
  })

  test('and anywhere else they are not', async () => {
    expect(await request(['10.0.0.0/8'])).toMatchObject({ ip: '127.0.0.1', id: 'r1', sent: 'r1' })
  })
})
