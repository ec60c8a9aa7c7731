import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { runBatch } from './batch/run-batch.ts'
import type { Caller } from './caller.ts'
import { aggregateRecords } from './operations/aggregate-records.ts'
import { deleteMatching, updateMatching } from './operations/change-matching.ts'
import { distinctValues } from './operations/distinct-values.ts'
import { getRecord } from './operations/get-record.ts'
import { listRecords } from './operations/list-records.ts'
import { listTransitions } from './operations/list-transitions.ts'
import { listTrash } from './operations/list-trash.ts'
import { recordExists } from './operations/record-exists.ts'
import { replaceRecord } from './operations/replace-record.ts'
import { restoreRecord } from './operations/restore-record.ts'
import { transitionRecord } from './operations/transition-record.ts'
import { upsertRecord } from './operations/upsert-record.ts'
import { createRecordSweeper } from './sweep-records.ts'
import { outcome, outcomes, type WrittenApp, writtenApp } from './testing-writes.ts'
import { exported } from './transfer/testing.ts'

const DOCUMENT = `
collections:
  holds:
    expires: until
    schema:
      required: [name]
      properties:
        name: { type: string }
        room: { type: string }
        begins: { type: integer }
        ends: { type: integer }
        until: { type: string, format: date-time, default: "=now + duration('1h')" }
        state: { enum: [held, kept, over], default: held }
        listed: { type: array, items: { $ref: holds, inverse: listedIn } }
    unique: [[name]]
    exclude: [{ key: [room], range: [begins, ends] }]
    search: { name: A }
    states:
      of: state
      transitions:
        keep: { from: held, to: kept, allow: true, set: { until: null } }
        end: { from: held, to: over, allow: true, set: { until: =now } }
    rules: { read: true, write: true }
  codes:
    id: { type: string, maxLength: 20 }
    expires: until
    schema: { properties: { until: { type: string, format: date-time }, text: { type: string } } }
    rules: { read: true, write: true }
  pins:
    schema:
      properties:
        hold: { $ref: holds, onDelete: cascade, inverse: pins }
        other: { $ref: holds, onDelete: setNull }
        code: { $ref: codes, onDelete: setNull }
        many: { type: array, items: { $ref: holds } }
        text: { type: string }
    rules:
      read: true
      create: "record.text != 'looked up' || db.holds.exists(h, h.name == 'wanted')"
      update: true
      delete: true
  shownNames:
    view: select h.id, h.name from holds h
    rules: { read: true }
  passes:
    expires: ends
    schema:
      required: [name]
      properties:
        name: { type: string }
        key: { type: string, computed: "'key of ' + record.name" }
        begins: { type: string, format: date-time, default: =now }
        ends: { type: string, format: date-time, computed: "record.begins + duration('1h')" }
    unique: [[key]]
    rules: { read: true, write: true }
  drafts:
    expires: until
    softDelete: true
    schema:
      properties: { until: { type: string, format: date-time }, title: { type: string } }
    unique: [[title]]
    rules: { read: true, write: true }
  remarks:
    softDelete: true
    schema: { required: [draft], properties: { draft: { $ref: drafts, onDelete: cascade }, text: { type: string } } }
    rules: { read: true, write: true }
`

let database: TestDatabase
let app: WrittenApp
let caller: Caller
beforeAll(async () => {
  database = await testDatabase()
  app = await writtenApp(database.db, DOCUMENT)
  caller = app.caller()
})
afterAll(async () => {
  await app?.close()
  await database?.drop()
})
beforeEach(() => app.clear())

type Rec = Readonly<Record<string, unknown>>
const of = (name: string) => app.collection(name)
const parse = ({ body }: { readonly body: string }) => JSON.parse(body)
const list = async (name: string, input = {}): Promise<Rec[]> => parse(await listRecords(of(name), caller, input)).items
const get = async (name: string, id: unknown): Promise<Rec> =>
  parse(await getRecord(of(name), caller, { id: String(id) }))
const hold = (name: string, more: object = {}) => app.create('holds', { name, ...more })

