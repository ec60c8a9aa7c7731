import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusal, type TestAuth, testAuth } from '../../accounts/testing.ts'
import { authenticateAdmin } from '../authenticate-admin.ts'
import { type AdminCaller, MACHINE } from '../deps.ts'
import { createKey, type KeyRequest } from './create-key.ts'
import { listKeys } from './list-keys.ts'
import { revokeKey } from './revoke-key.ts'

let t: TestAuth
beforeAll(async () => {
  t = await testAuth()
})
afterAll(() => t.close())

const refusedAs = async (attempt: Promise<unknown>) => (await refusal(attempt)).code
const authenticate = (key: string) => authenticateAdmin(t.admins, { authorization: `Bearer ${key}` })
const create = (more: Partial<KeyRequest> = {}, by: AdminCaller = MACHINE) =>
  createKey(t.admins, by, { name: 'deploy', scopes: ['apps:write'], ...more })
const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
/** A key, as who uses it. */
const callerWith = async (more: Partial<KeyRequest>) => authenticate((await create(more)).key)

describe('a key', () => {
  it('opens what it was made for, and tells how it is called', async () => {
    const { key, id } = await create({ name: ' CI of todo ', scopes: ['apps:write', 'apps:write'], apps: ['todo'] })
    expect(key).toMatch(/^rbk_[\w-]{43}$/)
    expect(await authenticate(key)).toEqual({
      kind: 'key',
      keyId: id,
      name: 'CI of todo',
      scopes: ['apps:write'],
      apps: ['todo'],
      expiresAt: null,
    })
  })

  it('is kept as a hash, which opens nothing', async () => {
    const { key, id } = await create()
    const rows = await t.db.query(
      `select encode(token_hash, 'hex') as hash, k::text as whole from roadbase.admin_keys k where id = $1::uuid`,
      [id],
    )
    expect(rows[0]?.['hash']).toBe(createHash('sha256').update(key).digest('hex'))
    expect(JSON.stringify(rows)).not.toContain(key.slice(4))
    expect(await refusedAs(authenticate(String(rows[0]?.['hash'])))).toBe('invalid_token')
  })

  it('ends when it expires', async () => {
    const { key, id } = await create({ expiresAt: later(3600) })
    expect(await authenticate(key)).toMatchObject({ keyId: id })
    await t.db.query('update roadbase.admin_keys set expires_at = now() where id = $1::uuid', [id])
    expect(await refusedAs(authenticate(key))).toBe('invalid_token')
  })

  it('ends with the request after its revocation, and is gone from the list', async () => {
    const { key, id } = await create()
    await authenticate(key)
    await revokeKey(t.admins, MACHINE, id.toUpperCase())
    expect(await refusedAs(authenticate(key))).toBe('invalid_token')
    expect((await listKeys(t.admins, MACHINE)).some((one) => one.id === id)).toBe(false)
    expect(await refusedAs(revokeKey(t.admins, MACHINE, id))).toBe('not_found')
  })

  it('tells in the list when it was last used, and never itself', async () => {
    const { key, id } = await create({ name: 'listed', expiresAt: later(3600) })
    const entry = async () => (await listKeys(t.admins, MACHINE)).find((one) => one.id === id)
    expect(await entry()).toMatchObject({ name: 'listed', createdBy: 'admin key', lastUsedAt: null })
    await Promise.all(Array.from({ length: 10 }, () => authenticate(key)))
    const used = await entry()
    expect(Date.parse(used?.lastUsedAt ?? '')).toBeLessThanOrEqual(Date.now() + 1000)
    await authenticate(key)
    expect(await entry()).toEqual(used)
    expect(JSON.stringify(await listKeys(t.admins, MACHINE))).not.toContain('rbk_')
  })

  it.each<[string, Partial<KeyRequest>, string]>([
    ['no name', { name: ' ' }, '/name'],
    ['a name of two lines', { name: 'a\nb' }, '/name'],
    ['a long name', { name: 'x'.repeat(101) }, '/name'],
    ['no scope', { scopes: [] }, '/scopes'],
    ['a scope that does not exist', { scopes: ['apps:read', 'apps:all'] }, '/scopes/1'],
    ['no app, where apps are named', { apps: [] }, '/apps'],
    ['no slug', { apps: ['todo', 'To do'] }, '/apps/1'],
    ['a time that has passed', { expiresAt: later(-1) }, '/expiresAt'],
    ['a date alone', { expiresAt: '2099-01-01' }, '/expiresAt'],
    ['no such time', { expiresAt: '2099-13-01T00:00:00Z' }, '/expiresAt'],
  ])('is not made with %s', async (_, more, pointer) => {
    const problem = await refusal(create(more))
    expect([problem.code, problem.options.errors?.[0]?.pointer]).toEqual(['validation_failed', pointer])
  })
})

