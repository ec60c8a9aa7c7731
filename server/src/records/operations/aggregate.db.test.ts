import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { openCollection } from '../open-collection.ts'
import { appServer } from '../testing-apps.ts'
import type { AggregateParameters, DistinctParameters } from './aggregate-plans.ts'
import { aggregateRecords } from './aggregate-records.ts'
import { distinctValues } from './distinct-values.ts'
import { recordExists } from './record-exists.ts'

const SHOP = `
collections:
  authors:
    schema:
      properties:
        name: { type: string }
        open: { type: boolean, default: true }
        rank: { type: string, format: int64 }
    rules: { read: record.open }
  sales:
    schema:
      properties:
        category: { type: string }
        state: { enum: [new, paid] }
        author: { $ref: authors, onDelete: cascade }
        seller: { $ref: users, onDelete: cascade }
        amount: { type: integer }
        big: { type: string, format: int64 }
        price: { type: string, format: decimal, scale: 2 }
        weight: { type: number }
        gift: { type: boolean }
        at: { type: string, format: date-time }
        day: { type: string, format: date }
        spent: { type: string, format: duration }
        tags: { type: array, items: { type: string } }
        address: { type: object, properties: { city: { type: string }, floor: { type: integer } } }
        secret: { type: string, hidden: true }
        margin: { type: integer }
        listed: { type: boolean, default: true }
    rules: { list: record.listed || record.seller == auth.id, view: false, write: false }
    fields: { margin: { read: record.seller == auth.id } }
`

const ANYBODY: Caller = { userId: null, sessionId: null, request: { id: 'r', method: 'GET', path: '/', ip: '' } }

let database: TestDatabase
let server: ReturnType<typeof appServer>
let sales: Collection
let run: (text: string) => Promise<unknown>
let seller: Caller

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  const slug = server.newSlug('shop')
  const { app } = await server.load(slug, SHOP)
  const found = app().part(server.records).get('sales')
  if (found === undefined) throw new Error('There are no sales')
  sales = found
  run = (text) => database.db.once(text.replaceAll('$.', `"${app().schema}".`))
  await run(`insert into $.users (email) values ('a@b.c')`)
  const [user] = await database.db.once<{ id: string; sid: string }>(
    `insert into roadbase.sessions (id, app, user_id, expires_at)
     select gen_random_uuid(), '${slug}', id, now() + interval '1 hour' from "${app().schema}".users returning user_id::text as id, id::text as sid`,
  )
  seller = { ...ANYBODY, userId: user?.id ?? '', sessionId: user?.sid ?? '' }
  await run(`insert into $.authors (name, open, rank) values ('Ada', true, 9007199254740993), ('Bob', false, 1)`)
  await run(`
    insert into $.sales (category, state, author, amount, big, price, weight, gift, at, day, spent, address, secret) values
      ('books', 'paid', (select id from $.authors where name = 'Ada'), 1, 9007199254740993, 0.10, 0.5, true,
        '2026-03-29T00:30:00Z', '2026-03-01', 'PT30M', '{"city": "Rome", "floor": 1}', 'x'),
      ('books', 'new', (select id from $.authors where name = 'Bob'), 2, 9007199254740993, 0.20, 1.5, false,
        '2026-03-28T23:30:00Z', '2026-03-31', 'PT90M', '{"city": "Rome"}', 'y'),
      ('toys', 'paid', null, 5, null, 1.00, null, null, '2026-12-31T23:30:00Z', '2026-01-01', null, null, 'z'),
      (null, null, null, null, null, null, null, null, null, null, null, null, null)`)
  await run(`insert into $.sales (category, amount, margin, seller, listed)
    select 'own', 7, 100, id, false from $.users union all select 'own', 8, 50, id, true from $.users`)
})
afterAll(async () => {
  await server.close()
  await database.drop()
})

const textOf = async (sent: AggregateParameters, caller = ANYBODY) => (await aggregateRecords(sales, caller, sent)).body
const items = async (sent: AggregateParameters, caller = ANYBODY): Promise<unknown> =>
  (JSON.parse(await textOf(sent, caller)) as { items: unknown }).items
