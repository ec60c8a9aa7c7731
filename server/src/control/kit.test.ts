import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AdminCaller, AuditEntry } from '../auth/index.ts'
import { Problem } from '../errors/problem.ts'
import { testServer } from '../http/testing.ts'
import { type ControlPlane, serveEndpoints } from './control-plane.ts'
import { type Endpoint, endpoint } from './endpoint.ts'

const ada: AdminCaller = { kind: 'session', adminId: 'a1', tokenHash: '', name: 'ada', scopes: ['*'], apps: null }
const key: AdminCaller = {
  ...{ kind: 'key', keyId: 'k1', expiresAt: null, name: 'deploy', scopes: ['apps:read', 'users:read'], apps: ['todo'] },
}
const callers: Readonly<Record<string, AdminCaller>> = { 'Bearer ada': ada, 'Bearer key': key }

const seen: unknown[] = []
const remember = (request: unknown) => {
  seen.push(request)
  return { status: 200, body: {} }
}
const query = {
  plan: { type: 'boolean' },
  limit: { type: 'integer', minimum: 1, maximum: 500 },
  order: { type: 'string', enum: ['up', 'down'] },
  text: { type: 'string' },
} as const
const body = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: { name: { type: 'string' } },
} as const
const raw = { accept: ['application/x-tar', 'application/yaml'], limit: 16 } as const
const table: readonly Endpoint[] = [
  endpoint('GET', '/query', { scope: 'public', query }, ({ query }) => remember(query)),
  endpoint('POST', '/json', { scope: 'public', body }, ({ body }) => remember(body)),
  endpoint('POST', '/empty', { scope: 'public', body: { ...body, required: [] } }, ({ body }) => remember(body)),
  endpoint('POST', '/none', { scope: 'public' }, ({ body }) => remember(body)),
  endpoint('PUT', '/raw', { scope: 'public', raw }, ({ body: { contentType, bytes } }) =>
    remember([contentType, bytes.toString()]),
  ),
  endpoint('PUT', '/guarded', { scope: 'apps:write', raw }, remember),
  endpoint('GET', '/any', { scope: 'any' }, ({ admin }) => remember(admin.name)),
  endpoint('GET', '/all', { scope: 'apps:read' }, ({ admin }) => remember(admin.name)),
  endpoint('GET', '/minded', { scope: 'apps:read', mindsApps: true }, ({ admin }) => remember(admin.apps)),
  endpoint('GET', '/both', { scope: ['users:read', 'audit:read'], mindsApps: true }, remember),
  endpoint('GET', '/apps/{app}', { scope: 'apps:read' }, ({ params }) => remember(params)),
  endpoint('POST', '/apps/{app}/things/{id}', { scope: 'apps:read', audit: 'thing.done' }, ({ params }) =>
    params['id'] === 'not'
      ? { status: 409 }
      : params['id'] === 'never'
        ? Promise.reject(new Problem('conflict'))
        : { status: 204 },
  ),
  endpoint('POST', '/noted', { scope: 'public', body, audit: ({ body: { name } }) => noted(name) }, () => ({
    status: 201,
    body: {},
  })),
]
const noted = (name: string) =>
  name === 'nothing'
    ? undefined
    : { action: 'thing.made', ...(name === 'nobody' ? {} : { by: { kind: 'user', id: 'u1', name } as const }) }

const audited: AuditEntry[] = []
let control: ControlPlane
let served: Awaited<ReturnType<typeof testServer>>
beforeAll(async () => {
  const ports = {
    authenticate: async (authorization: string | undefined) => {
      const admin = callers[authorization ?? '']
      if (admin === undefined) throw new Problem('unauthenticated')
      return admin
    },
    audit: async (entry: AuditEntry) => void audited.push(entry),
  }
  control = serveEndpoints(table, ports, () => {}, { bodyLimit: 100 })
  await control.start()
  served = await testServer(control.routes)
})
beforeEach(() => {
  seen.length = 0
  audited.length = 0
})
afterAll(async () => {
  served.server.close()
  await control.stop()
})

