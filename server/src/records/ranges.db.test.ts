import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { Problem } from '../errors/problem.ts'
import { aggregateRecords } from './operations/aggregate-records.ts'
import { updateMatching } from './operations/change-matching.ts'
import { createRecord } from './operations/create-record.ts'
import { listHistory } from './operations/list-history.ts'
import { listRecords } from './operations/list-records.ts'
import { replaceRecord } from './operations/replace-record.ts'
import { restoreRecord } from './operations/restore-record.ts'
import { updateRecord } from './operations/update-record.ts'
import { appServer } from './testing-apps.ts'
import { outcome, outcomes, type WrittenApp, writtenApp } from './testing-writes.ts'
import { createGate } from './transfer/gate.ts'
import { importRecords } from './transfer/import-records.ts'
import type { ImportItem } from './transfer/import-types.ts'
import { exported } from './transfer/testing.ts'

const HOTEL = `
collections:
  stays:
    schema:
      required: [room, stay]
      properties:
        room: { type: string }
        stay: { type: range, of: date }
        note: { type: string }
    exclude: [{ key: [room], range: stay }]
    index: [[stay]]
    rules: { read: true, write: true }
  prices:
    id: { type: string }
    schema:
      properties:
        days: { type: range, of: date, open: until }
        slot: { type: range, of: date-time, open: both }
        amount: { type: range, of: decimal, scale: 3, open: from }
        count: { type: range, of: integer, open: both }
        serial: { type: range, of: int64 }
        secret: { type: range, of: integer }
        first: { type: string, format: date }
        last: { type: string, format: date }
        made: { type: range, of: date, open: until, computed: 'range(record.first, record.last)' }
        since: { type: range, of: date-time, open: until, default: '=range(now, null)' }
        fixed: { type: range, of: decimal, default: { from: 1, until: '2.5' } }
        once: { type: range, of: integer, immutable: true }
    check: { rule: "record.count == null || !record.count.contains(13)", message: Thirteen brings bad luck }
    rules: { read: true, write: true }
    fields: { secret: { read: false } }
    history: { read: true }
    softDelete: true
  taken:
    view: select s.id, s.stay, s.room, range_merge(s.stay, '[2026-03-01,2026-03-02)') as month from stays s
    rules: { read: true }
`

type Rec = Readonly<Record<string, unknown>>

let database: TestDatabase
let app: WrittenApp
beforeAll(async () => {
  database = await testDatabase({ size: 8 })
  app = await writtenApp(database.db, HOTEL)
})
afterAll(async () => {
  await app.close()
  await database.drop()
})
beforeEach(() => app.run('truncate $.stays, $.prices'))

const administrator = { kind: 'machine', id: null, name: 'machine' } as const

const stay = (from: string, until: string) => ({ from: `2026-03-${from}`, until: `2026-03-${until}` })
const list = async (name: string, query: object) =>
  (JSON.parse((await listRecords(app.collection(name), app.caller(), query)).body) as { items: Rec[] }).items
const errorsOf = async (attempt: Promise<unknown>) => {
  const error: unknown = await attempt.catch((caught: unknown) => caught)
  if (!(error instanceof Problem)) throw error
  return [error.code, ...(error.options.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)].join(', ')
}

