import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AdminCaller, Scope } from '../auth/index.ts'
import { Problem } from '../errors/problem.ts'
import { testServer } from '../http/testing.ts'
import { type ControlPlane, serveEndpoints } from './control-plane.ts'
import type { Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'
import type { ControlPorts } from './ports.ts'

/** Every endpoint there is, asked by everybody who may not: whoever adds one adds it here. */
const ALL: readonly Scope[] = [
  ...(['apps:read', 'apps:write', 'apps:delete', 'records:read', 'records:write'] as const),
  ...(['users:read', 'users:write', 'keys:write', 'audit:read'] as const),
]
/** Declaring endpoints calls nothing. */
const table = endpoints({ documentSchema: () => ({}) } as unknown as ControlPorts<unknown>)
const administration = table.filter(({ path }) => path.startsWith('/admin/api/'))
const guarded = table.filter(({ scope }) => scope !== 'public' && scope !== 'any')
const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`
const neededBy = ({ scope }: Endpoint) => (typeof scope === 'string' ? [scope] : scope) as readonly Scope[]

let caller: AdminCaller | undefined
const reached: string[] = []
let control: ControlPlane
let served: Awaited<ReturnType<typeof testServer>>

beforeAll(async () => {
  const ports = {
    authenticate: async () => {
      if (caller === undefined) throw new Problem('unauthenticated')
      return caller
    },
    audit: async () => {},
  }
  const recording = table.map((one) => ({
    ...one,
    body: undefined,
    raw: undefined,
    audit: undefined,
    handle: () => {
      reached.push(nameOf(one))
      return { status: 204 }
    },
  }))
  control = serveEndpoints(recording, ports, () => {}, { bodyLimit: 1000 })
  await control.start()
  served = await testServer(control.routes)
})
beforeEach(() => {
  reached.length = 0
})
afterAll(async () => {
  served.server.close()
  await control.stop()
})

async function ask(one: Endpoint, by: AdminCaller | undefined, app = 'a') {
  caller = by
  const path = one.path.replace('{app}', app).replace(/\{\w+\}/g, '1')
  const response = await fetch(served.url + path, { method: one.method })
  const text = await response.text()
  return { status: response.status, problem: text === '' ? undefined : JSON.parse(text) }
}

const keyWith = (scopes: readonly Scope[], apps: readonly string[] | null = null): AdminCaller => ({
  ...{ kind: 'key', keyId: 'k', expiresAt: null, name: 'key' },
  scopes,
  apps,
})

test('only what signs in, pages and what they load are open to everybody', () => {
  const open = table.filter(({ scope }) => scope === 'public').map(nameOf)
  expect(
    open.filter((name) => !/^GET \/(?:admin\/(?:setup|assets\/)|docs\/|api\/\{app\}\/auth\/reset)/.test(name)),
  ).toEqual(['POST /admin/api/setup', 'POST /admin/api/login'])
  expect(table.filter(({ scope }) => scope === 'any').map(nameOf)).toEqual([
    'POST /admin/api/logout',
    'POST /admin/api/password',
  ])
})

test('what is not about one app minds the apps of a key, or is closed to keys that have some', () => {
  const minding = guarded.filter(({ mindsApps }) => mindsApps).map(nameOf)
  expect(minding.sort()).toEqual([
    'DELETE /admin/api/keys/{id}',
    'GET /admin/api/apps',
    'GET /admin/api/audit',
    'GET /admin/api/keys',
    'POST /admin/api/keys',
  ])
})

test('docs/reference/http.md has every endpoint with its scope', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/reference/http.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([A-Z]+ \/admin\/api\/[^` ]+)`.*\| ([^|]+) \|$/gm)]
  const told = rows.map(([, name, scope = '']) => `${name}: ${scope.replaceAll('`', '')}`)
  expect(told.sort()).toEqual(administration.map((one) => `${nameOf(one)}: ${neededBy(one).join(', ')}`).sort())
})

test('what changes something is in the audit', () => {
  const silent = administration.filter(({ method, audit }) => method !== 'GET' && audit === undefined).map(nameOf)
  expect(silent).toEqual([])
})

describe.each(guarded.map((one) => [nameOf(one), one] as const))('%s', (_, one) => {
  const needed = neededBy(one)

  test('is closed to nobody in particular', async () => {
    expect([(await ask(one, undefined)).status, reached]).toEqual([401, []])
  })

  test('is closed to a key with every scope but one that it needs, and names it', async () => {
    for (const scope of needed) {
      const others = ALL.filter((other) => other !== scope)
      const { status, problem } = await ask(one, keyWith(others))
      expect([status, problem.code, problem.scope, reached]).toEqual([403, 'insufficient_scope', scope, []])
    }
  })

  test('is open to a key with just what it needs', async () => {
    expect([(await ask(one, keyWith(needed))).status, reached]).toEqual([204, [nameOf(one)]])
  })

  test('of another app is closed to a key that is limited to one', async () => {
    const limited = keyWith(['*'], ['b', 'aa', 'A'])
    const { status, problem } = await ask(one, limited)
    if (one.mindsApps) expect(reached).toEqual([nameOf(one)])
    else expect([status, problem.code, reached]).toEqual([403, 'forbidden', []])
    if (one.path.includes('{app}')) expect((await ask(one, limited, 'b')).status).toBe(204)
  })
})
