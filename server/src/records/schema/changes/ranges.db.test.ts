import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { type TestApp, testApp } from './testing-app.ts'

let database: TestDatabase
let app: TestApp
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.drop())
beforeEach(async () => {
  app = await testApp(database.db)
})

const text = { type: 'string' }
const days = { type: 'range', of: 'date' }
const things = (properties: object, rest: object = {}, beside: object = {}) => ({
  things: { schema: { properties, ...rest }, ...beside },
})
const loaded = async (...all: [collections: object, restores?: number][]) => {
  for (const [collections, restores] of all) expect(await app.load(collections, restores)).toEqual([])
}
const stored = async (name = 'a') =>
  (await app.run(`select ${name}::text as value from $.things order by created_at, id`)).map(({ value }) => value)
const insert = (...values: string[]) =>
  app.run(`insert into $.things (a) values ${values.map((one) => `('${one}')`).join(', ')}`)

describe('a range', () => {
  test('is added to a table that is filled: empty, by its default, or by a backfill of what was there', async () => {
    await loaded([things({ first: { type: 'string', format: 'date' }, last: { type: 'string', format: 'date' } })])
    await app.run(`insert into $.things (first, last) values ('2026-01-01', '2026-01-03')`)
    const old = { first: { type: 'string', format: 'date' }, last: { type: 'string', format: 'date' } }
    const more = {
      ...old,
      a: days,
      b: { ...days, default: { from: '2026-02-01', until: '2026-02-02' } },
      c: { ...days, backfill: 'range(record.first, record.last)' },
    }
    await loaded([things(more, { required: ['b', 'c'] })])
    expect([await stored('a'), await stored('b'), await stored('c')]).toEqual([
      [null],
      ['[2026-02-01,2026-02-02)'],
      ['[2026-01-01,2026-01-03)'],
    ])
  })

  test('that a backfill can not make is counted', async () => {
    const old = { first: { type: 'string', format: 'date' } }
    await loaded([things(old)])
    await app.run(`insert into $.things (first) values ('2026-01-01')`)
    const next = things({ ...old, c: { ...days, backfill: 'range(record.first, record.first)' } }, { required: ['c'] })
    expect(await app.load(next)).toEqual([expect.stringMatching(/records of things for which 'c' gets no value: 1/)])
  })

  test('that is required must be there', async () => {
    await loaded([things({ a: days })])
    await app.run('insert into $.things default values')
    expect(await app.load(things({ a: days }, { required: ['a'] }))).toEqual([
      expect.stringMatching(/records of things that have no 'a': 1/),
    ])
    await app.run(`update $.things set a = '[2026-01-01,2026-01-02)'`)
    await loaded([things({ a: days }, { required: ['a'] })])
  })

  test('keeps its values, its exclusion and its index by another name', async () => {
    const keys = (name: string) => ({ exclude: [{ key: ['room'], range: name }], index: [['room', name]] })
    await loaded([things({ a: days, room: text }, {}, keys('a'))])
    await app.run(`insert into $.things (a, room) values ('[2026-01-01,2026-01-03)', '1')`)
    const oids = `select oid from pg_class where relname in ('things__exclude_room_a', 'things__index_room_a', 'things__exclude_room_b', 'things__index_room_b') order by 1`
    const before = await app.run(oids)
    expect(before).toHaveLength(2)
    const next = things({ b: { ...days, renamedFrom: 'a' }, room: text }, {}, keys('b'))
    expect(app.plan(next).steps.filter(({ work }) => work !== undefined)).toEqual([])
    await loaded([next])
    expect(await stored('b')).toEqual(['[2026-01-01,2026-01-03)'])
    expect(await app.run(oids)).toEqual(before)
    await expect(
      app.run(`insert into $.things (b, room) values ('[2026-01-02,2026-01-05)', '1')`),
    ).rejects.toMatchObject({ constraint: 'things__exclude_room_b' })
    await expect(app.run(`insert into $.things (b) values ('empty')`)).rejects.toMatchObject({
      constraint: 'things__ends_b',
    })
  })

  test('goes out of sight, and comes back with a rollback', async () => {
    await loaded([things({ a: days })])
    await insert('[2026-01-01,2026-01-03)')
    await loaded([things({ x: text })], [things({ a: days }), 1])
    expect(await stored()).toEqual(['[2026-01-01,2026-01-03)'])
  })

  test('gets an exclusion where nothing overlaps, else what does is counted', async () => {
    await loaded([things({ a: days })])
    await insert(
      '[2026-01-01,2026-01-03)',
      '[2026-01-03,2026-01-05)',
      '[2026-01-04,2026-01-06)',
      '[2026-01-01,2026-01-02)',
    )
    const next = things({ a: days }, {}, { exclude: [{ range: 'a' }] })
    expect(await app.load(next)).toEqual([
      expect.stringMatching(/records of things whose a overlaps an earlier one: 2/),
    ])
    await app.run(`delete from $.things where upper(a) in ('2026-01-06', '2026-01-02')`)
    await loaded([next], [things({ a: days })], [next])
  })

  test('gets an index with another field beside what is live', async () => {
    await loaded([things({ a: days, n: { type: 'integer' } })])
    await insert('[2026-01-01,2026-01-03)')
    await loaded([things({ a: days, n: { type: 'integer' } }, {}, { index: [['n', 'a']] })])
    const [index] = await app.run(
      `select indexdef as def from pg_indexes where schemaname = '${app.schema}' and indexname = 'things__index_n_a'`,
    )
    expect(index?.['def']).toContain('USING gist (n, a)')
  })
})