describe('what makes keys gives no more than it has', () => {
  it.each<[string, Partial<KeyRequest>, string]>([
    ['a scope', { scopes: ['keys:write', 'apps:read', 'users:write'], apps: ['todo'] }, 'insufficient_scope'],
    ['everything', { scopes: ['*'], apps: ['todo'] }, 'insufficient_scope'],
    ['all apps', { scopes: ['apps:read'] }, 'forbidden'],
    ['another app', { scopes: ['apps:read'], apps: ['todo', 'bank'] }, 'forbidden'],
    ['a longer life', { scopes: ['apps:read'], apps: ['todo'], expiresAt: later(7200) }, 'validation_failed'],
  ])('not %s', async (_, more, code) => {
    const maker = await callerWith({
      scopes: ['keys:write', 'apps:read'],
      apps: ['todo', 'shop'],
      expiresAt: later(3600),
    })
    expect(await refusedAs(create(more, maker))).toBe(code)
    const less = await create({ scopes: ['apps:read'], apps: ['shop'] }, maker)
    expect(Date.parse(less.expiresAt ?? '')).toBe(maker.kind === 'key' ? maker.expiresAt?.getTime() : undefined)
  })

  it('nor does it see or revoke keys that may more', async () => {
    const maker = await callerWith({ scopes: ['keys:write', 'apps:read'], apps: ['todo'] })
    const strong = await create({ scopes: ['users:write'], apps: ['todo'] })
    const wide = await create({ scopes: ['apps:read'] })
    const equal = await create({ scopes: ['apps:read'], apps: ['todo'] })
    const ids = (await listKeys(t.admins, maker)).map(({ id }) => id)
    expect([ids.includes(strong.id), ids.includes(wide.id), ids.includes(equal.id)]).toEqual([false, false, true])
    expect(await refusedAs(revokeKey(t.admins, maker, strong.id))).toBe('not_found')
    expect(await refusedAs(revokeKey(t.admins, maker, wide.id))).toBe('not_found')
    await revokeKey(t.admins, maker, equal.id)
    if (maker.kind === 'key') await revokeKey(t.admins, maker, maker.keyId)
  })

  it('and takes along what it has made when it is revoked', async () => {
    const mother = await create({ scopes: ['keys:write'] })
    const child = await create({ scopes: ['keys:write'] }, await authenticate(mother.key))
    const grandchild = await create({ scopes: ['keys:write'] }, await authenticate(child.key))
    await revokeKey(t.admins, MACHINE, mother.id)
    expect(await refusedAs(authenticate(child.key))).toBe('invalid_token')
    expect(await refusedAs(authenticate(grandchild.key))).toBe('invalid_token')
  })

  it('also when it makes them while it is being revoked', async () => {
    const mother = await create({ scopes: ['keys:write'] })
    const caller = await authenticate(mother.key)
    const made = Array.from({ length: 10 }, () => create({ scopes: ['keys:write'] }, caller))
    const [, ...results] = await Promise.allSettled([revokeKey(t.admins, MACHINE, mother.id), ...made])
    for (const result of results) {
      if (result.status === 'fulfilled') expect(await refusedAs(authenticate(result.value.key))).toBe('invalid_token')
      else expect(result.reason).toMatchObject({ code: 'invalid_token' })
    }
  })
})