describe('what is sent', () => {
  test('comes back in one form', async () => {
    const made = await app.create('prices', {
      id: 'a',
      days: { from: '2026-01-01' },
      slot: { from: null, until: '2026-02-28T10:30:00+01:00' },
      amount: { from: '-1.5', until: '2' },
      count: { from: -5, until: 7 },
      serial: { from: '-9223372036854775808', until: '9223372036854775807' },
      first: '2026-01-01',
      last: '2026-02-01',
    })
    expect(made).toMatchObject({
      days: { from: '2026-01-01', until: null },
      slot: { from: null, until: '2026-02-28T09:30:00.000Z' },
      amount: { from: '-1.500', until: '2.000' },
      count: { from: -5, until: 7 },
      serial: { from: '-9223372036854775808', until: '9223372036854775807' },
      made: { from: '2026-01-01', until: '2026-02-01' },
      fixed: { from: '1.00', until: '2.50' },
    })
    expect(made['since']).toEqual({ from: made['createdAt'], until: null })
    expect(Object.keys(made)).not.toContain('secret')
  })

  test.each<[string, unknown, string]>([
    ['days', '2026-01-01', '/days type'],
    ['days', { from: '2026-01-02', until: '2026-01-02' }, '/days/until empty_range'],
    ['days', { from: '2026-01-02', until: '2026-01-01' }, '/days/until empty_range'],
    ['days', { until: '2026-01-01' }, '/days/from required'],
    ['days', { from: '2026-02-30', til: 1 }, '/days/til unknown_field, /days/from format'],
    ['slot', {}, '/slot required'],
    ['slot', { from: '2026-01-01T00:00:00.0001Z', until: '2026-01-01T00:00:00.0004Z' }, '/slot/until empty_range'],
    ['amount', { until: '1.2345' }, '/amount/until too_precise'],
    ['amount', { from: '10', until: '9.999' }, '/amount/until empty_range'],
    ['count', { from: 1.5 }, '/count/from type'],
    ['count', { from: 9007199254740992 }, '/count/from too_large'],
    ['serial', { from: '10', until: '9' }, '/serial/until empty_range'],
    ['serial', { from: '1', until: null }, '/serial/until required'],
  ])('%s of %j is refused where it is wrong', async (field, value, errors) => {
    expect(await errorsOf(app.create('prices', { id: 'a', [field]: value }))).toBe(`validation_failed, ${errors}`)
  })

  test('null is no range, and what is required has one', async () => {
    expect(await app.create('prices', { id: 'a', days: null })).toMatchObject({ days: null, made: null })
    expect(await errorsOf(app.create('stays', { room: '1' }))).toBe('validation_failed, /stay required')
  })

  test('is held to the checks of the collection', async () => {
    expect(await errorsOf(app.create('prices', { id: 'a', count: { from: 13, until: 14 } }))).toBe(
      'check_violation,  check',
    )
    await app.create('prices', { id: 'a', count: { from: 10, until: 13 } })
  })
})

describe('a change', () => {
  test('of one end leaves the other', async () => {
    const { id } = await app.create('stays', { room: '1', stay: stay('01', '05') })
    expect(await app.update('stays', id, { stay: { until: '2026-03-09' } })).toMatchObject({ stay: stay('01', '09') })
    expect(await errorsOf(app.update('stays', id, { stay: { until: '2026-03-01' } }))).toBe(
      'validation_failed, /stay/until empty_range',
    )
    expect(await errorsOf(app.update('stays', id, { stay: { until: null } }))).toBe(
      'validation_failed, /stay/until required',
    )
    expect(await errorsOf(app.update('stays', id, { stay: null }))).toBe('validation_failed, /stay required')
  })

  test('opens an end by null, and may take the range away', async () => {
    await app.create('prices', { id: 'a', days: stay('01', '02') })
    expect(await app.update('prices', 'a', { days: { until: null } })).toMatchObject({
      days: { from: '2026-03-01', until: null },
    })
    expect(await app.update('prices', 'a', { days: null })).toMatchObject({ days: null })
    // Of nothing, one end is all that there is.
    expect(await app.update('prices', 'a', { days: { from: '2026-03-04' } })).toMatchObject({
      days: { from: '2026-03-04', until: null },
    })
  })

  test('may be a JSON patch', async () => {
    const { id } = await app.create('stays', { room: '1', stay: stay('01', '05') })
    const body = [
      { op: 'test', path: '/stay/until', value: '2026-03-05' },
      { op: 'replace', path: '/stay/until', value: '2026-03-07' },
    ]
    const done = await updateRecord(app.collection('stays'), app.caller(), { id: String(id), body })
    expect(JSON.parse(done.body)).toMatchObject({ stay: stay('01', '07') })
  })

  test('of many at once takes whole ranges, and an upsert likewise', async () => {
    await app.create('prices', { id: 'a', days: { from: '2026-03-01' } })
    await app.create('prices', { id: 'b' })
    const prices = app.collection('prices')
    const change = (body: object) => updateMatching(prices, app.caller(), { filter: 'true', limit: '9', body })
    expect(await change({ days: stay('01', '02') })).toEqual({ matched: 2, changed: 2 })
    expect(await errorsOf(change({ days: { until: '2026-03-09' } }))).toBe('validation_failed, /days merge')
    const body = { id: 'a', days: stay('03', '04') }
    await replaceRecord(prices, app.caller(), { id: 'a', body })
    expect((await list('prices', { sort: 'id' })).map(({ days }) => days)).toEqual([stay('03', '04'), stay('01', '02')])
  })

  test('of what is immutable is refused, and the same again is none', async () => {
    await app.create('prices', { id: 'a', once: { from: 1, until: 2 } })
    await app.update('prices', 'a', { once: { from: 1, until: 2 }, count: { from: 20 } })
    expect(await errorsOf(app.update('prices', 'a', { once: { until: 3 } }))).toBe('immutable_field, /once immutable')
  })
})

