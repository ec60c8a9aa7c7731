import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { appServer } from '../testing-apps.ts'
import { exported } from '../transfer/testing.ts'
import { aggregateRecords } from './aggregate-records.ts'
import { listRecords } from './list-records.ts'
import { recordExists } from './record-exists.ts'
import { updateRecord } from './update-record.ts'

const BLOG = `
collections:
  users:
    rules: { read: true }
  tags:
    schema: { properties: { name: { type: string } } }
    rules: { read: true }
  posts:
    schema:
      properties:
        title: { type: string }
        author: { $ref: users, inverse: posts }
        tags: { type: array, items: { $ref: tags, inverse: posts } }
    rules: { read: true, update: "!record.comments.exists(c, c.stars == 0)" }
  comments:
    schema:
      properties:
        post: { $ref: posts, inverse: comments }
        author: { $ref: users }
        stars: { type: integer }
        note: { type: string }
        secret: { type: string, hidden: true }
        about: { $ref: posts, inverse: mentions }
    rules: { list: record.stars > 1 || record.author == auth.id, view: true }
    fields:
      note: { read: record.author == auth.id }
      about: { read: record.author == auth.id }
`

let database: TestDatabase
let schema: string
let collection: (name: string) => Collection
let close: () => Promise<void>
let slug: string

beforeAll(async () => {
  database = await testDatabase()
  const server = appServer(database.db)
  slug = server.newSlug('back')
  const { app } = await server.load(slug, BLOG)
  schema = app().schema
  const part = app().part(server.records)
  collection = (name) => {
    const found = part.get(name)
    if (found === undefined) throw new Error(name)
    return found
  }
  close = async () => server.close()
})
afterAll(async () => {
  await close?.()
  await database?.drop()
})

const REQUEST = { id: 'r', method: 'GET', path: '/', ip: '' }
const ANYBODY: Caller = { userId: null, sessionId: null, request: REQUEST }
const run = (text: string) => database.db.once(text.replaceAll('$.', `"${schema}".`))

async function user(): Promise<Caller> {
  const [userId, sessionId] = [randomUUID(), randomUUID()]
  await run(`insert into $.users (id, email) values ('${userId}', '${userId}@example.org')`)
  await database.db.query(
    `insert into roadbase.sessions (id, app, user_id, expires_at) values ($1::uuid, $2, $3::uuid, now() + interval '1 hour')`,
    [sessionId, slug, userId],
  )
  return { userId, sessionId, request: REQUEST }
}

interface Comment {
  readonly post: number | null
  readonly about: number | null
  readonly author: number
  readonly stars: number | null
  readonly note: string | null
}

interface World {
  readonly posts: readonly { readonly author: number | null; readonly tags: readonly number[] }[]
  readonly comments: readonly Comment[]
}

const POSTS = 4
const TAGS = 3
const place = (count: number) => fc.nat({ max: count - 1 })
const worlds: fc.Arbitrary<World> = fc.record({
  posts: fc.array(fc.record({ author: fc.option(place(2)), tags: fc.array(place(TAGS), { maxLength: 3 }) }), {
    minLength: POSTS,
    maxLength: POSTS,
  }),
  comments: fc.array(
    fc.record({
      post: fc.option(place(POSTS)),
      about: fc.option(place(POSTS)),
      author: place(2),
      stars: fc.option(fc.integer({ min: 0, max: 3 })),
      note: fc.option(fc.constantFrom('a', 'b')),
    }),
    { maxLength: 8 },
  ),
})

const id = (kind: number, index: number) => `00000000-0000-7000-800${kind}-${String(index).padStart(12, '0')}`

