import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { Problem } from '../errors/problem.ts'
import type { Caller } from './caller.ts'
import type { Collection } from './collection.ts'
import { openCollection } from './open-collection.ts'
import { aggregateRecords } from './operations/aggregate-records.ts'
import { deleteMatching, updateMatching } from './operations/change-matching.ts'
import { createRecord } from './operations/create-record.ts'
import { deleteRecord } from './operations/delete-record.ts'
import { distinctValues } from './operations/distinct-values.ts'
import { getRecord } from './operations/get-record.ts'
import type { ListParameters } from './operations/list-plans.ts'
import { listRecords } from './operations/list-records.ts'
import { recordExists } from './operations/record-exists.ts'
import { replaceRecord } from './operations/replace-record.ts'
import { updateRecord } from './operations/update-record.ts'
import { upsertRecord } from './operations/upsert-record.ts'
import { validateRecord } from './operations/validate-record.ts'
import { appServer } from './testing-apps.ts'
import { exportRecords } from './transfer/export-records.ts'
import { createGate } from './transfer/gate.ts'
import { importRecords } from './transfer/import-records.ts'

const CINEMA = `
collections:
  movies:
    schema:
      required: [title]
      properties: { title: { type: string }, genre: { enum: [drama, comedy] }, budget: { type: integer, hidden: true } }
    rules: { read: record.title != 'Secret' }
  showtimes:
    schema:
      required: [movie, price]
      properties:
        movie: { $ref: movies }
        price: { type: string, format: decimal, scale: 2 }
        seats: { type: string, format: int64 }
        host: { $ref: users }
  takenSeats:
    softDelete: true
    schema: { required: [showtime], properties: { showtime: { $ref: showtimes, onDelete: cascade }, note: { type: string } } }
    rules: { read: true }
  occupancy:
    description: How many seats are sold.
    view: |
      select s.id, s.movie, s.host, s.seats, count(t.id) as sold, count(t.id) * s.price as revenue
      from showtimes s left join taken_seats t on t.showtime = s.id
      group by s.id
    schema:
      required: [sold]
      properties:
        sold: { type: integer, description: Seats that are taken. }
        movie: { $ref: movies, inverse: shows }
    rules: { read: record.sold < 3 || record.host == auth.id }
    fields: { revenue: { read: record.host == auth.id } }
  genres:
    view: select genre as id, sum(o.sold) as sold from occupancy o join movies m on m.id = o.movie group by genre
    rules: { read: true }
`

let database: TestDatabase
let server: ReturnType<typeof appServer>
let collections: { get(name: string): Collection | undefined }
let schema: string
let host: string
const shows = new Map<string, string>()

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  const slug = server.newSlug('cinema')
  schema = schemaOf(slug)
  const { app } = await server.load(slug, CINEMA)
  collections = app().part(server.records)
  host = await insert('users', { email: 'ada@example.org' })
  for (const [title, genre, seats] of [
    ['Alien', 'drama', 1],
    ['Brazil', 'comedy', 2],
    ['Secret', 'drama', 3],
    ['Empty', null, 0],
  ] as const) {
    const movie = await insert('movies', { title, genre, budget: 7 })
    const show = await insert('showtimes', { movie, price: '7.50', seats: '9007199254740993', host })
    shows.set(title, show)
    for (let seat = 0; seat < seats; seat++) await insert('taken_seats', { showtime: show })
  }
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

describe('fields', () => {
  test('are the columns, with what their sources are, what the schema says, or their types', () => {
    const fields = [...collection('occupancy').model.fields.values()]
    expect(
      fields.map(({ name, type, required, reference }) => [name, type.format, required, reference?.collection]),
    ).toEqual([
      ['id', 'uuid', true, undefined],
      ['movie', 'reference', false, 'movies'],
      ['host', 'reference', false, 'users'],
      ['seats', 'int64', false, undefined],
      ['sold', 'integer', true, undefined],
      ['revenue', 'decimal', false, undefined],
    ])
    expect(collection('genres').model.fields.get('id')?.documented).toMatchObject({ enum: ['drama', 'comedy'] })
  })
})