const refusal = (sent: AggregateParameters) => aggregateRecords(sales, ANYBODY, sent).catch((error: unknown) => error)
const distinct = async (sent: DistinctParameters, caller = ANYBODY): Promise<unknown> =>
  (JSON.parse((await distinctValues(sales, caller, sent)).body) as { items: unknown }).items

const WITHOUT_OWN = "category != 'own'"

describe('results', () => {
  test('are of all records without groups, in the order in which they are named', async () => {
    const select = 'count,count(category),count(distinct category),sum(amount),avg(amount) as mean,min(at),max(day)'
    expect(await items({ select, filter: WITHOUT_OWN })).toEqual([
      {
        count: 4,
        countCategory: 3,
        countDistinctCategory: 2,
        sumAmount: 8,
        mean: 8 / 3,
        minAt: '2026-03-28T23:30:00.000Z',
        maxDay: '2026-03-31',
      },
    ])
  })

  test('of no records are no sums, and a count of 0', async () => {
    expect(await items({ select: 'count,sum(amount),avg(price),min(category)', filter: 'amount > 1000' })).toEqual([
      { count: 0, sumAmount: null, avgPrice: null, minCategory: null },
    ])
    expect(await items({ groupBy: 'category', filter: 'amount > 1000' })).toEqual([])
  })

  test('keep every digit: of int64 and decimal they are texts, of the scale of the field and 10 digits in averages', async () => {
    const select = 'sum(big),avg(big),max(big),sum(price),avg(price),min(price)'
    expect(await items({ select, filter: "category == 'books'" })).toEqual([
      {
        sumBig: '18014398509481986',
        avgBig: '9007199254740993.0000000000',
        maxBig: '9007199254740993',
        sumPrice: '0.30',
        avgPrice: '0.1500000000',
        minPrice: '0.10',
      },
    ])
  })

  test('of integers are numbers of any length', async () => {
    await run(`insert into $.sales (category, amount) select 'many', 9007199254740991 from generate_series(1, 3)`)
    expect(await textOf({ select: 'sum(amount)', filter: "category == 'many'" })).toBe(
      '{"items":[{"sumAmount":27021597764222973}]}',
    )
    expect(await items({ select: 'sum(decimal(amount)) as exact', filter: "category == 'many'" })).toEqual([
      { exact: '27021597764222973' },
    ])
    await run(`delete from $.sales where category = 'many'`)
  })

  test('know numbers, durations and what has an order', async () => {
    const select = 'sum(weight),avg(weight),sum(spent),avg(spent),max(spent),min(gift),max(gift),max(state)'
    expect(await items({ select })).toEqual([
      {
        sumWeight: 2,
        avgWeight: 1,
        sumSpent: 'PT2H',
        avgSpent: 'PT1H',
        maxSpent: 'PT1H30M',
        minGift: false,
        maxGift: true,
        maxState: 'paid',
      },
    ])
  })

  test('may be of expressions, and of what is inside of objects', async () => {
    const select = 'sum(price * decimal(amount)) as revenue,max(address.floor),count(distinct address.city) as cities'
    expect(await items({ select, filter: WITHOUT_OWN })).toEqual([{ revenue: '5.50', maxAddressFloor: 1, cities: 1 }])
  })

  test('never raise: a sum that its type can not hold is null, and the others are told', async () => {
    await run(`insert into $.sales (category, weight, spent) values
      ('huge', 1.7e308, interval '2147483647 hours'), ('huge', 1.7e308, interval '2147483647 hours'), ('huge2', 0.1, 'PT1S')`)
    await run(`insert into $.sales (category, at) values ('huge', '294276-12-31T23:30:00Z')`)
    const select = 'sum(weight),sum(spent)'
    expect(await items({ select, groupBy: 'category', filter: "category.startsWith('huge')" })).toEqual([
      { category: 'huge', sumWeight: null, sumSpent: null },
      { category: 'huge2', sumWeight: 0.1, sumSpent: 'PT1S' },
    ])
    const groupBy = "day(at,'Asia/Tokyo')"
    expect(await items({ groupBy, filter: "category.startsWith('huge')" })).toEqual([{ day: null, count: 4 }])
    await run(`delete from $.sales where category like 'huge%'`)
  })
})