describe('a filter over a relation back', () => {
  let users: readonly [Caller, Caller]
  beforeAll(async () => {
    users = [await user(), await user()]
    const tags = Array.from({ length: TAGS }, (_, index) => `('${id(1, index)}', '${index}')`)
    await run(`insert into $.tags (id, name) values ${tags.join()}`)
  })

  async function store({ posts, comments }: World): Promise<void> {
    const text = (value: unknown) => (value === null || value === undefined ? 'null' : `'${String(value)}'`)
    const author = (index: number | null) => text(index === null ? null : users[index]?.userId)
    await run('delete from $.comments; delete from $.posts')
    await run(
      `insert into $.posts (id, title, author, tags) values ${posts
        .map(
          (post, index) =>
            `('${id(2, index)}', '${index}', ${author(post.author)}, '${JSON.stringify(post.tags.map((tag) => id(1, tag)))}')`,
        )
        .join()}`,
    )
    const rows = comments.map(
      (one, index) =>
        `('${id(3, index)}', ${text(one.post === null ? null : id(2, one.post))}, ${text(one.about === null ? null : id(2, one.about))}, ${author(one.author)}, ${text(one.stars)}, ${text(one.note)})`,
    )
    if (rows.length > 0) {
      await run(`insert into $.comments (id, post, about, author, stars, note) values ${rows.join()}`)
    }
  }

  /** A condition over comments as text, and as a question to one of them: undefined where it errs. */
  const conditions: readonly (readonly [string, (one: Comment, sees: boolean) => boolean | undefined])[] = [
    ['true', () => true],
    ['x.stars == 2', ({ stars }) => stars === 2],
    ['x.stars > 1', ({ stars }) => (stars === null ? undefined : stars > 1)],
    ['x.stars == null', ({ stars }) => stars === null],
    ["x.note == 'a'", ({ note }, sees) => sees && note === 'a'],
    ['10 / x.stars == 5', ({ stars }) => (stars === null || stars === 0 ? undefined : Math.trunc(10 / stars) === 5)],
    ['x.author == auth.id', (_, sees) => sees],
    ['!(x.author == auth.id)', (_, sees) => !sees],
  ]

  /** As CEL has it: one that is true decides, else one that errs. */
  const some = (answers: readonly (boolean | undefined)[]) =>
    answers.includes(true) ? true : answers.includes(undefined) ? undefined : false

  test('finds what a plain model finds, for everybody, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        worlds,
        fc.constantFrom(...conditions),
        fc.constantFrom<readonly ['post' | 'about', string]>(['post', 'comments'], ['about', 'mentions']),
        fc.boolean(),
        fc.constantFrom(0, 1, undefined),
        async (world, [text, holds], [field, name], negated, who) => {
          await store(world)
          const caller = who === undefined ? ANYBODY : users[who]
          if (caller === undefined) return
          const found = world.posts.flatMap((_, index) => {
            const listed = world.comments.filter(
              (one) => ((one.stars ?? 0) > 1 || one.author === who) && (field === 'post' || one.author === who),
            )
            const sees = (one: Comment) => who !== undefined && one.author === who
            const answers = listed.filter((one) => one[field] === index).map((one) => holds(one, sees(one)))
            const answer = some(answers)
            const wanted = negated ? answer === false : answer === true
            return wanted ? [String(index)] : []
          })
          const filter = `${negated ? '!' : ''}${name}.exists(x, ${text})`
          const { body } = await listRecords(collection('posts'), caller, { filter, sort: 'title', fields: 'title' })
          const { items } = JSON.parse(body) as { readonly items: readonly { readonly title: string }[] }
          expect(
            items.map(({ title }) => title),
            filter,
          ).toEqual(found)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('goes over lists of references, over references, and one within another', async () => {
    await store({
      posts: [
        { author: 0, tags: [0, 1] },
        { author: 0, tags: [1, 1] },
        { author: 1, tags: [] },
        { author: null, tags: [2] },
      ],
      comments: [
        { post: 0, about: 2, author: 0, stars: 3, note: null },
        { post: 3, about: null, author: 1, stars: 1, note: 'b' },
      ],
    })
    const names = async (of: string, filter: string, caller = ANYBODY) => {
      const { body } = await listRecords(collection(of), caller, { filter, sort: of === 'tags' ? 'name' : 'title' })
      const { items } = JSON.parse(body) as { readonly items: readonly Record<string, unknown>[] }
      return items.map((item) => item['name'] ?? item['title'])
    }
    expect(await names('tags', "posts.exists(p, p.title == '1')")).toEqual(['1'])
    expect(await names('tags', '!posts.exists(p, p.author == null)')).toEqual(['0', '1'])
    expect(await names('tags', 'posts.exists(p, p.comments.exists(c, c.stars == 3))')).toEqual(['0', '1'])
    expect(await names('posts', "author.posts.exists(p, p.title == '1')")).toEqual(['0', '1'])
    expect(await names('posts', "!author.posts.exists(p, p.title == '1')")).toEqual(['2', '3'])
    expect(await names('posts', 'comments.exists(c, c.author.posts.exists(p, p.title == "1"))')).toEqual(['0'])
    expect(await names('posts', 'tags.exists(t, t.posts.exists(p, p.comments.exists(c, true)))').catch(code)).toBe(
      'invalid_filter',
    )
    expect(await names('posts', 'comments.exists(c, true)', users[1])).toEqual(['0', '3'])
    expect(await names('posts', 'auth.posts.exists(p, p.title == title)', users[0])).toEqual(['0', '1'])
  })

  test('is for aggregates, exports and whether there is any, too, and in the filters of what is expanded', async () => {
    const posts = collection('posts')
    const filter = 'comments.exists(c, c.stars > 2)'
    expect((await aggregateRecords(posts, ANYBODY, { filter, select: 'count' })).body).toBe('{"items":[{"count":1}]}')
    expect(await exported(posts, { filter, fields: 'title' })).toBe('{"title":"0"}\n')
    expect(await recordExists(posts, ANYBODY, { filter })).toBe(true)
    const expand = `posts(filter:${filter};fields:title)`
    const { body } = await listRecords(collection('tags'), ANYBODY, { expand, fields: 'name', sort: 'name' })
    expect((JSON.parse(body) as { items: unknown }).items).toEqual([
      { name: '0', expand: { posts: [{ title: '0' }] } },
      { name: '1', expand: { posts: [{ title: '0' }] } },
      { name: '2', expand: { posts: [] } },
    ])
  })

  test.each([
    ['comments.exists(c, c.secret == "x")', "no field 'secret'"],
    ['comments.exists(c, c.post.comments.exists(d, d.secret == "x"))', "no field 'secret'"],
    ['comments.size() > 0', 'relation back'],
    ['comments.all(c, true)', "has 'exists' only"],
    ['comments.exists(c, true, true)', 'wants a name and a condition'],
    ['comments == null', 'relation back'],
    ['title.comments.exists(c, true)', 'has no field'],
    ['coments.exists(c, true)', "no 'coments'"],
    ['db.comments.exists(c, true)', "'db' is not available here"],
  ])('%s is refused', async (filter, words) => {
    await expect(async () => listRecords(collection('posts'), ANYBODY, { filter })).rejects.toMatchObject({
      code: 'invalid_filter',
      detail: expect.stringContaining(words),
    })
  })

  test('reads by the index of the reference, not all that refer to anything', async () => {
    await run('delete from $.comments; delete from $.posts')
    await run(`insert into $.posts (title) select n from generate_series(1, 300) n`)
    await run(`insert into $.comments (post, stars) select id, 2 from $.posts, generate_series(1, 20)`)
    await run('analyze $.comments; analyze $.posts')
    const plan = await planOf(`id == '${id(2, 1)}' && comments.exists(c, c.stars == 1)`)
    expect(plan).toMatch(/Index.* on comments/)
    expect(plan).not.toMatch(/Seq Scan on comments/)
    const negated = await planOf(`id == '${id(2, 1)}' && !comments.exists(c, 10 / c.stars == 1)`)
    expect(negated).toMatch(/Index.* on comments/)
    expect(negated).not.toMatch(/Seq Scan on comments/)
  })

  /** What PostgreSQL does for a list. */
  async function planOf(filter: string): Promise<string> {
    const { form, values } = collection('posts').lists.of({ filter })
    const { listStatement } = await import('../statements/list.ts')
    const { app, model } = collection('posts')
    const { text, inputs } = listStatement(app, model, form.query(undefined))
    const params = inputs.params([{ caller: ANYBODY, binding: '', values, expandValues: [], position: undefined }])
    const rows = await database.db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, params)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  function code(error: unknown): string {
    if (error instanceof Problem) return error.code
    throw error
  }
})

test('a rule goes over it, and sees everything', async () => {
  await run('delete from $.comments; delete from $.posts')
  await run(`insert into $.posts (id, title) values ('${id(2, 0)}', 'a'), ('${id(2, 1)}', 'b')`)
  await run(`insert into $.comments (post, stars) values ('${id(2, 1)}', 0)`)
  const update = (index: number) =>
    updateRecord(collection('posts'), ANYBODY, { id: id(2, index), body: { title: 'c' } })
  expect((await update(0)).status).toBe(200)
  await expect(update(1)).rejects.toMatchObject({ code: 'forbidden' })
})
