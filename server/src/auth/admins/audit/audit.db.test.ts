import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { refusal, type TestAuth, testAuth } from '../../accounts/testing.ts'
import { createSweeper } from '../../sweep.ts'
import { type AdminCaller, MACHINE } from '../deps.ts'
import { actorOf } from './actor-of.ts'
import { listAudit } from './list-audit.ts'
import { createAudit } from './write-audit.ts'

let t: TestAuth
beforeAll(async () => {
  t = await testAuth()
})
afterAll(() => t.close())
beforeEach(async () => {
  t.events.length = 0
  await grow(800)
  await createSweeper({ db: t.db, report: () => {} }).now()
})

const key: AdminCaller = {
  ...{ kind: 'key', keyId: '01890000-0000-7000-8000-000000000001', expiresAt: null },
  ...{ name: 'deploy', scopes: ['audit:read'], apps: ['todo', 'shop'] },
}
const write = (action: string, app?: string) =>
  t.admins.audit({
    by: actorOf(key),
    action,
    app,
    target: '7',
    details: { fields: ['a'] },
    ip: '192.0.2.1',
    requestId: 'r1',
  })
/** Lets days pass for what the audit has so far: by its owner, for nobody else can. */
const grow = (days: number) =>
  t.db.once(`alter table roadbase.audit disable trigger user;
    update roadbase.audit set at = at - interval '${days} days';
    alter table roadbase.audit enable trigger user`)
const actions = async (admin: AdminCaller, query: Parameters<typeof listAudit>[2] = {}) =>
  (await listAudit(t.admins, admin, query)).items.map(({ action }) => action)

it('tells who did what, to what, from where and when', async () => {
  await write('app.loaded', 'todo')
  const { items, nextCursor } = await listAudit(t.admins, MACHINE, {})
  expect(items).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      by: { kind: 'key', id: key.kind === 'key' ? key.keyId : '', name: 'deploy' },
      action: 'app.loaded',
      app: 'todo',
      target: '7',
      details: { fields: ['a'] },
      ip: '192.0.2.1',
      requestId: 'r1',
    },
  ])
  expect(nextCursor).toBeNull()
})

it('is read page by page, the newest first, without gaps while more is written', async () => {
  for (let n = 1; n <= 5; n++) await write(`act.${n}`)
  const first = await listAudit(t.admins, MACHINE, { limit: 2 })
  await write('act.6')
  const second = await listAudit(t.admins, MACHINE, { limit: 2, cursor: first.nextCursor ?? '' })
  const third = await listAudit(t.admins, MACHINE, { limit: 2, cursor: second.nextCursor ?? '' })
  const read = [first, second, third].map(({ items }) => items.map(({ action }) => action))
  expect(read).toEqual([['act.5', 'act.4'], ['act.3', 'act.2'], ['act.1']])
  expect(third.nextCursor).toBeNull()
})

it('shows a key that is limited to apps what was done to them', async () => {
  for (const app of ['todo', 'shop', 'bank', undefined]) await write(`of ${app}`, app)
  expect(await actions(MACHINE)).toHaveLength(4)
  expect(await actions(MACHINE, { app: 'bank' })).toEqual(['of bank'])
  expect(await actions(key)).toEqual(['of shop', 'of todo'])
  expect(await actions(key, { app: 'todo' })).toEqual(['of todo'])
  expect((await refusal(listAudit(t.admins, key, { app: 'bank' }))).code).toBe('forbidden')
})

it.each(['nonsense', "' or true --", '01890000'])('takes no cursor like %s', async (cursor) => {
  expect((await refusal(listAudit(t.admins, MACHINE, { cursor }))).code).toBe('invalid_cursor')
})

it.each([
  ["update roadbase.audit set action = 'nothing'"],
  ['delete from roadbase.audit'],
  ['truncate roadbase.audit'],
])('is only added to: %s', async (statement) => {
  await write('app.loaded')
  await expect(t.db.once(statement)).rejects.toThrow('the audit is only added to')
  expect(await actions(MACHINE)).toEqual(['app.loaded'])
})

it('keeps entries for a year', async () => {
  const sweeper = createSweeper({ db: t.db, report: () => {} })
  await write('app.loaded')
  await grow(364)
  await sweeper.now()
  expect(await actions(MACHINE)).toEqual(['app.loaded'])
  await grow(3)
  await sweeper.now()
  expect(await actions(MACHINE)).toEqual([])
})

it('that can not be written is in the log, and nobody is told that what they did failed', async () => {
  const entry = { by: actorOf(key), action: 'app.loaded', app: 'todo' }
  const error = new Error('the database is gone')
  const audit = createAudit({
    db: { query: () => Promise.reject(error), once: () => Promise.reject(error) },
    report: (event) => void t.events.push(event),
  })
  await audit(entry)
  expect(t.events).toEqual([{ type: 'audit.failed', entry, error }])
})
