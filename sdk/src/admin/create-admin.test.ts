import { describe, expect, test } from 'vitest'
import { fakeServer, problem } from '../../testing/fake-server.ts'
import { RoadbaseError } from '../roadbase-error.ts'
import { createAdmin } from './create-admin.ts'
import { makeTar } from './make-tar.ts'
import { issuesOf, type Plan, planOf } from './plan.ts'

const server = fakeServer(() => ({ body: { items: ['item'], purged: ['purged'] } }))
const admin = createAdmin({ url: 'http://roadbase.test/', token: 'rbk_1', fetch: server.fetch })
const { apps, users, keys, admins, audit } = admin

const folder = { 'app.yaml': 'app: todo' }

describe('what is sent', () => {
  test.each<[string, () => Promise<unknown>, string, unknown?, string?]>([
    ['list apps', () => apps.list(), 'GET /admin/api/apps'],
    ['get an app', () => apps.get('todo'), 'GET /admin/api/apps/todo'],
    [
      'plan a text',
      () => apps.plan('todo', 'app: todo'),
      'PUT /admin/api/apps/todo?plan=true',
      'app: todo',
      'application/yaml',
    ],
    [
      'load a folder',
      () => apps.load('todo', folder),
      'PUT /admin/api/apps/todo',
      makeTar(folder),
      'application/x-tar',
    ],
    [
      'load with consent',
      () => apps.load('todo', 'a', { consent: 'c/1' }),
      'PUT /admin/api/apps/todo?consent=c%2F1',
      'a',
      'application/yaml',
    ],
    [
      'load whatever is lost',
      () => apps.load('todo', 'a', { allowDestructive: true }),
      'PUT /admin/api/apps/todo?allowDestructive=true',
      'a',
      'application/yaml',
    ],
    ['versions', () => apps.versions('todo'), 'GET /admin/api/apps/todo/versions'],
    ['a version', () => apps.version('todo', 3), 'GET /admin/api/apps/todo/versions/3'],
    [
      'plan a rollback',
      () => apps.planRollback('todo', 2),
      'POST /admin/api/apps/todo/rollback',
      { version: 2, plan: true },
    ],
    [
      'rollback',
      () => apps.rollback('todo', 2, { consent: 'c' }),
      'POST /admin/api/apps/todo/rollback',
      { version: 2, consent: 'c' },
    ],
    ['purge', () => apps.purge('todo'), 'POST /admin/api/apps/todo/purge', {}],
    ['retire', () => apps.retire('todo'), 'DELETE /admin/api/apps/todo'],
    ['drop', () => apps.drop('todo'), 'DELETE /admin/api/apps/todo?drop=true'],
    ['seed', () => apps.seed('todo'), 'POST /admin/api/apps/todo/seed', {}],
    [
      'seed afresh',
      () => apps.seed('todo', { set: 'evening', fresh: 'todo' }),
      'POST /admin/api/apps/todo/seed',
      { set: 'evening', fresh: 'todo' },
    ],
    ['settings', () => apps.settings('todo'), 'GET /admin/api/apps/todo/settings'],
    ['set', () => apps.set('todo', { home: null }), 'PUT /admin/api/apps/todo/settings', { home: null }],
    ['views', () => apps.views('todo'), 'GET /admin/api/apps/todo/views'],
    ['refresh a view', () => apps.refreshView('todo', 'busy'), 'POST /admin/api/apps/todo/views/busy/refresh', {}],
    ['types', () => apps.types('todo'), 'GET /api/todo/types'],
    ['openapi', () => apps.openapi('todo'), 'GET /api/todo/openapi.json'],
    ['postman', () => apps.postman('todo'), 'GET /api/todo/openapi.json?format=postman'],
    [
      'list users',
      () => users.list('todo', { email: 'a@b.c', limit: 2 }),
      'GET /admin/api/apps/todo/users?email=a%40b.c&limit=2',
    ],
    [
      'create a user',
      () => users.create('todo', { email: 'a@b.c', password: 'p', nick: 'A' }),
      'POST /admin/api/apps/todo/users',
      { email: 'a@b.c', password: 'p', nick: 'A' },
    ],
    [
      'suspend a user',
      () => users.update('todo', 'u/1', { suspended: true }),
      'PATCH /admin/api/apps/todo/users/u%2F1',
      { suspended: true },
    ],
    ['delete a user', () => users.delete('todo', '1'), 'DELETE /admin/api/apps/todo/users/1'],
    ['reset a password', () => users.reset('todo', '1'), 'POST /admin/api/apps/todo/users/1/reset'],
    ['list keys', () => keys.list(), 'GET /admin/api/keys'],
    [
      'create a key',
      () => keys.create({ name: 'ci', scopes: ['apps:write'], apps: ['todo'] }),
      'POST /admin/api/keys',
      { name: 'ci', scopes: ['apps:write'], apps: ['todo'] },
    ],
    ['revoke a key', () => keys.revoke('k1'), 'DELETE /admin/api/keys/k1'],
    ['list admins', () => admins.list(), 'GET /admin/api/admins'],
    [
      'create an admin',
      () => admins.create({ email: 'a@b.c', password: 'p' }),
      'POST /admin/api/admins',
      { email: 'a@b.c', password: 'p' },
    ],
    ['delete an admin', () => admins.delete('a1'), 'DELETE /admin/api/admins/a1'],
    ['audit', () => audit.list({ app: 'todo', limit: 5 }), 'GET /admin/api/audit?app=todo&limit=5'],
    ['log out', () => admin.logOut(), 'POST /admin/api/logout'],
    [
      'change the password',
      () => admin.changePassword({ current: 'p', password: 'q' }),
      'POST /admin/api/password',
      { current: 'p', password: 'q' },
    ],
  ])('%s', async (_, call, request, body, contentType) => {
    await call()
    const seen = server.requests.at(-1)
    expect(`${seen?.method} ${seen?.path}`).toBe(request)
    expect(seen?.body).toEqual(body)
    expect(seen?.headers['authorization']).toBe('Bearer rbk_1')
    if (contentType !== undefined) expect(seen?.headers['content-type']).toBe(contentType)
  })

  test('a login carries no token', async () => {
    await admin.logIn({ email: 'a@b.c', password: 'p' })
    expect(server.requests.at(-1)?.headers).not.toHaveProperty('authorization')
  })
})