describe('no two overlap', () => {
  test('where an exclusion says so: the end is free for the next', async () => {
    await app.create('stays', { room: '1', stay: stay('01', '05') })
    await app.create('stays', { room: '1', stay: stay('05', '07') })
    await app.create('stays', { room: '2', stay: stay('01', '07') })
    const error = await app.create('stays', { room: '1', stay: stay('04', '06') }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 'overlap',
      detail: `'stay' overlaps another record with this 'room'`,
      options: { errors: [{ pointer: '/stay', code: 'overlap', message: 'overlaps another record' }] },
    })
    const insert = `insert into $.stays (room, stay) values ('1', '[2026-03-06,2026-03-08)')`
    await expect(app.run(insert)).rejects.toMatchObject({ sqlState: '23P01' })
  })

  test('of many who want one at once, one gets it', async () => {
    const attempts = Array.from({ length: 60 }, (_, n) =>
      app.create('stays', { room: '1', stay: stay(`0${1 + (n % 4)}`, '09') }),
    )
    expect(await outcomes(attempts)).toEqual({ ok: 1, overlap: 59 })
  })

  test('a record that is in nobody’s way changes together with others', async () => {
    const { id } = await app.create('stays', { room: '1', stay: stay('01', '05') })
    await app.create('stays', { room: '1', stay: stay('10', '15') })
    expect(await outcome(app.update('stays', id, { stay: { until: '2026-03-10' } }))).toBe('ok')
    expect(await outcome(app.update('stays', id, { stay: { until: '2026-03-11' } }))).toBe('overlap')
  })
})

describe('plain SQL is held, too', () => {
  test.each([
    ['days', 'empty'],
    ['days', '(,2026-01-01)'],
    ['days', '(,)'],
    ['days', '[2026-01-01,infinity)'],
    ['slot', '(2026-01-01T00:00Z,2026-01-02T00:00Z)'],
    ['slot', '[2026-01-01T00:00Z,2026-01-02T00:00Z]'],
    ['slot', '[2026-01-01T00:00:00.0001Z,)'],
    ['slot', '[-infinity,2026-01-01T00:00Z)'],
    ['slot', '(,)'],
    ['amount', '[1,2]'],
    ['amount', '[1.2345,2)'],
    ['amount', '[1,)'],
    ['amount', '[1,NaN)'],
    ['amount', '[1,1e36)'],
    ['amount', '[-infinity,1)'],
    ['count', '[-9007199254740993,0)'],
    ['count', '[20,9007199254740993)'],
    ['serial', '[1,)'],
  ])('a %s is not %s', async (field, range) => {
    await expect(app.run(`insert into $.prices (id, ${field}) values ('x', '${range}')`)).rejects.toMatchObject({
      sqlState: '23514',
      constraint: `prices__ends_${field}`,
    })
  })

  test('what PostgreSQL writes in another way is the same', async () => {
    await app.run(
      `insert into $.prices (id, days, count, amount, slot) values ('x', '[2026-01-01,2026-01-04]', '(0,9]', '[1,2.5)', '(,2026-01-01T01:00+01)')`,
    )
    expect((await list('prices', {}))[0]).toMatchObject({
      days: { from: '2026-01-01', until: '2026-01-05' },
      count: { from: 1, until: 10 },
      amount: { from: '1.000', until: '2.500' },
      slot: { from: null, until: '2026-01-01T00:00:00.000Z' },
    })
  })

  test('what is computed is NULL where it is no range of the field', async () => {
    await app.run(
      `insert into $.prices (id, first, last) values ('x', '2026-01-02', '2026-01-01'), ('y', null, '2026-01-01'), ('z', '2026-01-01', null)`,
    )
    expect((await list('prices', { sort: 'id' })).map(({ made }) => made)).toEqual([
      null,
      null,
      { from: '2026-01-01', until: null },
    ])
  })
})

