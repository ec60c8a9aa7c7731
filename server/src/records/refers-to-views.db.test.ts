import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { refreshAppView } from './app-views.ts'
import { runBatch } from './batch/run-batch.ts'
import type { Caller } from './caller.ts'
import type { Collection } from './collection.ts'
import { aggregateRecords } from './operations/aggregate-records.ts'
import { createRecord } from './operations/create-record.ts'
import { deleteRecord } from './operations/delete-record.ts'
import type { ListParameters } from './operations/list-plans.ts'
import { listRecords } from './operations/list-records.ts'
import { updateRecord } from './operations/update-record.ts'
import { seedApp } from './seed/seed-app.ts'
import { appServer } from './testing-apps.ts'

const SHOP = `
collections:
  products:
    schema: { properties: { name: { type: string }, genre: { enum: [tea, cup] }, secret: { type: boolean } } }
    rules: { read: true, write: true }
  sales:
    schema: { properties: { product: { $ref: products, onDelete: cascade }, count: { type: integer } } }
    rules: { read: true, write: true }
  stats:
    view: |
      select p.id, p.name, p.secret, p.genre as of_genre, coalesce(sum(s.count), 0)::bigint as sold
      from products p left join sales s on s.product = p.id group by p.id
    schema: { properties: { ofGenre: { $ref: genres, inverse: products } } }
    rules: { read: "record.secret != true || auth.id != null" }
  genres:
    view: select genre as id, count(*) as count from products group by genre
    rules: { read: true }
  kept:
    view: select id, name from products
    materialized: true
    rules: { read: true }
  notes:
    schema:
      properties:
        about: { $ref: stats, inverse: notes }
        genre: { $ref: genres }
        kept: { $ref: kept }
        text: { type: string }
    unique: [[about, text]]
    rules: { read: true, write: true }
    fields: { text: { create: "record.about == null || record.about.sold < 100" } }
`
const SEED = `
default:
  green: { products: { name: Green, genre: tea } }
  hint: { notes: { text: Fine, about: green, kept: green, genre: tea } }
`

let database: TestDatabase
let server: ReturnType<typeof appServer>
let slug: string

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})
beforeEach(async () => {
  slug = server.newSlug('shop')
  expect((await server.load(slug, SHOP, SEED)).issues).toEqual([])
})

