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
const list = (more: object = {}, items: object = {}) => ({ type: 'array', items: { $ref: 'tags', ...items }, ...more })
const tags = { schema: { properties: { name: text } } }
const blog = (properties: object, more: object = {}) => ({
  tags,
  posts: { schema: { properties: { title: text, ...properties } } },
  ...more,
})

const [A, B, C] = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000000${n}`)
const POST = '00000000-0000-7000-8000-000000000009'

async function fill(): Promise<void> {
  await app.run(`insert into $.tags (id, name) values ('${A}', 'a'), ('${B}', 'b'), ('${C}', 'c')`)
  await app.run(`insert into $.posts (id, title) values ('${POST}', 'p')`)
}

const put = (column: string, ids: readonly (string | undefined)[]) =>
  app.run(`update $.posts set ${column} = '${JSON.stringify(ids)}'`)
const stored = async (column: string) =>
  (await app.run(`select ${column} as ids from $.posts`)).map(({ ids }) => JSON.parse(String(ids)) as unknown)
const entries = async (table: string) =>
  (await app.run(`select position || target::text as e from $.${table} order by owner, position`)).map(({ e }) => e)
const titles = (collections: object) => app.plan(collections).steps.map(({ title }) => title)

describe('a list of references', () => {
  test('comes to a table that is filled: its records have an empty one', async () => {
    await app.load(blog({}))
    await fill()
    expect(await app.load(blog({ tags: list() }))).toEqual([])
    expect(await stored('tags')).toEqual([[]])
    await put('tags', [B, A])
    expect(await entries('posts__list_tags')).toEqual([`0${B}`, `1${A}`])
    // What is as it was changes nothing.
    expect(titles(blog({ tags: list() }))).toEqual([])
  })

  test('goes with its field, and comes back as it was without what was deleted meanwhile', async () => {
    await app.load(blog({ tags: list() }))
    await fill()
    await put('tags', [C, A, B])
    expect(await app.load(blog({}))).toEqual([])
    await app.run(`delete from $.tags where id = '${A}'`)
    expect(await app.load(blog({ tags: list() }), 1)).toEqual([])
    expect(await stored('tags')).toEqual([[C, B]])
    expect(await entries('posts__list_tags')).toEqual([`0${C}`, `1${B}`])
    await app.run(`delete from $.tags where id = '${C}'`)
    expect(await stored('tags')).toEqual([[B]])
  })

  test('goes with its collection, and comes back with it', async () => {
    await app.load(blog({ tags: list() }))
    await fill()
    await put('tags', [A, B])
    expect(await app.load({ tags })).toEqual([])
    await app.run(`delete from $.tags where id = '${A}'`)
    expect(await app.load(blog({ tags: list() }), 1)).toEqual([])
    expect([await stored('tags'), await entries('posts__list_tags')]).toEqual([[[B]], [`0${B}`]])
    await app.load({ tags })
    await app.purge()
    expect(app.remains()).toEqual([])
  })

  test('follows the new names of its field and of both collections, with its entries where they are', async () => {
    await app.load(blog({ tags: list({ uniqueItems: true }) }))
    await fill()
    await put('tags', [A, B])
    const before = await app.run(`select '$.posts__list_tags'::regclass::oid as id`)
    const renamed = {
      labels: { ...tags, renamedFrom: 'tags' },
      articles: {
        renamedFrom: 'posts',
        schema: {
          properties: {
            title: text,
            labels: { type: 'array', items: { $ref: 'labels' }, uniqueItems: true, renamedFrom: 'tags' },
          },
        },
      },
    }
    expect(await app.load(renamed)).toEqual([])
    expect(await app.run(`select '$.articles__list_labels'::regclass::oid as id`)).toEqual(before)
    await app.run(`update $.articles set labels = '["${C}", "${A}"]'`)
    expect(await entries('articles__list_labels')).toEqual([`0${C}`, `1${A}`])
    await app.run(`delete from $.labels where id = '${C}'`)
    expect(await app.run('select labels from $.articles')).toEqual([{ labels: `["${A}"]` }])
  })

  test('exchanges its name with another', async () => {
    await app.load(blog({ one: list(), two: list() }))
    await fill()
    await put('one', [A])
    await put('two', [B, C])
    expect(await app.load(blog({ one: list({ renamedFrom: 'two' }), two: list({ renamedFrom: 'one' }) }))).toEqual([])
    expect([await stored('one'), await stored('two')]).toEqual([[[B, C]], [[A]]])
    await app.run(`delete from $.tags where id = '${B}'`)
    expect([await stored('one'), await entries('posts__list_two')]).toEqual([[[C]], [`0${A}`]])
  })

  test('can be made of a list of texts that are ids, and become one again', async () => {
    await app.load(blog({ tags: { type: 'array', items: text } }))
    await fill()
    await app.run(`insert into $.posts (title) values ('without')`)
    await app.run(`update $.posts set tags = '["${A}", "lost"]' where title = 'p'`)
    expect(await app.load(blog({ tags: list() }))).toEqual([
      "records of posts whose 'tags' has something that is no record of tags: 1",
    ])
    await app.run(`update $.posts set tags = '["${String(A).toUpperCase()}"]' where title = 'p'`)
    expect(await app.load(blog({ tags: list({ backfill: '[]' }) }))).toEqual([])
    expect(await stored('tags')).toEqual(expect.arrayContaining([[A], []]))
    expect(await entries('posts__list_tags')).toEqual([`0${A}`])
    expect(await app.load(blog({ tags: { type: 'array', items: text } }))).toEqual([])
    expect(await app.run(`update $.posts set tags = '["anything"]' where title = 'p' returning tags`)).toEqual([
      { tags: '["anything"]' },
    ])
  })

  test('is not made of what holds something twice, where no record may', async () => {
    await app.load(blog({ tags: list() }))
    await fill()
    await put('tags', [A, A])
    expect(await app.load(blog({ tags: list({ uniqueItems: true }) }))).toEqual([
      "records of posts whose 'tags' has something that is no record of tags, or has one twice: 1",
    ])
    await put('tags', [A])
    expect(await app.load(blog({ tags: list({ uniqueItems: true }) }))).toEqual([])
  })

  test('changes what happens to its entries, where it is kept, and what other ids it has', async () => {
    await app.load(blog({ tags: list() }))
    await fill()
    await put('tags', [A, B])
    expect(await app.load(blog({ tags: list({}, { onDelete: 'restrict' }) }))).toEqual([])
    await expect(app.run(`delete from $.tags where id = '${A}'`)).rejects.toThrow()
    const posts = { schema: { properties: { title: text, tags: list() } }, storage: 'memory' }
    expect(await app.load({ tags, posts })).toEqual([])
    expect(
      await app.run(`select relpersistence as p from pg_class where oid = '$.posts__list_tags'::regclass`),
    ).toEqual([{ p: 'u' }])
    expect(await app.load({ tags: { ...tags, id: { type: 'string' } }, posts })).toEqual([])
    expect([await stored('tags'), await entries('posts__list_tags')]).toEqual([[[A, B]], [`0${A}`, `1${B}`]])
  })
})