describe('groups', () => {
  test('are those of each value, null among them, in the order of their keys', async () => {
    expect(await items({ groupBy: 'category,state', filter: WITHOUT_OWN })).toEqual([
      { category: 'books', state: 'new', count: 1 },
      { category: 'books', state: 'paid', count: 1 },
      { category: 'toys', state: 'paid', count: 1 },
      { category: null, state: null, count: 1 },
    ])
  })

  test.each([
    ['gift', [false, true, null]],
    ['day', ['2026-01-01', '2026-03-01', '2026-03-31', null]],
    ['address.city as city', ['Rome', null]],
    ['price', ['0.10', '0.20', '1.00', null]],
    ['at', ['2026-03-28T23:30:00.000Z', '2026-03-29T00:30:00.000Z', '2026-12-31T23:30:00.000Z', null]],
    ['year(at)', ['2026', null]],
    ["year(at, 'Europe/Berlin')", ['2026', '2027', null]],
    ['quarter(at)', ['2026-Q1', '2026-Q4', null]],
    ['month(at)', ['2026-03', '2026-12', null]],
    ['week(at)', ['2026-W13', '2026-W53', null]],
    ["day(at,'Europe/Berlin')", ['2026-03-29', '2027-01-01', null]],
    ["day(at,'+14:00')", ['2026-03-29', '2027-01-01', null]],
    [
      "hour(at,'Europe/Berlin')",
      ['2026-03-29T00:00:00+01:00', '2026-03-29T01:00:00+01:00', '2027-01-01T00:00:00+01:00', null],
    ],
    [
      "hour(at,'America/New_York')",
      ['2026-03-28T19:00:00-04:00', '2026-03-28T20:00:00-04:00', '2026-12-31T18:00:00-05:00', null],
    ],
    ['hour(at)', ['2026-03-28T23:00:00Z', '2026-03-29T00:00:00Z', '2026-12-31T23:00:00Z', null]],
    ['month(day)', ['2026-01', '2026-03', null]],
    ['week(day)', ['2026-W01', '2026-W09', '2026-W14', null]],
    ['day(day) as d', ['2026-01-01', '2026-03-01', '2026-03-31', null]],
  ])('by %s', async (groupBy, keys) => {
    const found = (await items({ groupBy, filter: WITHOUT_OWN })) as Record<string, unknown>[]
    expect(found.map((item) => Object.values(item)[0])).toEqual(keys)
  })

  test('by what a relation leads to are under the rules of that collection', async () => {
    expect(await items({ groupBy: 'author.name', filter: WITHOUT_OWN })).toEqual([
      { authorName: 'Ada', count: 1 },
      { authorName: null, count: 3 },
    ])
    expect(await items({ select: 'max(author.rank)', filter: WITHOUT_OWN })).toEqual([
      { maxAuthorRank: '9007199254740993' },
    ])
  })

  test('can be chosen by their results, sorted by them, and limited', async () => {
    const sent = { select: 'count,sum(amount) as total', groupBy: "category,month(at,'Europe/Berlin')" }
    const having = "total >= 3 && month != null && month != '2026-04'"
    expect(await items({ ...sent, having, sort: '-total' })).toEqual([
      { category: 'toys', month: '2027-01', count: 1, total: 5 },
      { category: 'books', month: '2026-03', count: 2, total: 3 },
    ])
    expect(await items({ ...sent, sort: '-total:nullsLast', limit: '1' })).toEqual([
      { category: 'own', month: null, count: 1, total: 8 },
    ])
    expect(
      await items({ select: 'avg(amount)', groupBy: 'category', having: 'avgAmount > 4.5', sort: '-category' }),
    ).toEqual([
      { category: 'toys', avgAmount: 5 },
      { category: 'own', avgAmount: 8 },
    ])
    expect(await items({ ...sent, having: 'total / count > 100000' })).toEqual([])
  })

  test('are refused when there are more than can be told, and nobody has said how many are wanted', async () => {
    await run(`insert into $.sales (category, amount) select 'g' || n, n from generate_series(1, 1001) n`)
    const sent = { groupBy: 'category', filter: "category.startsWith('g')" }
    expect(await refusal(sent)).toMatchObject({ code: 'query_too_costly' })
    expect(await items({ ...sent, sort: '-category', limit: '1' })).toEqual([{ category: 'g999', count: 1 }])
    await run(`delete from $.sales where category like 'g%'`)
  })
})