describe('a record that refers to a row of a view', () => {
  let green: string
  let hush: string
  beforeEach(async () => {
    green = await create('products', { name: 'Green', genre: 'tea' })
    hush = await create('products', { name: 'Hush', genre: 'cup', secret: true })
    await create('sales', { product: green, count: 3 })
  })

  test('is written if the row is there for the caller', async () => {
    await create('notes', { about: green, genre: 'tea', text: 'Fine' })
    const missing = { code: 'reference_not_found', options: { errors: [{ pointer: '/about' }] } }
    const nowhere = '0190a6b1-7c3e-7d2f-8a4b-5c6d7e8f9a0b'
    await expect(create('notes', { about: nowhere })).rejects.toMatchObject(missing)
    await expect(create('notes', { about: hush })).rejects.toMatchObject(missing)
    await create('notes', { about: hush }, user)
    await expect(create('notes', { about: 'tea' })).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(create('notes', { genre: 'coffee' })).rejects.toMatchObject({ code: 'validation_failed' })
  })

  test('is read with it: in expand, filters, sorts, groups and rules, and by its rules', async () => {
    await create('notes', { about: green, genre: 'tea', text: 'Fine' })
    await create('notes', { about: hush, text: 'Secret' }, user)
    expect(await list('notes', { expand: 'about.ofGenre,genre', fields: 'text', sort: 'text' })).toEqual([
      {
        text: 'Fine',
        expand: {
          about: {
            ...{ id: green, name: 'Green', secret: null, sold: 3, ofGenre: 'tea' },
            expand: { ofGenre: { id: 'tea', count: 1 } },
          },
          genre: { id: 'tea', count: 1 },
        },
      },
      { text: 'Secret', expand: {} },
    ])
    const texts = async (parameters: ListParameters, caller = nobody) =>
      (await list('notes', parameters, caller)).map(({ text }) => text)
    expect(await texts({ filter: 'about.sold == 3' })).toEqual(['Fine'])
    expect(await texts({ filter: 'about.sold < 3' })).toEqual([])
    expect(await texts({ filter: 'about.sold < 3' }, user)).toEqual(['Secret'])
    expect(await texts({ sort: 'about.sold' }, user)).toEqual(['Secret', 'Fine'])
    const sums = await aggregateRecords(collection('notes'), user, { select: 'count', groupBy: 'about.name' })
    expect(JSON.parse(sums.body).items).toHaveLength(2)
    await create('sales', { product: green, count: 100 })
    await expect(create('notes', { about: green, text: 'More' })).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('is one of the list of those that refer to the row, under the name of the relation back', async () => {
    await create('notes', { about: green, text: 'Fine' })
    await create('notes', { about: green, text: 'Good' })
    expect(await list('stats', { expand: 'notes(sort:-text;fields:text)', fields: 'sold' })).toEqual([
      { sold: 3, expand: { notes: [{ text: 'Good' }, { text: 'Fine' }] } },
    ])
    expect(await list('stats', { filter: "notes.exists(n, n.text == 'Good')", fields: 'name' })).toEqual([
      { name: 'Green' },
    ])
    // Of two views as well.
    expect(await list('genres', { expand: 'products(fields:sold)', filter: "id == 'tea'" })).toEqual([
      { id: 'tea', count: 1, expand: { products: [{ sold: 3 }] } },
    ])
  })

  test('is held by nothing: the row goes, and what is left is an id that leads nowhere', async () => {
    const note = await create('notes', { about: green, genre: 'tea', text: 'Fine' })
    await deleteRecord(collection('products'), nobody, { id: green })
    expect(await list('notes', { expand: 'about,genre' })).toEqual([
      expect.objectContaining({ about: green, genre: 'tea', text: 'Fine', expand: {} }),
    ])
    await updateRecord(collection('notes'), nobody, { id: note, body: { text: 'Still fine' } })
    await updateRecord(collection('notes'), nobody, { id: note, body: { about: green } }).catch((error: unknown) =>
      expect(error).toMatchObject({ code: 'reference_not_found' }),
    )
    expect(
      await run('select confrelid::regclass from pg_constraint where conrelid = $1::regclass and contype = $2'),
    ).toEqual([])
  })

  test('of a view that keeps its rows refers to one of those that it has', async () => {
    await expect(create('notes', { kept: green })).rejects.toMatchObject({ code: 'reference_not_found' })
    await refreshAppView({ db: database.db, section: server.records, report: () => {} }, app(), 'kept')
    await create('notes', { kept: green })
    expect(await list('notes', { expand: 'kept', fields: 'id' })).toEqual([
      { id: expect.any(String), expand: { kept: { id: green, name: 'Green' } } },
    ])
  })

  test('of many that are written at once, each has its own answer', async () => {
    const outcomes = await Promise.allSettled([
      create('notes', { about: green, text: 'a' }),
      create('notes', { about: hush, text: 'b' }),
      create('notes', { about: green, text: 'c' }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})

test('a batch finds rows of a view that come from the records before it', async () => {
  const { app: load, issues } = await server.load(
    server.newSlug('chain'),
    `collections:
  links:
    id: { type: string }
    schema: { properties: { name: { type: string }, after: { $ref: ends } } }
    rules: { read: true, write: true }
  ends: { view: select id from links, rules: { read: true } }
`,
  )
  expect(issues).toEqual([])
  const collections = load().part(server.records)
  const operations = ['a', 'b', 'c'].map((id, at, all) => ({
    create: 'links',
    data: { id, ...(at === 0 ? {} : { after: all[at - 1] }) },
  }))
  const links = collections.get('links') ?? never()
  await runBatch(links.app, { get: (name) => collections.get(name), names: [] }, nobody, {
    body: { operations },
    isAborted: () => false,
  })
  const { body } = await listRecords(links, nobody, { fields: 'id,after', sort: 'id' })
  expect(JSON.parse(body).items).toEqual([
    { id: 'a', after: null },
    { id: 'b', after: 'a' },
    { id: 'c', after: 'b' },
  ])
})

test('a seed names the record whose id the row has, in whatever order they come', async () => {
  await seedApp(server.seedDeps, app(), { set: 'default' })
  expect(await list('notes', { expand: 'about(fields:name)', fields: 'genre,text' })).toEqual([
    { genre: 'tea', text: 'Fine', expand: { about: { name: 'Green' } } },
  ])
})

function app() {
  return server.loader.registry.get(slug) ?? never()
}

function collection(name: string): Collection {
  return app().part(server.records).get(name) ?? never()
}

const request = { id: 'r', method: 'GET', path: '/', ip: '127.0.0.1' }
const nobody: Caller = { userId: null, sessionId: null, request }
const user: Caller = { ...nobody, userId: '0190a6b1-7c3e-7d2f-8a4b-5c6d7e8f9a0c' }

async function create(name: string, body: object, caller = nobody): Promise<string> {
  const { body: created } = await createRecord(collection(name), caller, { body })
  return JSON.parse(created ?? '{}').id
}

async function list(name: string, parameters: ListParameters, caller = nobody): Promise<Record<string, unknown>[]> {
  return JSON.parse((await listRecords(collection(name), caller, parameters)).body).items
}

function run(statement: string) {
  return database.db.once(statement, [`app_${slug.replaceAll('-', '_')}.notes`, 'f'])
}

function never(): never {
  throw new Error('That is not there')
}