describe('reading', () => {
  test('a record, with an ETag of its bytes', async () => {
    const read = await get('occupancy', shows.get('Brazil'), nobody)
    expect(JSON.parse(read.body)).toEqual({
      id: shows.get('Brazil'),
      movie: expect.any(String),
      host,
      seats: '9007199254740993',
      sold: 2,
    })
    const again = await getRecord(collection('occupancy'), nobody, {
      id: shows.get('Brazil') ?? '',
      ifNoneMatch: read.etag,
    })
    expect(again.status).toBe(304)
  })

  test('rules of rows and of fields hold', async () => {
    await expect(get('occupancy', shows.get('Secret'), nobody)).rejects.toMatchObject({ code: 'not_found' })
    expect(JSON.parse((await get('occupancy', shows.get('Secret'), asHost())).body)).toMatchObject({
      sold: 3,
      revenue: '22.50',
    })
    expect(await list('occupancy', { filter: "revenue > decimal('1')" }, nobody)).toEqual([])
    expect(await list('occupancy', { filter: "revenue > decimal('1')" }, asHost())).toHaveLength(3)
  })

  test('relations are followed: in filters, in sorts, in expand, and back', async () => {
    expect(await list('occupancy', { filter: "movie.title == 'Brazil'", expand: 'movie', fields: 'sold' })).toEqual([
      { sold: 2, expand: { movie: expect.objectContaining({ title: 'Brazil' }) } },
    ])
    const sorted = await list('occupancy', { sort: '-movie.title', fields: 'sold' }, asHost())
    expect(sorted.map(({ sold }) => sold)).toEqual([3, 0, 2, 1])
    const [movie] = await list('movies', { filter: "title == 'Alien'", expand: 'shows(fields:sold)' })
    expect(movie).toMatchObject({ expand: { shows: [{ sold: 1 }] } })
    // A hop passes the rules of where it leads: to others, the secret film has no title.
    const [hidden] = await list('occupancy', { filter: 'sold == 3', expand: 'movie' }, asHost())
    expect(hidden?.['expand']).toEqual({})
  })

  test('pages, counts, aggregates, distinct values, and whether there is one', async () => {
    const first = await page('occupancy', { sort: '-sold', limit: '2', count: 'exact' }, asHost())
    expect(first).toMatchObject({ items: [{ sold: 3 }, { sold: 2 }], total: 4 })
    const second = await page('occupancy', { sort: '-sold', limit: '2', cursor: String(first.nextCursor) }, asHost())
    expect(second).toMatchObject({ items: [{ sold: 1 }, { sold: 0 }], nextCursor: null })
    const sum = await aggregateRecords(collection('occupancy'), asHost(), { select: 'count,sum(sold),sum(revenue)' })
    expect(JSON.parse(sum.body)).toEqual({ items: [{ count: 4, sumSold: 6, sumRevenue: '45.00' }] })
    const sold = await distinctValues(collection('occupancy'), nobody, { field: 'sold' })
    expect(JSON.parse(sold.body)).toEqual({ items: [0, 1, 2] })
    expect(await recordExists(collection('occupancy'), nobody, { filter: 'sold > 1' })).toBe(true)
  })

  test('a view reads another one, and a row without an id is no record', async () => {
    expect(await list('genres', { sort: 'id' })).toEqual([
      { id: 'comedy', sold: '2.00' },
      { id: 'drama', sold: '4.00' },
    ])
  })

  test('what lies in the trash is not counted', async () => {
    const seat = await insert('taken_seats', { showtime: shows.get('Empty') })
    expect(await sold('Empty')).toBe(1)
    await database.db.once(`delete from "${schema}".taken_seats where id = $1::uuid`, [seat])
    expect(await sold('Empty')).toBe(0)
  })
})