/** As if time had passed: what is written by the trigger's leave can not be due. */
async function expire(name: string, where = 'true'): Promise<void> {
  await app.run(
    `alter table $.${name}__all disable trigger user;
     update $.${name}__all set until = now() - interval '1 ms' where ${where};
     alter table $.${name}__all enable trigger user`,
  )
}
const stored = (name: string) => app.run(`select id from $.${name}__all`)

function sweeper(failures: unknown[] = []) {
  const models = new Map(
    ['users', 'holds', 'codes', 'pins', 'passes', 'drafts', 'remarks'].map((name) => [name, of(name).model]),
  )
  return createRecordSweeper({ db: database.db, apps: () => [models], report: (event) => void failures.push(event) })
}

async function batch(...operations: object[]) {
  return parse(
    await runBatch(of('holds').app, { get: of, names: [] }, caller, { body: { operations }, isAborted: () => false }),
  )
}

describe('a record whose time has come', () => {
  test('is there for nobody who reads, though its row is there', async () => {
    const a = await hold('a')
    const b = await hold('b', { until: null })
    const pin = await app.create('pins', { other: a['id'], many: [a['id'], b['id']] })
    await app.create('pins', { hold: a['id'], text: 'goes' })
    await expire('holds', `name = 'a'`)
    expect(await stored('holds')).toHaveLength(2)
    expect(await outcome(get('holds', a['id']))).toBe('not_found')
    expect((await list('holds')).map(({ name }) => name)).toEqual(['b'])
    expect(await list('holds', { search: 'a' })).toEqual([])
    expect(parse(await listRecords(of('holds'), caller, { count: 'exact' })).total).toBe(1)
    expect(parse(await aggregateRecords(of('holds'), caller, { select: 'count' })).items).toEqual([{ count: 1 }])
    expect(parse(await distinctValues(of('holds'), caller, { field: 'name' })).items).toEqual(['b'])
    expect(await recordExists(of('holds'), caller, { filter: `name == 'a'` })).toBe(false)
    expect(await exported(of('holds'), { fields: 'name' })).toBe('{"name":"b"}\n')
    expect(await outcome(listTransitions(of('holds'), caller, { id: String(a['id']) }))).toBe('not_found')
    expect(await list('pins', { filter: `other.name == 'a'` })).toEqual([])
    expect(await list('pins', { filter: `many.exists(h, h.name == 'a')` })).toEqual([])
    const [expanded] = await list('pins', { filter: `id == '${pin['id']}'`, expand: 'other,many' })
    expect(expanded).toMatchObject({ expand: { many: [{ name: 'b' }] } })
    expect(JSON.stringify(expanded)).not.toContain('"name":"a"')
    expect(await list('shownNames')).toMatchObject([{ name: 'b' }])
    expect(await app.run('select name from $.holds')).toEqual([{ name: 'b' }])
    expect(await app.runAsApp('select name from $.holds')).toEqual([{ name: 'b' }])
    await expect(app.runAsApp('select name from $.holds__all')).rejects.toMatchObject({ sqlState: '42501' })
  })

  test('is there for nobody who writes', async () => {
    const { id } = await hold('a')
    await expire('holds')
    expect(await outcome(app.update('holds', id, { name: 'b' }))).toBe('not_found')
    expect(await outcome(app.remove('holds', id))).toBe('not_found')
    expect(await outcome(transitionRecord(of('holds'), caller, { id: String(id), transition: 'keep' }))).toBe(
      'not_found',
    )
    expect(await outcome(batch({ update: 'holds', id, data: { name: 'b' } }))).toBe('not_found')
    const all = { filter: 'true', limit: '10' }
    expect(await updateMatching(of('holds'), caller, { ...all, body: { room: 'x' } })).toEqual({
      matched: 0,
      changed: 0,
    })
    expect(await deleteMatching(of('holds'), caller, all)).toEqual({ matched: 0, changed: 0 })
    expect(await app.run(`update $.holds set name = 'b' returning id`)).toEqual([])
    expect(await app.run('delete from $.holds returning id')).toEqual([])
    expect(await stored('holds')).toHaveLength(1)
  })

  test('is not there for rules that look it up', async () => {
    await hold('wanted')
    await app.create('pins', { text: 'looked up' })
    await expire('holds')
    expect(await outcome(app.create('pins', { text: 'looked up' }))).toBe('forbidden')
  })

  test('frees its name, its place and its id at once, for one at a time', async () => {
    await hold('a', { room: 'red', begins: 1, ends: 5 })
    expect(await outcome(hold('a'))).toBe('unique_violation')
    expect(await outcome(hold('b', { room: 'red', begins: 4, ends: 8 }))).toBe('overlap')
    await expire('holds')
    const tries = Array.from({ length: 30 }, (_, n) =>
      hold(n % 2 === 0 ? 'a' : `b${n}`, { room: 'red', begins: 2, ends: 3 }),
    )
    const { ok, ...others } = await outcomes(tries)
    expect(ok).toBe(1)
    expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(29)
    expect(await stored('holds')).toHaveLength(1)
    await app.create('codes', { id: 'x', text: 'old', until: '2099-01-01T00:00:00Z' })
    await expire('codes')
    expect(await outcomes(Array.from({ length: 10 }, () => app.create('codes', { id: 'x', text: 'new' })))).toEqual({
      ok: 1,
      unique_violation: 9,
    })
    expect(await get('codes', 'x')).toMatchObject({ text: 'new' })
  })

  test('frees them for who changes a record, upserts, replaces and writes SQL, too', async () => {
    const { id } = await hold('mine')
    await hold('a')
    await expire('holds', `name = 'a'`)
    expect(await app.update('holds', id, { name: 'a' })).toMatchObject({ name: 'a' })
    await expire('holds')
    const upserted = await upsertRecord(of('holds'), caller, { by: 'name', body: { name: 'a', until: null } })
    expect([upserted.status, parse(upserted).version]).toEqual([201, 1])
    await app.create('codes', { id: 'x', text: 'old', until: '2099-01-01T00:00:00Z' })
    await expire('codes')
    const replaced = await replaceRecord(of('codes'), caller, { id: 'x', body: { text: 'new' } })
    expect(replaced.status).toBe(201)
    await app.run(`insert into $.holds (name, until) values ('sql', '2099-01-01')`)
    await expire('holds', `name = 'sql'`)
    await app.runAsApp(`insert into $.holds (name) values ('sql') on conflict (name) do nothing`)
    await expire('holds', `name = 'sql'`)
    await app.run(`update $.holds set name = 'sql' where name = 'a'`)
    expect((await list('holds')).map(({ name }) => name)).toEqual(['sql'])
    // Others that are due wait for the sweep.
    await expect(app.run(`insert into $.holds (name) values ('sql')`)).rejects.toMatchObject({ sqlState: '23505' })
  })

  test('is referred to by nobody, like one that never was', async () => {
    const a = await hold('a')
    const pin = await app.create('pins', { other: a['id'], many: [a['id']] })
    await app.create('codes', { id: 'x', until: '2099-01-01T00:00:00Z' })
    await expire('holds')
    await expire('codes')
    for (const body of [{ hold: a['id'] }, { other: a['id'] }, { many: [a['id']] }, { code: 'x' }]) {
      expect(await outcome(app.create('pins', body))).toBe('reference_not_found')
    }
    await expect(app.run(`insert into $.pins (hold) values ('${a['id']}')`)).rejects.toMatchObject({
      sqlState: '23503',
      constraint: 'pins__fk_hold',
    })
    await expect(app.runAsApp(`insert into $.pins (many) values ('["${a['id']}"]')`)).rejects.toMatchObject({
      sqlState: '23503',
    })
    await expect(app.run(`update $.pins set code = 'x'`)).rejects.toMatchObject({ sqlState: '23503' })
    // What had referred to it goes on.
    await app.run(`update $.pins set text = 'x', other = other`)
    expect(await app.update('pins', pin['id'], { text: 'y' })).toMatchObject({ text: 'y' })
  })
})