describe('reading', () => {
  beforeEach(async () => {
    await app.create('stays', { room: '1', stay: stay('01', '05') })
    await app.create('stays', { room: '2', stay: stay('03', '04') })
    await app.create('stays', { room: '1', stay: stay('05', '09') })
  })
  const rooms = async (query: object) =>
    (await list('stays', query)).map(({ room, stay: of }) => `${String(room)} ${String((of as Rec)['from']).slice(8)}`)

  test.each<[string, string[]]>([
    ["stay.overlaps(range(date('2026-03-04'), date('2026-03-06')))", ['1 01', '1 05']],
    ["stay.contains(date('2026-03-03'))", ['1 01', '2 03']],
    ["stay.contains('2026-03-05')", ['1 05']],
    ["stay.contains(range(date('2026-03-02'), date('2026-03-05')))", ['1 01']],
    ["stay == range(date('2026-03-03'), date('2026-03-04'))", ['2 03']],
    ["stay.from >= date('2026-03-03') && stay.until < '2026-03-09'", ['2 03']],
    ["stay.overlaps(range(date('2026-03-06'), date('2026-03-04')))", []],
    ["stay.overlaps(range(null, date('2026-03-02')))", ['1 01']],
    ["stay.overlaps(range(date('2026-03-08'), null))", ['1 05']],
  ])('filters by %s', async (filter, found) => {
    expect(await rooms({ filter, sort: 'stay.from' })).toEqual(found)
  })

  test('an index of the ranges serves', async () => {
    const filter = "stay.overlaps(range(date('2026-03-04'), date('2026-03-06')))"
    const [index] = await app.run(
      `select indexdef as def from pg_indexes where schemaname = '${app.schema}' and indexname = 'stays__index_stay'`,
    )
    expect(index?.['def']).toContain('USING gist (stay)')
    const plan = await app.run(
      `set local enable_seqscan = off; set local enable_bitmapscan = off; explain select from $.stays t where t.stay && roadbase.range('2026-03-04'::date, '2026-03-06'::date)`,
    )
    expect(plan.map((row) => Object.values(row).join()).join('\n')).toMatch(/Index Cond: \(stay &&/)
    expect(await rooms({ filter })).toHaveLength(2)
  })

  test('sorts by an end, page by page', async () => {
    expect(await rooms({ sort: '-stay.until,room' })).toEqual(['1 05', '1 01', '2 03'])
    const first = JSON.parse(
      (await listRecords(app.collection('stays'), app.caller(), { sort: 'stay.from', limit: '2' })).body,
    ) as { nextCursor: string }
    const next = await list('stays', { sort: 'stay.from', limit: '2', cursor: first.nextCursor })
    expect(next).toMatchObject([{ stay: stay('05', '09') }])
    expect(await errorsOf(list('stays', { sort: 'stay' }))).toBe('invalid_sort')
  })

  test('groups by an end, and finds the least and the greatest', async () => {
    const of = async (query: object) =>
      (JSON.parse((await aggregateRecords(app.collection('stays'), app.caller(), query)).body) as { items: Rec[] })
        .items
    expect(await of({ groupBy: 'stay.from' })).toEqual([
      { stayFrom: '2026-03-01', count: 1 },
      { stayFrom: '2026-03-03', count: 1 },
      { stayFrom: '2026-03-05', count: 1 },
    ])
    expect(await of({ select: 'min(stay.from) as first,max(stay.until) as last', groupBy: 'room' })).toEqual([
      { room: '1', first: '2026-03-01', last: '2026-03-09' },
      { room: '2', first: '2026-03-03', last: '2026-03-04' },
    ])
  })

  test('what a caller may not read is in no filter', async () => {
    await app.create('prices', { id: 'a', secret: { from: 1, until: 2 } })
    expect(await list('prices', { filter: 'secret.contains(1) || secret != null || secret.from == 1' })).toEqual([])
  })
})

describe('export and import', () => {
  test.each(['csv', 'jsonl', 'json'] as const)(
    '%s: what was exported and imported is exported the same',
    async (format) => {
      const collection = app.collection('prices')
      await app.create('prices', {
        id: 'a',
        days: { from: '2026-01-01' },
        amount: { until: '1' },
        count: { from: 1, until: 2 },
        serial: { from: '1', until: '2' },
      })
      await app.create('prices', { id: 'b', slot: { from: '2026-01-01T00:00:00Z' }, count: { until: 5 } })
      await app.create('prices', { id: 'c', since: null, fixed: null })
      const fields = 'id,days,slot,amount,count,serial,since,fixed'
      const once = await exported(collection, { format, fields, sort: 'id' })
      if (format === 'csv') {
        expect(once.split('\n').slice(0, 2)).toEqual([
          'id,days.from,days.until,slot.from,slot.until,amount.from,amount.until,count.from,count.until,serial.from,serial.until,since.from,since.until,fixed.from,fixed.until',
          expect.stringMatching(/^a,2026-01-01,,,,,1\.000,1,2,1,2,2026[^,]+Z,,1\.00,2\.50$/),
        ])
      }
      await app.run('truncate $.prices')
      await imported('prices', once, format)
      expect(await exported(collection, { format, fields, sort: 'id' })).toBe(once)
    },
  )

  test('a line with a range that is none is told, and the others come in', async () => {
    const lines = 'room,stay.from,stay.until\n1,2026-01-01,2026-01-03\n2,2026-01-03,2026-01-01\n3,2026-01-03,\n'
    expect(await imported('stays', lines, 'csv')).toMatchObject({
      created: 1,
      errors: [
        { line: 2, pointer: '/stay/until' },
        { line: 3, pointer: '/stay/until' },
      ],
    })
    expect((await list('stays', {})).map(({ room }) => room)).toEqual(['1'])
    expect(() => imported('stays', 'room,stay.til\n1,2\n', 'csv')).toThrow('is no end of a range')
  })

  /** Cells without quotes; what is JSON as it is. */
  function imported(name: string, text: string, format: 'csv' | 'jsonl' | 'json') {
    const [header = '', ...rows] = format === 'json' ? [] : text.trim().split('\n')
    const values =
      format === 'json'
        ? (JSON.parse(text) as unknown[])
        : [header, ...rows].map((row) => (format === 'csv' ? row : (JSON.parse(row) as unknown)))
    const items = (format === 'csv' ? rows : values).map((value, index): ImportItem => {
      const place = { line: index + 1, size: 100 }
      return format === 'csv'
        ? {
            ...place,
            cells: String(value)
              .split(',')
              .map((cell) => cell || null),
          }
        : { ...place, value }
    })
    const table = format === 'csv' ? { header: header.split(','), parse: JSON.parse } : undefined
    const run = importRecords(createGate({ most: 1, each: 1 }), app.collection(name), app.caller(), {}, table)
    return run(Readable.from([items]), () => {}, new AbortController().signal)
  }
})

test('history and trash keep ranges as they were', async () => {
  await app.create('prices', { id: 'kept', days: stay('01', '02'), amount: { until: '1.5' } })
  await app.update('prices', 'kept', { days: { until: null } })
  const prices = app.collection('prices')
  const { items } = JSON.parse(await listHistory(prices, app.caller(), { id: 'kept' })) as { items: { record: Rec }[] }
  expect(items.map(({ record }) => record['days'])).toEqual([{ from: '2026-03-01', until: null }, stay('01', '02')])
  await app.remove('prices', 'kept')
  const back = JSON.parse((await restoreRecord(prices, { ...app.caller(), administrator }, { id: 'kept' })).body) as Rec
  expect(back).toMatchObject({ days: { from: '2026-03-01', until: null }, amount: { from: null, until: '1.500' } })
})

test('a view shows ranges, its own and those of others', async () => {
  await app.create('stays', { room: '1', stay: stay('03', '05') })
  const filter = "stay.overlaps(range(date('2026-03-04'), null)) && month.contains('2026-03-02')"
  expect(await list('taken', { filter, fields: 'stay,month' })).toEqual([
    { stay: stay('03', '05'), month: stay('01', '05') },
  ])
})

test('an index of a range and another field may be all that an app has of ranges, and be of a view', async () => {
  const other = await testDatabase()
  const kept = (index: string) => `
collections:
  shifts: { schema: { properties: { desk: { type: string }, first: { type: string, format: date } } } }
  weeks:
    view: select id, desk, daterange(first, first + 7) as days from shifts
    materialized: true
    ${index}
    rules: { read: true }
`
  const server = appServer(other.db)
  const slug = server.newSlug('weeks')
  await server.load(slug, kept('index: [[desk, days]]'))
  const { schema } = (await server.load(slug, kept('index: [[days], [desk, days]]'))).app()
  const found = await other.db.once<Rec>(
    `select indexdef as def from pg_indexes where schemaname = '${schema}' and indexdef like '%gist%' order by 1`,
  )
  expect(found.map(({ def }) => String(def).replace(/.* USING /, ''))).toEqual(['gist (days)', 'gist (desk, days)'])
  await server.close()
  await other.drop()
})

test('a create is made once for each of many, and a batch of them keeps what each has', async () => {
  const bodies = Array.from({ length: 40 }, (_, n) => ({
    id: `k${n}`,
    count: n % 3 === 0 ? null : { from: n - 60, until: n - 58 },
  }))
  const made = await Promise.all(bodies.map((body) => createRecord(app.collection('prices'), app.caller(), { body })))
  expect(made.map(({ body }) => (JSON.parse(body) as Rec)['count'])).toEqual(bodies.map(({ count }) => count))
})
