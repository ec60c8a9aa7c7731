import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { outcome, type WrittenApp, writtenApp } from '../testing-writes.ts'

const APP = `
collections:
  tags: { id: { type: integer }, rules: { read: true, write: true } }
  posts:
    schema: { properties: { tags: { type: array, items: { $ref: tags } } } }
    rules: { read: true, write: true }
`

let database: TestDatabase
let app: WrittenApp
beforeAll(async () => {
  database = await testDatabase()
  app = await writtenApp(database.db, APP)
})
afterAll(async () => {
  await app?.close()
  await database?.drop()
})

let last = 0
async function newTags(count: number): Promise<number[]> {
  const ids = Array.from({ length: count }, () => ++last)
  await Promise.all(ids.map((id) => app.create('tags', { id })))
  return ids
}

/** The list as the record has it and as its entries make it, which are the same, at positions from 0 without gaps. */
async function listOf(id: unknown): Promise<number[]> {
  const [row] = await app.run(
    `select p.tags::text as list, (select coalesce(json_agg(e.target order by e.position), '[]')::text from $.posts__list_tags e where e.owner = p.id) as entries,
     (select count(*) = coalesce(max(e.position), -1) + 1 from $.posts__list_tags e where e.owner = p.id) as dense from $.posts p where p.id = '${id}'`,
  )
  const list = JSON.parse(String(row?.['list'])) as number[]
  expect(JSON.parse(String(row?.['entries']))).toEqual(list)
  expect(row?.['dense']).toBe(true)
  return list
}

test('clients that append at once lose nothing', async () => {
  const tags = await newTags(10)
  const { id } = await app.create('posts', {})
  const appended = Array.from({ length: 60 }, (_, n) => tags[n % tags.length] ?? 0)
  await Promise.all(appended.map((tag) => app.update('posts', id, { tags: { $append: tag } })))
  expect((await listOf(id)).toSorted((a, b) => a - b)).toEqual(appended.toSorted((a, b) => a - b))
})

test('writers of the list, of its entries and of what it refers to leave list and entries equal', async () => {
  const tags = await newTags(12)
  const posts = await Promise.all([0, 1, 2].map(() => app.create('posts', { tags: tags.slice(0, 6) })))
  const ids = posts.map(({ id }) => id)
  const psql = (text: string) => app.run(text).catch(() => undefined)
  await Promise.allSettled([
    ...tags.slice(0, 3).map((tag) => outcome(app.remove('tags', tag))),
    ...ids.flatMap((id) => tags.slice(6).map((tag) => outcome(app.update('posts', id, { tags: { $append: tag } })))),
    ...ids.map((id) => outcome(app.update('posts', id, { tags: { $remove: tags[4] } }))),
    ...ids.map((id, n) => psql(`insert into $.posts__list_tags values ('${id}', ${100 + n}, ${tags[5]})`)),
    ...ids.map((id) => psql(`delete from $.posts__list_tags where owner = '${id}' and target = ${tags[3]}`)),
  ])
  const known = (await app.run('select id from $.tags')).map(({ id }) => Number(id))
  for (const id of ids) for (const tag of await listOf(id)) expect(known).toContain(tag)
})

test('what stands in many lists is taken out of all of them, each of which is one change of its record', async () => {
  const [a = 0, b = 0, c = 0] = await newTags(3)
  const lists = [[a], [a, a], [b], [b, a, c], [a, b, a, c, a], [c, a]]
  const posts = await Promise.all(Array.from({ length: 120 }, (_, n) => app.create('posts', { tags: lists[n % 6] })))
  await app.remove('tags', a)
  for (const [n, { id }] of posts.entries()) {
    expect(await listOf(id)).toEqual(lists[n % 6]?.filter((tag) => tag !== a))
    const [row] = await app.run(`select version::int from $.posts where id = '${id}'`)
    expect(row?.['version']).toBe(n % 6 === 2 ? 1 : 2)
  }
})

type Act =
  | { readonly act: 'append' | 'addUnique' | 'remove' | 'set'; readonly post: number; readonly tags: readonly number[] }
  | { readonly act: 'delete'; readonly tag: number }

const POSTS = 3
const TAGS = 6
const tagNumbers = fc.array(fc.nat(TAGS - 1), { maxLength: 4 })
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constantFrom('append' as const, 'addUnique' as const, 'remove' as const, 'set' as const),
      post: fc.nat(POSTS - 1),
      tags: tagNumbers,
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete' as const), tag: fc.nat(TAGS - 1) }) },
)

/** What a list of plain JavaScript would become; undefined where a tag is gone. */
function after(
  list: readonly number[],
  act: Exclude<Act, { act: 'delete' }>,
  tags: readonly number[],
  gone: Set<number>,
) {
  const isNews = (tag: number) => !list.includes(tag)
  if (act.act !== 'remove' && tags.some((tag) => gone.has(tag) && isNews(tag))) return undefined
  switch (act.act) {
    case 'append':
      return [...list, ...tags]
    case 'addUnique':
      return [...list, ...[...new Set(tags)].filter(isNews)]
    case 'remove':
      return list.filter((tag) => !tags.includes(tag))
    case 'set':
      return [...tags]
  }
}

/** Clients work side by side, each on a record of its own; what one deletes is taken out of the lists of all, between their rounds. */
test('lists are what a model of them in memory is, whatever parallel clients do to them', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(act, { maxLength: 6 }), { maxLength: 5 }), async (rounds) => {
      const tags = await newTags(TAGS)
      const ids = (await Promise.all(Array.from({ length: POSTS }, () => app.create('posts', {})))).map(({ id }) => id)
      const model: number[][] = ids.map(() => [])
      const gone = new Set<number>()
      const tagOf = (n: number) => tags[n] ?? 0
      for (const round of rounds) {
        await Promise.all(
          ids.map(async (id, post) => {
            for (const one of round) {
              if (one.act === 'delete' || one.post !== post) continue
              const named = one.tags.map(tagOf)
              const expected = after(model[post] ?? [], one, named, gone)
              const operand = one.act === 'set' ? named : { [`$${one.act}`]: named }
              const became = await outcome(app.update('posts', id, { tags: operand }))
              expect(became).toBe(expected === undefined ? 'reference_not_found' : 'ok')
              if (expected !== undefined) model[post] = expected
            }
          }),
        )
        for (const one of round) {
          if (one.act !== 'delete' || gone.has(tagOf(one.tag))) continue
          gone.add(tagOf(one.tag))
          await app.remove('tags', tagOf(one.tag))
          for (const [post, list] of model.entries()) model[post] = list.filter((tag) => tag !== tagOf(one.tag))
        }
        for (const [post, id] of ids.entries()) expect(await listOf(id)).toEqual(model[post])
      }
    }),
    { numRuns: 12, endOnFailure: true },
  )
})
