import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import type { Caller } from './caller.ts'
import { openCollection } from './open-collection.ts'
import { aggregateRecords } from './operations/aggregate-records.ts'
import { getRecord } from './operations/get-record.ts'
import { listHistory } from './operations/list-history.ts'
import { listRecords } from './operations/list-records.ts'
import { listTrash } from './operations/list-trash.ts'
import { recordExists } from './operations/record-exists.ts'
import { revertRecord } from './operations/revert-record.ts'
import { createRecordSweeper } from './sweep-records.ts'
import { outcome, outcomes, type WrittenApp, writtenApp } from './testing-writes.ts'
import { exported } from './transfer/testing.ts'

const DOCUMENT = `
collections:
  rooms: { schema: { properties: { name: { type: string } } }, rules: { read: true, write: true } }
  holds:
    expires: until
    history: { read: true }
    schema:
      required: [name]
      properties:
        name: { type: string }
        until: { type: string, format: date-time, default: "=now + duration('1h')" }
        room: { $ref: rooms }
        door: { $ref: rooms, onDelete: setNull }
        rooms: { type: array, items: { $ref: rooms, onDelete: restrict } }
    unique: [[name], [name, door]]
    rules: { read: true, write: true }
  pins:
    history: { read: true }
    schema:
      properties:
        hold: { $ref: holds, onDelete: cascade, inverse: pins }
        found: { type: string }
        room: { $ref: rooms }
    unique: [{ fields: [found], where: "record.found != 'any'" }]
    rules: { read: true, write: true }
  marks:
    schema: { required: [pin], properties: { pin: { $ref: pins, onDelete: cascade, inverse: marks } } }
    rules: { read: true, write: true }
  codes:
    id: { type: string }
    expires: until
    history: { read: true }
    schema: { properties: { until: { type: string, format: date-time }, text: { type: string } } }
    rules: { read: true, write: true }
  passes:
    expires: until
    schema:
      properties:
        begins: { type: string, format: date-time, default: =now }
        until: { type: string, format: date-time, computed: "record.begins + duration('1h')" }
        door: { $ref: rooms, onDelete: setNull }
    rules: { read: true, write: true }
  logs:
    appendOnly: true
    expires: until
    schema:
      properties:
        until: { type: string, format: date-time, default: "=now + duration('1h')" }
        text: { type: string }
    rules: { read: true, create: true }
  tickets:
    expires: until
    schema:
      properties:
        until: { type: string, format: date-time, default: "=now + duration('1h')" }
        number: { type: string, sequence: { format: '{year}-{n}', per: year } }
    rules: { read: true, write: true }
  drafts:
    expires: until
    softDelete: { trash: true }
    schema: { properties: { until: { type: string, format: date-time, default: "=now + duration('1h')" } } }
    rules: { read: true, write: true }
  remarks:
    softDelete: { trash: true }
    schema: { required: [draft], properties: { draft: { $ref: drafts, onDelete: cascade } } }
    rules: { read: true, write: true }
  answers:
    softDelete: { trash: true }
    schema: { required: [remark], properties: { remark: { $ref: remarks, onDelete: cascade } } }
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
const list = async (name: string, input = {}, collection = of(name)): Promise<Rec[]> =>
  parse(await listRecords(collection, caller, input)).items
const get = (name: string, id: unknown) => getRecord(of(name), caller, { id: String(id) })
const sweep = () => {
  const names = ['users', ...of('holds').app.collections.keys()]
  const models = new Map(names.map((name) => [name, of(name).model]))
  const report = (event: unknown) => {
    throw new Error(JSON.stringify(event))
  }
  return createRecordSweeper({ db: database.db, apps: () => [models], report }).now()
}

/** As if time had passed: what is written by the triggers' leave can not be due. */
const expire = (name: string, where = 'true', until = "now() - interval '1 ms'") =>
  app.run(
    `alter table $.${name}__all disable trigger user;
     update $.${name}__all set until = ${until} where ${where};
     alter table $.${name}__all enable trigger user`,
  )

describe('what goes with a record whose time has come', () => {
  test('is there for nobody of the app, though it may take a minute until it is deleted', async () => {
    const hold = (await app.create('holds', { name: 'a' }))['id']
    const pin = (await app.create('pins', { hold }))['id']
    const mark = (await app.create('marks', { pin }))['id']
    const other = (await app.create('pins', {}))['id']
    await expire('holds')
    expect(await outcome(get('pins', pin))).toBe('not_found')
    expect(await outcome(get('marks', mark))).toBe('not_found')
    expect((await list('pins')).map(({ id }) => id)).toEqual([other])
    expect(await list('marks', { expand: 'pin' })).toEqual([])
    expect(parse(await listRecords(of('pins'), caller, { count: 'exact' })).total).toBe(1)
    expect(parse(await aggregateRecords(of('pins'), caller, { select: 'count' })).items).toEqual([{ count: 1 }])
    expect(await recordExists(of('marks'), caller, {})).toBe(false)
    expect((await exported(of('pins'), { fields: 'id' })).trim()).toBe(JSON.stringify({ id: other }))
    expect(await outcome(app.update('pins', pin, { found: 'x' }))).toBe('not_found')
    expect(await outcome(app.remove('marks', mark))).toBe('not_found')
    expect(await outcome(app.create('marks', { pin }))).toBe('reference_not_found')
    expect(await app.create('marks', { pin: other })).toMatchObject({ pin: other })
    // Those whom no rule is asked for see what there is.
    expect(await list('pins', {}, openCollection(of('pins')))).toHaveLength(2)
    expect(await sweep()).toBe(1)
    expect(await list('pins', {}, openCollection(of('pins')))).toHaveLength(1)
  })

  test('frees its place at once, for one at a time', async () => {
    const hold = (await app.create('holds', { name: 'a' }))['id']
    await app.create('pins', { hold, found: 'x' })
    await app.create('pins', { hold, found: 'any' })
    const mine = (await app.create('pins', { found: 'y' }))['id']
    expect(await outcome(app.create('pins', { found: 'x' }))).toBe('unique_violation')
    expect(await outcome(app.update('pins', mine, { found: 'x' }))).toBe('unique_violation')
    await expire('holds')
    const tries = Array.from({ length: 20 }, () => app.create('pins', { found: 'x' }))
    expect(await outcomes(tries)).toEqual({ ok: 1, unique_violation: 19 })
    expect(await app.run('select id from $.pins')).toHaveLength(3)
  })

  test('is no more in the trash than what it went with', async () => {
    const draft = (await app.create('drafts', {}))['id']
    const remark = (await app.create('remarks', { draft }))['id']
    await app.create('answers', { remark })
    await expire('drafts')
    expect(await sweep()).toBe(1)
    for (const name of ['drafts', 'remarks', 'answers']) {
      expect(parse(await listTrash(of(name), caller, {})).items).toEqual([])
      expect(await app.run(`select id from $.${name}__trash union all select id from $.${name}`)).toEqual([])
    }
  })
})

describe('a record whose time has come keeps nothing', () => {
  test('that it refers to: what `restrict` would keep for it may go, whoever deletes it', async () => {
    const [a, b, c, d] = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => (await app.create('rooms', { name }))['id']),
    )
    const hold = (await app.create('holds', { name: 'x', room: a }))['id']
    await app.create('holds', { name: 'y', rooms: [b] })
    await app.create('pins', { hold, room: c })
    await app.create('holds', { name: 'z', room: d, rooms: [d] })
    const refused = { reference_restricted: 4 }
    expect(await outcomes([a, b, c, d].map((id) => app.remove('rooms', id)))).toEqual(refused)
    await expire('holds', `name <> 'z'`)
    expect(await outcomes([a, b].map((id) => app.remove('rooms', id)))).toEqual({ ok: 2 })
    await app.runAsApp(`delete from $.rooms where id = '${c}'`)
    expect(await outcome(app.remove('rooms', d))).toBe('reference_restricted')
    await expire('holds')
    await app.runAsApp(`delete from $.rooms where id = '${d}'`)
    expect(await app.run('select id from $.rooms')).toEqual([])
  })

  test('and lets go of what it refers to by setNull, also where its time is computed, or a key speaks of it', async () => {
    const door = (await app.create('rooms', {}))['id']
    await app.create('passes', { door })
    await app.create('holds', { name: 'x', door })
    await expire('passes', 'true', `now() - interval '1 h', begins = now() - interval '2 h'`)
    await expire('holds')
    await app.remove('rooms', door)
    expect(await app.run('select door from $.passes__all union all select door from $.holds__all')).toEqual([
      { door: null },
      { door: null },
    ])
    expect(await sweep()).toBe(2)
  })
})

describe('beside a history', () => {
  const told = async (name: string, id: unknown) =>
    (JSON.parse(await listHistory(of(name), caller, { id: String(id) })).items as Rec[]).map(
      ({ action, at, by, version }) => ({ action, at, by, version }),
    )

  test('what has vanished is told as such, from that instant on, and stays readable for those who might read it before', async () => {
    const { id } = await app.create('holds', { name: 'a' })
    await app.update('holds', id, { name: 'b' })
    const until = '2026-01-02T03:04:05.678Z'
    await expire('holds', 'true', `'${until}'`)
    const before = await told('holds', id)
    expect(before).toMatchObject([
      { action: 'expire', at: until, by: null, version: 2 },
      { action: 'update', version: 2 },
      { action: 'create', version: 1 },
    ])
    expect(await outcome(revertRecord(of('holds'), caller, { id: String(id), body: { version: 1 } }))).toBe('not_found')
    expect(await sweep()).toBe(1)
    expect(await told('holds', id)).toEqual(before)
    const pages = [JSON.parse(await listHistory(of('holds'), caller, { id: String(id), limit: '1' }))]
    pages.push(JSON.parse(await listHistory(of('holds'), caller, { id: String(id), cursor: pages[0].nextCursor })))
    expect(pages.flatMap(({ items }) => items.map((entry: Rec) => entry['action']))).toEqual([
      'expire',
      'update',
      'create',
    ])
  })

  test('whoever takes its place does not end it, nor who makes another of its id', async () => {
    const { id } = await app.create('holds', { name: 'a' })
    await app.create('codes', { id: 'x', text: 'old', until: '2099-01-01T00:00:00Z' })
    await expire('holds')
    await expire('codes')
    await app.create('holds', { name: 'a' })
    await app.create('codes', { id: 'x', text: 'new' })
    expect((await told('holds', id)).map(({ action }) => action)).toEqual(['expire', 'create'])
    expect((await told('codes', 'x')).map(({ action, by }) => [action, by])).toEqual([
      ['create', null],
      ['expire', null],
      ['create', null],
    ])
    await app.remove('codes', 'x')
    expect((await told('codes', 'x'))[0]).toMatchObject({ action: 'delete' })
  })

  test('what went along can be read about as what was deleted', async () => {
    const hold = (await app.create('holds', { name: 'a' }))['id']
    const pin = (await app.create('pins', { hold, found: 'x' }))['id']
    await expire('holds')
    expect((await told('pins', pin)).map(({ action }) => action)).toEqual(['create'])
    await sweep()
    expect((await told('pins', pin)).map(({ action }) => action)).toEqual(['delete', 'create'])
  })

  test('a truncated table tells of each what it was', async () => {
    const a = await app.create('codes', { id: 'a', until: '2099-01-01T00:00:00Z' })
    const b = await app.create('codes', { id: 'b' })
    await expire('codes', `id = 'a'`)
    await app.run('truncate $.codes__all')
    expect((await told('codes', a['id']))[0]).toMatchObject({ action: 'expire' })
    expect((await told('codes', b['id']))[0]).toMatchObject({ action: 'delete' })
  })
})

describe('records that are only added', () => {
  test('stay as they are, for every writer, until their time has come', async () => {
    const { id } = await app.create('logs', { text: 'a' })
    expect(await outcomes([app.remove('logs', id), app.update('logs', id, { text: 'b' })])).toEqual({ append_only: 2 })
    for (const text of [
      `delete from $.logs__all`,
      `update $.logs__all set until = now() + interval '1 s'`,
      'truncate $.logs__all',
    ]) {
      await expect(app.run(text)).rejects.toMatchObject({ sqlState: 'RB003' })
    }
    await expect(app.runAsApp('delete from $.logs')).rejects.toMatchObject({ sqlState: 'RB003' })
    await expire('logs')
    expect(await list('logs')).toEqual([])
    // Nobody brings it back.
    await expect(app.run(`update $.logs__all set until = null`)).rejects.toMatchObject({ sqlState: 'RB003' })
    expect(await sweep()).toBe(1)
    expect(await app.run('select from $.logs__all')).toEqual([])
  })
})

test('numbers that are counted per something go on when those before have vanished', async () => {
  const year = new Date().getUTCFullYear()
  await Promise.all([1, 2, 3].map(() => app.create('tickets', {})))
  await expire('tickets')
  await sweep()
  expect((await app.create('tickets', {}))['number']).toBe(`${year}-4`)
})