describe('writing', () => {
  const id = '0190a6b1-7c3e-7d2f-8a4b-5c6d7e8f9a0b'
  test.each<[name: string, write: (one: Collection) => unknown]>([
    ['create', (one) => createRecord(one, asHost(), { body: {} })],
    ['validate', (one) => validateRecord(one, asHost(), { body: {} })],
    ['update', (one) => updateRecord(one, asHost(), { id, body: { sold: 1 } })],
    ['replace', (one) => replaceRecord(one, asHost(), { id, body: {} })],
    ['upsert', (one) => upsertRecord(one, asHost(), { by: 'id', body: {} })],
    ['delete', (one) => deleteRecord(one, asHost(), { id })],
    ['update many', (one) => updateMatching(one, asHost(), { filter: 'true', limit: '1', body: {} })],
    ['delete many', (one) => deleteMatching(one, asHost(), { filter: 'true', limit: '1' })],
    ['import', (one) => importRecords(createGate({ most: 1, each: 1 }), one, asHost(), {}, undefined)],
  ])('%s is no method of it, for users and administrators', async (_, write) => {
    for (const one of [collection('occupancy'), openCollection(collection('occupancy'))]) {
      const refused = await Promise.resolve()
        .then(() => write(one))
        .catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(Problem)
      expect(refused).toMatchObject({ code: 'method_not_allowed', status: 405 })
    }
  })
})

describe('a row that can not be computed', () => {
  const RATIOS = `
collections:
  parts:
    schema: { properties: { name: { type: string }, total: { type: integer }, parts: { type: integer } } }
    rules: { read: true }
    fields: { name: { read: "auth.id != null || db.ratios.exists(r, r.share > 1000)" } }
  ratios:
    view: select id, name, total / parts as share from parts
    rules: { read: true }
`
  let ratios: Collection
  let parts: Collection
  let broken: string
  let whole: string

  beforeAll(async () => {
    const slug = server.newSlug('ratios')
    const { app } = await server.load(slug, RATIOS)
    const loaded = app().part(server.records)
    const get = (name: string) => loaded.get(name) ?? collection(name)
    ratios = get('ratios')
    parts = get('parts')
    const rows = await database.db.once<{ id: string }>(
      `insert into "${schemaOf(slug)}".parts (name, total, parts) values ('whole', 6, 3), ('broken', 1, 0) returning id`,
    )
    whole = rows[0]?.id ?? ''
    broken = rows[1]?.id ?? ''
  })

  const conflict = { code: 'conflict', status: 409, detail: expect.stringContaining('it divides by zero') }

  function exported(filter: string) {
    return exportRecords(createGate({ most: 1, each: 1 }), ratios, nobody, { filter }, new AbortController().signal)
  }

  test('is told as a conflict, in every way of reading, and to the operator', async () => {
    server.events.length = 0
    for (const read of [
      () => listRecords(ratios, nobody, {}),
      () => getRecord(ratios, nobody, { id: broken }),
      () => recordExists(ratios, nobody, { filter: 'share > 5' }),
      () => aggregateRecords(ratios, nobody, { select: 'sum(share)' }),
      () => distinctValues(ratios, nobody, { field: 'share' }),
      () => exported(`name == 'broken'`),
    ]) {
      await expect(read()).rejects.toMatchObject(conflict)
      expect(server.events.splice(0)).toEqual([
        { type: 'view.failed', app: ratios.app.slug, views: ['ratios'], sqlState: '22012' },
      ])
    }
  })

  test('breaks an export off, at the latest behind the rows before it', async () => {
    const whole = exported('true').then(async ({ bytes }) => {
      for await (const _part of bytes);
    })
    await expect(whole).rejects.toBeInstanceOf(Error)
  })

  test('is told where the rule of another collection looks at it', async () => {
    await expect(getRecord(parts, nobody, { id: whole })).rejects.toMatchObject(conflict)
  })

  test('fails none of those who ask at the same time', async () => {
    const id = (of: string) => getRecord(ratios, nobody, { id: of }).then(({ body }) => body)
    const named = (name: string) =>
      listRecords(ratios, nobody, { filter: `name == '${name}'` }).then(({ body }) => body)
    const outcomes = await Promise.allSettled([
      ...[id(whole), id(broken), id(whole)],
      ...[named('whole'), named('broken'), named('nothing')],
    ])
    expect(outcomes).toMatchObject([
      { value: expect.stringContaining('"share":2') },
      { reason: conflict },
      { value: expect.stringContaining('"share":2') },
      { value: expect.stringContaining('"share":2') },
      { reason: conflict },
      { value: expect.stringContaining('"items":[]') },
    ])
  })
})