describe('callers', () => {
  test('aggregate what they may list, and read of it what they may read', async () => {
    const sent = { select: 'count,sum(margin),count(margin)', filter: "category == 'own'" }
    expect(await items(sent)).toEqual([{ count: 1, sumMargin: null, countMargin: 0 }])
    expect(await items(sent, seller)).toEqual([{ count: 2, sumMargin: 150, countMargin: 2 }])
    expect(await items({ groupBy: 'margin', filter: "category == 'own'" })).toEqual([{ margin: null, count: 1 }])
    expect(await items({ groupBy: 'category', having: 'max > 10', select: 'max(margin) as max' })).toEqual([])
    expect(await distinct({ field: 'margin' })).toEqual([])
    expect(await distinct({ field: 'margin', sort: '-margin' }, seller)).toEqual([100, 50])
  })

  test('with a session that has ended get nothing', async () => {
    const ended = { ...seller, sessionId: '00000000-0000-7000-8000-000000000000' }
    expect(await aggregateRecords(sales, ended, {}).catch((error: unknown) => error)).toMatchObject({
      code: 'invalid_token',
    })
    expect(await recordExists(sales, ended, {}).catch((error: unknown) => error)).toMatchObject({
      code: 'invalid_token',
    })
  })

  test('who administer are asked for no rule', async () => {
    const { body } = await aggregateRecords(openCollection(sales), ANYBODY, { select: 'sum(margin)' })
    expect(body).toBe('{"items":[{"sumMargin":150}]}')
  })

  test('who ask the same together are answered by one statement, and everybody gets their own', async () => {
    const sent = { select: 'count', filter: "category == 'own'" }
    const bodies = await Promise.all([seller, ANYBODY, seller].map((caller) => textOf(sent, caller)))
    expect(bodies).toEqual(['{"items":[{"count":2}]}', '{"items":[{"count":1}]}', '{"items":[{"count":2}]}'])
  })
})

