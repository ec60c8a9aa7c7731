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

const whole = { type: 'integer' }
const shows = (properties: object, beside: object = {}) => ({ shows: { schema: { properties }, ...beside } })
const plain = { hall: { type: 'string' }, begins: whole, ends: whole }
const exclude = [{ key: ['hall'], range: ['begins', 'ends'] }]
const overlap = { sqlState: '23P01' }
const insert = (...rows: [string | null, number | null, number | null][]) =>
  app.run(
    `insert into $.shows (hall, begins, ends) values ${rows.map((row) => `(${row.map((one) => (typeof one === 'string' ? `'${one}'` : String(one))).join(', ')})`).join(', ')}`,
  )

describe('what overlaps, whoever writes', () => {
  test('is refused for equal keys, and free for others', async () => {
    await app.load(shows(plain, { exclude }))
    await insert(['a', 1, 5], ['a', 5, 9], ['b', 1, 9], [null, 1, 9], [null, 1, 9])
    await expect(insert(['a', 4, 6])).rejects.toMatchObject(overlap)
    await expect(app.run(`update $.shows set hall = 'a' where hall = 'b'`)).rejects.toMatchObject(overlap)
    await app.run(`set local role "${app.schema}"; insert into $.shows (hall, begins, ends) values ('a', 9, 10)`)
    await expect(
      app.run(`set local role "${app.schema}"; insert into $.shows (hall, begins, ends) values ('a', 9, 10)`),
    ).rejects.toMatchObject(overlap)
  })

  test('has no bound where it has no value, and never ends before it begins', async () => {
    await app.load(shows(plain, { exclude }))
    await insert(['a', 5, null])
    await expect(insert(['a', 1000, 1001])).rejects.toMatchObject(overlap)
    await insert(['a', 1, 5])
    await expect(insert(['b', 2, 1])).rejects.toMatchObject({ sqlState: '23514' })
  })

  test.each([
    ['date-time', `'2026-01-01T10:00Z'`, `'2026-01-01T11:00Z'`, `'2026-01-01T12:00Z'`],
    ['date', `'2026-01-01'`, `'2026-01-02'`, `'2026-01-03'`],
    ['decimal', '1.00', '1.50', '2.00'],
    ['int64', '1', '2', '3'],
  ])('ranges of %s, with and without their end', async (format, one, two, three) => {
    const end = { type: 'string', format }
    const properties = { hall: { type: 'string' }, begins: end, ends: end }
    const adjacent = `insert into $.shows (hall, begins, ends) values ('a', ${one}, ${two}), ('a', ${two}, ${three})`
    await app.load(shows(properties, { exclude }))
    await app.run(adjacent)
    await app.run('delete from $.shows')
    await app.load(shows(properties, { exclude: [{ ...exclude[0], bounds: '[]' }] }))
    await expect(app.run(adjacent)).rejects.toMatchObject(overlap)
    await app.run(`insert into $.shows (hall, begins, ends) values ('a', ${one}, ${one}), ('a', ${two}, ${two})`)
  })
})

describe('an exclude for records that are there', () => {
  test('is refused with their number, and tells who waits', async () => {
    await app.load(shows(plain))
    await insert(
      ['a', 1, 5],
      ['a', 4, 6],
      ['a', 2, 3],
      ['a', 6, 7],
      ['b', 2, 3],
      ['b', null, 1],
      [null, 1, 9],
      [null, 1, 9],
    )
    const refused = ['records of shows whose begins to ends overlaps an earlier one with the same hall: 2']
    expect(await app.load(shows(plain, { exclude }))).toEqual(refused)
    const build = app.plan(shows(plain, { exclude })).steps.find(({ change }) => change?.kind === 'exclude')
    expect(build).toMatchObject({ blocks: 'everything', work: { kind: 'build' } })
    await app.run(`delete from $.shows where hall = 'a' and begins in (2, 4)`)
    expect(await app.load(shows(plain, { exclude }))).toEqual([])
    await expect(insert(['a', 4, 6])).rejects.toMatchObject(overlap)
  })

  test.each([
    [
      [
        [1, null],
        [5, 6],
        [8, 9],
      ],
      2,
    ],
    [
      [
        [null, 5],
        [null, 3],
        [6, 7],
      ],
      1,
    ],
    [
      [
        [1, 1],
        [1, 2],
        [1, 1],
      ],
      0,
    ],
    [
      [
        [1, 10],
        [2, 3],
        [4, 5],
        [10, 11],
      ],
      2,
    ],
    [
      [
        [null, null],
        [1, 2],
      ],
      1,
    ],
  ] as [[number | null, number | null][], number][])('of %j, %d overlap one before', async (ranges, count) => {
    await app.load(shows(plain))
    for (const [begins, ends] of ranges) await insert(['a', begins, ends])
    const found = await app.load(shows(plain, { exclude: [{ range: ['begins', 'ends'] }] }))
    expect(found).toEqual(
      count === 0 ? [] : [`records of shows whose begins to ends overlaps an earlier one: ${count}`],
    )
  })

  test('with a condition counts only those that meet it', async () => {
    const where = { ...exclude[0], where: `record.hall != 'void'` }
    await app.load(shows(plain))
    await insert(['void', 1, 5], ['void', 1, 5])
    expect(await app.load(shows(plain, { exclude: [where] }))).toEqual([])
    await insert(['void', 1, 5], ['a', 1, 5])
    await expect(insert(['a', 1, 5])).rejects.toMatchObject(overlap)
  })
})

describe('an exclude that is there', () => {
  const constraints = () =>
    app.run(
      `select conname as name, conindid as index from pg_constraint where contype = 'x' and conrelid in (select oid from pg_class where relnamespace = '${app.schema}'::regnamespace)`,
    )

  test('is kept when fields and collections are renamed', async () => {
    await app.load(shows(plain, { exclude }))
    const [before] = await constraints()
    const renamed = {
      plays: {
        renamedFrom: 'shows',
        schema: {
          properties: {
            room: { type: 'string', renamedFrom: 'hall' },
            start: { ...whole, renamedFrom: 'begins' },
            ends: whole,
          },
        },
        exclude: [{ key: ['room'], range: ['start', 'ends'] }],
      },
    }
    expect(await app.load(renamed)).toEqual([])
    expect(await constraints()).toEqual([{ name: 'plays__exclude_room_start_ends', index: before?.['index'] }])
  })

  test('goes with its keyword, and comes back with a hidden collection', async () => {
    await app.load(shows(plain, { exclude }))
    await insert(['a', 1, 5])
    await app.load({})
    await app.load(shows(plain, { exclude }))
    await expect(insert(['a', 1, 5])).rejects.toMatchObject(overlap)
    expect((await constraints()).map(({ name }) => name)).toEqual(['shows__exclude_hall_begins_ends'])
    await app.load(shows(plain))
    expect(await constraints()).toEqual([])
    await insert(['a', 1, 5])
  })

  test('is made anew when a field of it changes its type', async () => {
    await app.load(shows(plain, { exclude }))
    await insert(['a', 1, 5])
    const decimal = { type: 'string', format: 'decimal' }
    expect(await app.load(shows({ ...plain, begins: decimal, ends: decimal }, { exclude }))).toEqual([])
    await expect(insert(['a', 4, 6])).rejects.toMatchObject(overlap)
  })
})