test('lists of such records are written by SQL of documents, too, on either side', async () => {
  const a = await hold('a')
  const b = await hold('b', { listed: [a['id']] })
  await app.runAsApp(
    `insert into $.holds (name, listed) values ('c', '["${String(a['id']).toUpperCase()}", "${b['id']}"]')`,
  )
  const [c] = await list('holds', { filter: `name == 'c'` })
  expect(c).toMatchObject({ listed: [a['id'], b['id']] })
  await app.runAsApp(`delete from $.holds__list_listed where owner = '${c?.['id']}' and position = 0`)
  expect(await get('holds', c?.['id'])).toMatchObject({ listed: [b['id']] })
  await app.runAsApp(`delete from $.holds where name = 'b'`)
  expect(await get('holds', c?.['id'])).toMatchObject({ listed: [] })
})

describe('a record that would be due', () => {
  const past = { code: 'validation_failed', options: { errors: [{ pointer: '/until', code: 'past' }] } }

  test('is refused where it is written, and fails no neighbour', async () => {
    const { id } = await hold('a')
    const until = '2020-01-01T00:00:00Z'
    await expect(hold('b', { until })).rejects.toMatchObject(past)
    await expect(app.update('holds', id, { until })).rejects.toMatchObject(past)
    await expect(transitionRecord(of('holds'), caller, { id: String(id), transition: 'end' })).rejects.toMatchObject(
      past,
    )
    await expect(app.update('holds', id, { until: { $min: until } })).rejects.toMatchObject(past)
    const many = Array.from({ length: 20 }, (_, n) => hold(`n${n}`, n % 4 === 0 ? { until } : {}))
    expect(await outcomes(many)).toEqual({ ok: 15, validation_failed: 5 })
    const together = batch({ create: 'holds', data: { name: 'x' } }, { create: 'holds', data: { name: 'y', until } })
    await expect(together).rejects.toMatchObject({ options: { errors: [{ pointer: '/operations/1/data/until' }] } })
    expect(await list('holds', { filter: `name == 'x'` })).toEqual([])
  })

  test('is refused of SQL, too', async () => {
    await hold('a')
    for (const text of [
      `insert into $.holds (name, until) values ('b', now())`,
      `update $.holds set until = now() - interval '1 day'`,
    ]) {
      await expect(app.run(text)).rejects.toMatchObject({ sqlState: 'RB012' })
      await expect(app.runAsApp(text)).rejects.toMatchObject({ sqlState: 'RB012' })
    }
  })

  test('is one that stays, when it is kept in time', async () => {
    const { id } = await hold('a')
    await transitionRecord(of('holds'), caller, { id: String(id), transition: 'keep' })
    expect(await get('holds', id)).toMatchObject({ state: 'kept', until: null })
  })

  test('is due at its very instant, as `now` has it', async () => {
    await hold('a')
    const [row] = await app.run(
      `alter table $.holds__all disable trigger user; update $.holds__all set until = now();
       alter table $.holds__all enable trigger user;
       select count(*) as all, count(*) filter (where until > now()::timestamptz(3)) as later, (select count(*) from $.holds) as shown from $.holds__all`,
    )
    expect(row).toEqual({ all: '1', later: '0', shown: '0' })
  })
})