describe('what is not understood is told with its place', () => {
  test.each<[AggregateParameters, string, string]>([
    [{ select: 'sum(amuont)' }, 'invalid_parameter', "did you mean 'amount'? (at character 5 of 'select')"],
    [{ select: 'count,sum(secret)' }, 'invalid_parameter', "(at character 11 of 'select')"],
    [{ select: 'sum(category)' }, 'invalid_parameter', 'is neither a number nor a duration'],
    [{ select: 'min(author)' }, 'invalid_parameter', 'is an id'],
    [{ select: 'count(tags)' }, 'invalid_parameter', "(at character 7 of 'select')"],
    [{ select: 'summ(amount)' }, 'invalid_parameter', "did you mean 'sum'?"],
    [{ select: 'amount' }, 'invalid_parameter', 'is no aggregate'],
    [{ select: 'sum(amount, price)' }, 'invalid_parameter', 'takes one field'],
    [{ select: 'sum()' }, 'invalid_parameter', "(at character 5 of 'select')"],
    [{ select: 'count,,sum(amount)' }, 'invalid_parameter', "nothing between the commas (at character 7 of 'select')"],
    [{ select: '' }, 'invalid_parameter', 'nothing between the commas'],
    [{ select: 'sum(amount' }, 'invalid_parameter', 'is no aggregate'],
    [{ select: 'sum(amount * 2)' }, 'invalid_parameter', 'give the result a name'],
    [{ select: 'sum(amount) as 1x' }, 'invalid_parameter', "'1x' is no name"],
    [{ select: 'sum(amount) as "x"; drop' }, 'invalid_parameter', 'is no aggregate'],
    [{ select: 'count,sum(amount) as count' }, 'invalid_parameter', "the name 'count'"],
    [{ select: 'sum(amount) as now' }, 'invalid_parameter', "the name 'now'"],
    [{ select: 'sum(db.sales.exists(s, true))' }, 'invalid_parameter', "'db' is not available here"],
    [{ groupBy: 'categry' }, 'invalid_parameter', "did you mean 'category'?"],
    [{ groupBy: 'tags' }, 'invalid_parameter', "of 'groupBy'"],
    [{ groupBy: 'secret' }, 'invalid_parameter', "of 'groupBy'"],
    [{ groupBy: "month(at,'Europe/Berln')" }, 'invalid_parameter', "did you mean 'Europe/Berlin'? (at character 10 of"],
    [{ groupBy: "month(at,'x'';drop')" }, 'invalid_parameter', 'in quotes'],
    [{ groupBy: 'month(amount)' }, 'invalid_parameter', 'neither a point in time nor a date'],
    [{ groupBy: 'hour(day)' }, 'invalid_parameter', 'has no hours'],
    [{ groupBy: "month(day,'UTC')" }, 'invalid_parameter', 'in no time zone'],
    [{ groupBy: 'moth(at)' }, 'invalid_parameter', "did you mean 'month'?"],
    [{ groupBy: 'month(at),month(day)' }, 'invalid_parameter', "the name 'month'"],
    [{ having: 'total > 1' }, 'invalid_filter', "(at character 1 of 'having')"],
    [{ having: "count == 'x'" }, 'invalid_filter', "of 'having'"],
    [{ having: 'amount > 1' }, 'invalid_filter', "of 'having'"],
    [{ sort: 'amount' }, 'invalid_sort', 'there are count'],
    [{ sort: 'count,count' }, 'invalid_sort', 'twice'],
    [{ limit: '0' }, 'invalid_parameter', 'from 1 to 1000'],
    [{ limit: '1001' }, 'invalid_parameter', 'from 1 to 1000'],
    [{ filter: 'amuont > 1' }, 'invalid_filter', "of 'filter'"],
    [{ groupBy: 'a,'.repeat(9).slice(0, -1) }, 'invalid_parameter', 'more than 8'],
  ])('%j', async (sent, code, words) => {
    expect(await refusal(sent)).toMatchObject({ code, detail: expect.stringContaining(words) })
  })
})

describe('distinct values', () => {
  test.each<[DistinctParameters, unknown]>([
    [{ field: 'category' }, ['books', 'own', 'toys']],
    [{ field: 'category', sort: '-category', limit: '2' }, ['toys', 'own']],
    [{ field: 'address.city' }, ['Rome']],
    [{ field: 'author.name' }, ['Ada']],
    [{ field: 'price', filter: 'amount < 5' }, ['0.10', '0.20']],
  ])('%j', async (sent, values) => {
    expect(await distinct(sent)).toEqual(values)
  })

  test.each<[DistinctParameters, string]>([
    [{}, 'names the field'],
    [{ field: 'secret' }, "of 'field'"],
    [{ field: 'tags' }, "of 'field'"],
  ])('%j is refused', async (sent, words) => {
    expect(await distinct(sent).catch((error: unknown) => error)).toMatchObject({
      detail: expect.stringContaining(words),
    })
  })
})

test('that a record exists is told by filter, among those that the caller may list', async () => {
  expect(await recordExists(sales, ANYBODY, {})).toBe(true)
  expect(await recordExists(sales, ANYBODY, { filter: 'amount == 5' })).toBe(true)
  expect(await recordExists(sales, ANYBODY, { filter: 'amount == 6' })).toBe(false)
  expect(await recordExists(sales, ANYBODY, { filter: 'amount == 7' })).toBe(false)
  expect(await recordExists(sales, seller, { filter: 'amount == 7' })).toBe(true)
  expect(await recordExists(sales, ANYBODY, { filter: 'margin > 0' })).toBe(false)
})