describe('another kind of range', () => {
  test('takes over days as instants, and whole numbers as decimals', async () => {
    await loaded([things({ a: days, b: { type: 'range', of: 'integer', open: 'until' } })])
    await app.run(`insert into $.things (a, b) values ('[2026-01-01,2026-01-03)', '[1,)')`)
    await loaded([things({ a: { ...days, of: 'date-time' }, b: { type: 'range', of: 'decimal', open: 'until' } })])
    expect([await stored('a'), await stored('b')]).toEqual([
      ['["2026-01-01 00:00:00+00","2026-01-03 00:00:00+00")'],
      ['[1,)'],
    ])
    await expect(insert('(2026-01-01T00:00Z,2026-01-02T00:00Z)')).rejects.toMatchObject({
      constraint: 'things__ends_a',
    })
  })

  test.each([
    ['days', 'date-time', 'date', /'a' can not change its type from tstzrange to daterange/],
    ['decimals', 'decimal', 'integer', /'a' can not change its type from numrange to int8range/],
  ])('has no way to %s', async (_name, from, to, message) => {
    await loaded([things({ a: { type: 'range', of: from } })])
    expect(await app.load(things({ a: { type: 'range', of: to } }))).toEqual([expect.stringMatching(message)])
  })

  test('a text has no way into one, nor back', async () => {
    await loaded([things({ a: text, b: days })])
    expect(await app.load(things({ a: days, b: text }))).toHaveLength(2)
  })

  test('narrower ranges count what does not fit', async () => {
    const wide = { type: 'range', of: 'decimal', open: 'both', scale: 3 }
    await loaded([things({ a: wide })])
    await insert('[1,)', '[1.5,2.125)', '[1,2)')
    expect(await app.load(things({ a: { ...wide, scale: 2 } }))).toEqual([
      expect.stringMatching(/records of things that have a 'a' that the schema no longer allows: 1/),
    ])
    expect(await app.load(things({ a: { ...wide, open: 'from' } }))).toEqual([expect.stringMatching(/: 1$/)])
    const whole = { type: 'range', of: 'int64', open: 'both' }
    await loaded([things({ b: whole })])
    await app.run(`insert into $.things (b) values ('[1,9223372036854775807)')`)
    expect(await app.load(things({ b: { ...whole, of: 'integer' } }))).toEqual([expect.stringMatching(/: 1$/)])
  })
})

test('a free key becomes a range where it is one, and is a free key again with a rollback', async () => {
  const open = { additionalProperties: true }
  const price = { type: 'range', of: 'decimal', open: 'until' }
  await loaded([things({ x: text }, open)])
  await app.run(
    `insert into $.things ("~rest") values ('{"a": {"from": "2026-01-01", "until": "2026-01-03"}, "b": {"from": 1.5}}')`.replace(
      '"~rest"',
      `"${await freeColumn()}"`,
    ),
  )
  await loaded([things({ x: text, a: days, b: price }, open)])
  expect([await stored('a'), await stored('b')]).toEqual([['[2026-01-01,2026-01-03)'], ['[1.5,)']])
  await loaded([things({ x: text }, open), 1])
  const [row] = await app.run(`select "${await freeColumn()}" as free from $.things`)
  expect(JSON.parse(String(row?.['free']))).toEqual({
    a: { from: '2026-01-01', until: '2026-01-03' },
    b: { from: '1.5', until: null },
  })
  await app.run(`update $.things set "${await freeColumn()}" = '{"a": {"from": "2026-01-03", "until": "2026-01-01"}}'`)
  expect(await app.load(things({ x: text, a: days }, open))).toEqual([
    expect.stringMatching(/records of things whose 'a' does not fit the new field: 1/),
  ])
})

async function freeColumn(): Promise<string> {
  const [row] = await app.run(
    `select column_name as name from information_schema.columns where table_schema = '${app.schema}' and table_name = 'things' and data_type = 'jsonb'`,
  )
  return String(row?.['name'])
}