test('a computed time, and a computed key, hold as well', async () => {
  const { id } = await app.create('passes', { name: 'a' })
  await expect(app.create('passes', { name: 'b', begins: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
    options: { errors: [{ pointer: '/ends' }] },
  })
  await expect(app.update('passes', id, { begins: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
    options: { errors: [{ pointer: '/ends' }] },
  })
  await expect(app.run(`update $.passes set begins = '2020-01-01'`)).rejects.toMatchObject({ sqlState: 'RB012' })
  expect(await outcome(app.create('passes', { name: 'a' }))).toBe('unique_violation')
  await app.run(
    `alter table $.passes__all disable trigger user; update $.passes__all set ends = now(); alter table $.passes__all enable trigger user`,
  )
  expect(await outcome(get('passes', id))).toBe('not_found')
  expect(await app.create('passes', { name: 'a' })).toMatchObject({ key: 'key of a' })
  const { id: other } = await app.create('passes', { name: 'c' })
  await app.run(
    `alter table $.passes__all disable trigger user; update $.passes__all set ends = now() where name = 'a'; alter table $.passes__all enable trigger user`,
  )
  expect(await app.update('passes', other, { name: 'a' })).toMatchObject({ key: 'key of a' })
})

describe('the sweep', () => {
  test('deletes what is due, in parts, and nothing else, on two servers at once', async () => {
    await app.run(`insert into $.holds (name, until) select 'n' || n, '2099-01-01' from generate_series(1, 1200) n`)
    await hold('stays')
    await expire('holds', `name like 'n%'`)
    const swept = await Promise.all([sweeper().now(), sweeper().now()])
    expect(swept[0] + swept[1]).toBe(1200)
    expect(await stored('holds')).toHaveLength(1)
  })

  test('takes along, or lets go, as a delete does', async () => {
    const a = await hold('a')
    const b = await hold('b', { listed: [a['id']] })
    await app.create('pins', { hold: a['id'], text: 'goes' })
    await app.create('pins', { other: a['id'], many: [a['id'], b['id']], text: 'stays' })
    await expire('holds', `name = 'a'`)
    expect(await get('holds', b['id'])).toMatchObject({ version: 1 })
    expect(await sweeper().now()).toBe(1)
    expect(await list('pins')).toMatchObject([{ text: 'stays', other: null, many: [b['id']], version: 3 }])
    expect(await get('holds', b['id'])).toMatchObject({ listed: [] })
  })

  test('passes over what somebody holds, and does the others though one can not go', async () => {
    await app.create('pins', { other: (await hold('stuck'))['id'] })
    await hold('goes')
    await app.run(`alter table $.pins add constraint needed check (other is not null)`)
    await expire('holds')
    const failures: unknown[] = []
    expect(await sweeper(failures).now()).toBe(1)
    expect(failures).toHaveLength(1)
    expect(await app.run('select name from $.holds__all')).toEqual([{ name: 'stuck' }])
    await app.run(`alter table $.pins drop constraint needed`)
    await database.db.transaction(async (sql) => {
      await sql.once(`select from "${app.schema}".holds__all for update`)
      expect(await sweeper().now()).toBe(0)
    })
    expect(await sweeper().now()).toBe(1)
  })
})

describe('beside softDelete', () => {
  const trash = async (name = 'drafts'): Promise<Rec[]> => parse(await listTrash(of(name), caller, {})).items
  const later = '2099-01-01T00:00:00Z'

  test('what is due is gone for good, with what goes along', async () => {
    const draft = await app.create('drafts', { title: 'a', until: later })
    await app.create('remarks', { draft: draft['id'] })
    await expire('drafts')
    expect(await sweeper().now()).toBe(1)
    expect([await trash(), await trash('remarks')]).toEqual([[], []])
    expect(await app.run('select id from $.remarks')).toEqual([])
    expect(await app.run('select id from $.remarks__trash')).toEqual([])
  })

  test('what was deleted comes back until it is due', async () => {
    const draft = await app.create('drafts', { title: 'a', until: later })
    await app.create('remarks', { draft: draft['id'] })
    await app.remove('drafts', draft['id'])
    expect(await trash()).toMatchObject([{ title: 'a' }])
    await restoreRecord(of('drafts'), caller, { id: String(draft['id']) })
    expect([await list('drafts'), await list('remarks')]).toMatchObject([[{ title: 'a' }], [{}]])
    await app.remove('drafts', draft['id'])
    await app.run(`update $.drafts__trash set until = now()`)
    expect(await trash()).toEqual([])
    expect(await outcome(restoreRecord(of('drafts'), caller, { id: String(draft['id']) }))).toBe('not_found')
    expect(await sweeper().now()).toBe(1)
    expect(await app.run('select id from $.drafts__trash')).toEqual([])
    expect(await app.run('select id from $.remarks__trash')).toEqual([])
  })
})
