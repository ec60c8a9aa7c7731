import type { AppActs, AppPlan } from '../apps/index.ts'
import type { AdminCaller, AuditEntry } from '../auth/index.ts'
import { Problem } from '../errors/problem.ts'
import { createEpochs } from '../http/index.ts'
import { testServer } from '../http/testing.ts'
import { createControlPlane } from './control-plane.ts'

/** What `Authorization` makes of a caller. */
const callers: Readonly<Record<string, AdminCaller>> = {
  'Bearer ada': { kind: 'session', adminId: 'a1', tokenHash: '', name: 'ada@example.com', scopes: ['*'], apps: null },
  'Bearer reader': { kind: 'key', keyId: 'k1', expiresAt: null, name: 'reader', scopes: ['apps:read'], apps: null },
  'Bearer todo': { kind: 'key', keyId: 'k2', expiresAt: null, name: 'todo only', scopes: ['*'], apps: ['todo'] },
}

const key = {
  id: 'k7',
  name: 'deploy',
  scopes: ['apps:write'],
  apps: null,
  createdAt: '',
  createdBy: 'ada',
  expiresAt: null,
  lastUsedAt: null,
} as const

const app = { slug: 'todo', title: 'To do', description: '', state: 'live', version: 3, origin: 'folder' } as const
const version = { version: 2, appliedAt: '', appliedBy: 'ada', origin: 'api', current: false } as const
const step = { title: 'hide x', action: 'hide', kind: 'field', name: 'todos.x', blocks: 'everything' } as const
const more = { work: null, when: 'transaction', consent: 'x is hidden', sql: '' } as const
const plan: AppPlan = {
  ...{ app: 'todo', from: 3, to: 4, outcome: 'update', changes: [], refusals: [], consent: 'token' },
  steps: [{ ...step, ...more }],
}
const loaded = { outcome: 'update', version: 4, plan } as const

/** The acts on apps, each of which succeeds. */
function recordedActs(calls: unknown[][]): AppActs {
  const since = '1970-01-01T00:00:00.000Z'
  const broken = { ...app, slug: 'broken', state: 'failed', version: null, origin: null } as const
  const record = (...call: unknown[]) => void calls.push(call)
  return {
    list: async () => [
      { ...app, since, issues: [] },
      { ...broken, since, issues: [{ file: 'app.yaml', line: 1, column: 1, message: 'no' }] },
    ],
    show: async () => ({ ...app, since, issues: [], document: { app: 'todo' }, remains: [], warnings: [] }),
    load: async () => loaded,
    upload: async (slug, { contentType, bytes }, request) => {
      record('upload', slug, contentType, bytes.toString(), request)
      return loaded
    },
    versions: async () => [version],
    version: async () => ({ ...version, document: { app: 'todo' }, seed: null }),
    rollBack: async (...call) => {
      record('rollBack', ...call)
      return loaded
    },
    purge: async (...call) => {
      record('purge', ...call)
      return [{ kind: 'field', name: 'todos.x', version: 3 }]
    },
    retire: async (...call) => record('retire', ...call),
    drop: async (...call) => record('drop', ...call),
  }
}

const view = { name: 'busy', every: '5 minutes', refreshedAt: '', milliseconds: 7, failedAt: null, error: null }

/** The control plane behind a listener, with operations that remember what they were called with. */
export async function testControl() {
  const calls: unknown[][] = []
  const events: unknown[] = []
  const audited: AuditEntry[] = []
  const control = createControlPlane<{ slug: string }>(
    {
      authenticate: async (authorization) => {
        const admin = callers[authorization ?? '']
        if (admin !== undefined) return admin
        throw new Problem(authorization === undefined ? 'unauthenticated' : 'invalid_token')
      },
      documentSchemas: () => ({ app: { title: 'Roadbase app document' }, seed: { title: 'Roadbase seed' } }),
      audit: async (entry) => void audited.push(entry),
      setUp: async (ip, body) => {
        calls.push(['setUp', ip, body])
        const { token, email = '', password } = body as Record<string, string>
        if (token !== 'good') throw new Problem('invalid_setup_link')
        if (password === 'defect') throw new TypeError('secret detail')
        if (password?.startsWith('short')) {
          throw new Problem('validation_failed', undefined, {
            errors: [{ pointer: '/password', code: 'too_short', message: 'must have at least 8 characters' }],
          })
        }
        return { token: 'admin-token', expiresAt: '2026-01-01T00:00:00Z', admin: { id: '1', email } }
      },
      logIn: async (ip, body) => {
        calls.push(['logIn', ip, body])
        return { token: 'admin-token', expiresAt: '2026-01-01T00:00:00Z', admin: { id: '1', email: 'a@b.c' } }
      },
      logOut: async (admin) => void calls.push(['logOut', admin]),
      changePassword: async (admin, _ip, body) => void calls.push(['changePassword', admin.name, Object.keys(body)]),
      apps: {
        get: (slug) => (slug === 'todo' ? { slug } : undefined),
        isSucceeded: async () => false,
        pauses: { of: () => undefined },
        visits: createEpochs(),
      },
      acts: recordedActs(calls),
      keys: {
        create: async (admin, request) => {
          calls.push(['createKey', admin.name, request])
          return { ...key, name: request.name, key: 'rbk_shown-once' }
        },
        list: async () => [key],
        revoke: async (admin, id) => {
          calls.push(['revokeKey', admin.name, id])
          return key
        },
      },
      admins: {
        create: async (admin, { email }) => {
          calls.push(['createAdmin', admin.name, email])
          return { id: 'a2', email, createdAt: '' }
        },
        list: async () => [{ id: 'a1', email: 'ada@example.com', createdAt: '' }],
        delete: async (admin, id) => void calls.push(['deleteAdmin', admin.name, id]),
      },
      listAudit: async (admin, query) => {
        calls.push(['listAudit', admin.name, query])
        return { items: [], nextCursor: null }
      },
      views: {
        list: async () => ({ items: [view] }),
        refresh: async (app, name) => {
          calls.push(['refreshView', app.slug, name])
          return { ...view, name }
        },
      },
      settings: {
        list: async () => ({ items: [] }),
        set: async (admin, app, changes) => {
          calls.push(['setSettings', admin.name, app, changes])
          return { items: [] }
        },
      },
      seed: async (app, request) => {
        calls.push(['seed', app, request])
        return { set: 'default', created: 2, kept: 0, records: {} }
      },
      titleOf: ({ slug }) => `<${slug}> & co`,
      users: {
        list: async (admin, app, query) => {
          calls.push(['listUsers', admin.name, app, query])
          return '{"items":[],"nextCursor":null}'
        },
        create: async (admin, app, { body }) => {
          calls.push(['createUser', admin.name, app, body])
          return { id: '8', json: '{"id":"8"}' }
        },
        update: async (admin, app, id, body) => {
          calls.push(['updateUser', admin, app, id, body])
          return { id, roles: ['editor'] }
        },
        delete: async (admin, app, { id }) => void calls.push(['deleteUser', admin.name, app, id]),
        makeResetLink: async (admin, app, id) => {
          calls.push(['makeResetLink', admin.name, app, id])
          return { link: 'https://base.example.com/api/todo/auth/reset#token=rbp_secret', expiresAt: '' }
        },
      },
    },
    (event) => void events.push(event),
    { bodyLimit: 1024 },
  )
  await control.start()
  const { server, url } = await testServer(control.routes)
  return {
    url,
    port: server.port,
    calls,
    events,
    audited,
    stop: async () => {
      server.close()
      await control.stop()
    },
  }
}