test('a view belongs to the role of the app, which may read nothing else', async () => {
  const [row] = await database.db.once<{ owner: string }>(
    'select viewowner as owner from pg_views where schemaname = $1 and viewname = $2',
    [schema, 'occupancy'],
  )
  expect(row?.owner).toBe(schema)
  const may = await database.db.once<{ may: boolean }>(
    `select has_schema_privilege($1::text, $1::text, 'create') as may`,
    [schema],
  )
  expect(may).toEqual([{ may: false }])
})

function collection(name: string): Collection {
  const found = collections.get(name)
  if (found === undefined) throw new Error(`There is no collection ${name}`)
  return found
}

const request = { id: 'r', method: 'GET', path: '/', ip: '127.0.0.1' }
const nobody: Caller = { userId: null, sessionId: null, request }
const asHost = (): Caller => ({ userId: host, sessionId: null, request })

function get(name: string, id: string | undefined, caller: Caller) {
  return getRecord(collection(name), caller, { id: id ?? '' })
}

async function page(name: string, parameters: ListParameters & { cursor?: string }, caller: Caller = nobody) {
  const { body } = await listRecords(collection(name), caller, parameters)
  return JSON.parse(body) as { items: Record<string, unknown>[]; nextCursor: string | null; total?: number }
}

async function list(name: string, parameters: ListParameters, caller: Caller = nobody) {
  return (await page(name, parameters, caller)).items
}

async function sold(title: string): Promise<unknown> {
  const [first] = await list('occupancy', { filter: `movie.title == '${title}'` })
  return first?.['sold']
}

async function insert(table: string, values: Readonly<Record<string, unknown>>): Promise<string> {
  const columns = Object.keys(values)
  const [row] = await database.db.once<{ id: string }>(
    `insert into "${schema}"."${table}" (${columns.join(', ')}) values (${columns.map((_, at) => `$${at + 1}`).join(', ')}) returning id`,
    Object.values(values) as (string | number | null)[],
  )
  return row?.id ?? ''
}

function schemaOf(slug: string): string {
  return `app_${slug.replaceAll('-', '_')}`
}

test('an id that is a relation is what the ids are that it refers to', async () => {
  const { app, issues } = await server.load(
    server.newSlug('halls'),
    `
collections:
  halls: { id: { type: string }, rules: { read: true, write: true } }
  seats: { schema: { properties: { hall: { $ref: halls }, room: { $ref: halls } } }, rules: { create: true } }
  taken:
    view: select s.hall as id, s.room, count(*) as seats from seats s where s.hall is not null group by s.hall, s.room
    rules: { read: true }
`,
  )
  expect(issues).toEqual([])
  const of = (name: string): Collection => app().part(server.records).get(name) as Collection
  await createRecord(of('halls'), nobody, { body: { id: 'north' } })
  await createRecord(of('seats'), nobody, { body: { hall: 'north', room: 'north' } })
  const row = { id: 'north', room: 'north', seats: 1 }
  expect(JSON.parse((await listRecords(of('taken'), nobody, {})).body).items).toEqual([row])
  expect(JSON.parse((await getRecord(of('taken'), nobody, { id: 'north' })).body)).toEqual(row)
})