test('lists come without their wrapping', async () => {
  expect(await apps.list()).toEqual(['item'])
  expect(await apps.purge('todo')).toEqual(['purged'])
})

test('types are text', async () => {
  const { fetch } = fakeServer([{ body: 'export interface Todo {}' }])
  expect(await createAdmin({ url: 'http://roadbase.test', fetch }).apps.types('todo')).toBe('export interface Todo {}')
})

describe('nothing is tried again that may have been done', () => {
  test.each<[string, (client: ReturnType<typeof createAdmin>) => Promise<unknown>]>([
    ['load', (client) => client.apps.load('todo', 'a')],
    ['rollback', (client) => client.apps.rollback('todo', 1)],
    ['create a key', (client) => client.keys.create({ name: 'ci', scopes: ['*'] })],
  ])('%s', async (_, call) => {
    const { fetch, requests } = fakeServer([new TypeError('cut'), { body: {} }])
    await expect(call(createAdmin({ url: 'http://roadbase.test', fetch }))).rejects.toMatchObject({
      code: 'network_error',
    })
    expect(requests).toHaveLength(1)
  })
})

test('a refused load tells its plan, and where what is wrong stands', async () => {
  const plan: Partial<Plan> = { app: 'todo', consent: 'token' }
  const issue = { pointer: '/app', code: 'invalid', message: 'wrong', file: 'app.yaml', line: 1, column: 6 }
  const { fetch } = fakeServer([
    problem(409, 'consent_required', { plan }),
    problem(422, 'invalid_document', { errors: [issue] }),
  ])
  const client = createAdmin({ url: 'http://roadbase.test', fetch })
  const refusal = async () => {
    const error = await client.apps.load('todo', 'a').catch((error: unknown) => error)
    if (!(error instanceof RoadbaseError)) throw error
    return error
  }
  expect(planOf(await refusal())).toEqual(plan)
  const invalid = await refusal()
  expect(planOf(invalid)).toBeUndefined()
  expect(issuesOf(invalid)).toEqual([issue])
})