interface Sent {
  readonly by?: string
  readonly type?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function send(line: string, { by, type, body: content, headers = {} }: Sent = {}) {
  const [method = '', path = ''] = line.split(' ')
  const response = await fetch(served.url + path, {
    method,
    headers: {
      ...headers,
      ...(by === undefined ? {} : { authorization: `Bearer ${by}` }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(content === undefined ? {} : { body: Buffer.from(content) }),
  })
  const text = await response.text()
  return { response, status: response.status, json: text === '' ? {} : JSON.parse(text) }
}

const json = (value: unknown): Sent => ({ type: 'application/json', body: JSON.stringify(value) })

describe('what reaches the operation', () => {
  test.each<[string, Sent, unknown]>([
    ['GET /query', {}, {}],
    ['GET /query?plan=true&limit=7&order=down&text=a+%26b', {}, { plan: true, limit: 7, order: 'down', text: 'a &b' }],
    ['GET /query?plan=false&text=', {}, { plan: false, text: '' }],
    ['POST /json', json({ name: 'x' }), { name: 'x' }],
    ['POST /json', { ...json({ name: 'x' }), type: 'application/json; charset=utf-8' }, { name: 'x' }],
    ['POST /empty', {}, {}],
    ['POST /empty', json({}), {}],
    ['POST /none', {}, undefined],
    ['POST /none', { type: 'application/json' }, undefined],
    ['PUT /raw', { type: 'application/x-tar', body: 'tar' }, ['application/x-tar', 'tar']],
    ['PUT /raw', { type: 'Application/YAML; charset=utf-8', body: 'a: 1' }, ['application/yaml', 'a: 1']],
    ['GET /any', { by: 'key' }, 'deploy'],
    ['GET /all', { by: 'ada' }, 'ada'],
    ['GET /minded', { by: 'key' }, ['todo']],
    ['GET /apps/todo', { by: 'key' }, { app: 'todo' }],
  ])('%s %j', async (line, sent, expected) => {
    expect([(await send(line, sent)).status, seen]).toEqual([200, [expected]])
  })
})

describe('what is refused before it', () => {
  test.each<[string, Sent, number, string]>([
    ['GET /query?plan=yes', {}, 400, 'invalid_parameter'],
    ['GET /query?plan', {}, 400, 'invalid_parameter'],
    ['GET /query?limit=0', {}, 400, 'invalid_parameter'],
    ['GET /query?limit=501', {}, 400, 'invalid_parameter'],
    ['GET /query?limit=1e2', {}, 400, 'invalid_parameter'],
    ['GET /query?order=sideways', {}, 400, 'invalid_parameter'],
    ['GET /query?limit=1&limit=2', {}, 400, 'invalid_parameter'],
    ['GET /query?limt=1', {}, 400, 'unknown_parameter'],
    ['POST /json', {}, 422, 'validation_failed'],
    ['POST /json', json({ name: 7 }), 422, 'validation_failed'],
    ['POST /json', json({ name: 'x', more: 1 }), 400, 'unknown_field'],
    ['POST /json', { type: 'application/x-tar', body: '{}' }, 415, 'unsupported_media_type'],
    ['POST /json', { ...json({ name: 'x' }), headers: { 'content-encoding': 'gzip' } }, 415, 'unsupported_media_type'],
    ['POST /json', json({ name: 'x'.repeat(100) }), 413, 'payload_too_large'],
    ['POST /none', json({}), 400, 'malformed_request'],
    ['PUT /raw', {}, 400, 'malformed_request'],
    ['PUT /raw', { type: 'application/x-tar', body: '' }, 400, 'malformed_request'],
    ['PUT /raw', json({}), 415, 'unsupported_media_type'],
    ['PUT /raw', { body: 'of no type' }, 415, 'unsupported_media_type'],
    ['PUT /raw', { type: 'application/x-tar', body: 'x'.repeat(17) }, 413, 'payload_too_large'],
    ['GET /any', {}, 401, 'unauthenticated'],
    ['GET /any', { by: 'stranger' }, 401, 'unauthenticated'],
    ['GET /all', { by: 'key' }, 403, 'forbidden'],
    ['GET /both', { by: 'key' }, 403, 'insufficient_scope'],
    ['GET /apps/other', { by: 'key' }, 403, 'forbidden'],
    ['GET /apps/todo%20', { by: 'key' }, 403, 'forbidden'],
    // Nobody's bytes are read, nor is their form looked at, before it is known that they may.
    ['PUT /guarded', { type: 'application/x-tar', body: 'x'.repeat(17) }, 401, 'unauthenticated'],
    ['PUT /guarded?what=1', { by: 'key', type: 'text/plain', body: 'x'.repeat(17) }, 403, 'insufficient_scope'],
  ])('%s %j', async (line, sent, status, code) => {
    const answer = await send(line, sent)
    expect([answer.status, answer.json.code, seen]).toEqual([status, code, []])
  })

  test('the scope that is missing is named, to people and to programs', async () => {
    const { response, json: problem } = await send('GET /both', { by: 'key' })
    expect(problem).toMatchObject({ scope: 'audit:read', detail: expect.stringContaining('audit:read') })
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="audit:read"')
  })

  test('the accepted types and the limit are told', async () => {
    const { response } = await send('PUT /raw', { type: 'text/plain', body: 'x' })
    expect(response.headers.get('accept')).toBe('application/x-tar, application/yaml')
    expect((await send('PUT /raw', { type: 'application/yaml', body: 'x'.repeat(17) })).json.limit).toBe(16)
  })
})

describe('the audit', () => {
  test.each<[string, Sent, readonly object[]]>([
    [
      'POST /apps/todo/things/7',
      { by: 'key' },
      [
        {
          by: { kind: 'key', id: 'k1', name: 'deploy' },
          action: 'thing.done',
          app: 'todo',
          target: '7',
          ip: '127.0.0.1',
          requestId: expect.stringMatching(/^r\d+$/),
        },
      ],
    ],
    ['POST /apps/todo/things/not', { by: 'ada' }, []],
    ['POST /apps/todo/things/never', { by: 'ada' }, []],
    ['POST /apps/other/things/7', { by: 'key' }, []],
    ['POST /noted', json({ name: 'eve' }), [{ by: { kind: 'user', id: 'u1', name: 'eve' }, action: 'thing.made' }]],
    ['POST /noted', json({ name: 'nothing' }), []],
    ['POST /noted', json({ name: 'nobody' }), []],
  ])('of %s %j', async (line, sent, entries) => {
    await send(line, sent)
    expect(audited).toEqual(entries.map((entry) => expect.objectContaining(entry)))
  })
})
