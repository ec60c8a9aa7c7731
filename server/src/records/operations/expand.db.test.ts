import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import { getRecord } from './get-record.ts'
import { listRecords } from './list-records.ts'
import { ANYBODY, type Forum, openForum } from './testing-forum.ts'

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const [ADA, BOB, GHOST] = [id(1), id(2), id(3)]
const [LOBBY, CELLAR] = [id(11), id(12)]
const [POST, HIDDEN_AUTHOR, UNLISTED, ORPHAN] = [id(21), id(22), id(23), id(24)]
const TIMES = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }

let database: TestDatabase
let forum: Forum
let ada: Caller
let bob: Caller

beforeAll(async () => {
  database = await testDatabase()
  forum = await openForum(database.db)
  await forum.insert('users', [
    { id: ADA, email: 'ada@example.org', nickname: 'ada', level: 1, roles: [], suspended: false, version: 1, ...TIMES },
    { id: BOB, email: 'bob@example.org', nickname: 'shy', level: 2, roles: [], suspended: false, version: 1, ...TIMES },
    {
      id: GHOST,
      email: 'g@example.org',
      nickname: 'ghost',
      level: 3,
      roles: [],
      suspended: false,
      version: 1,
      ...TIMES,
    },
  ])
  await forum.insert('rooms', [
    { id: LOBBY, name: 'Lobby', open: true, boss: BOB, version: 1, ...TIMES },
    { id: CELLAR, name: 'Cellar', open: false, boss: ADA, version: 1, ...TIMES },
  ])
  await forum.insert('posts', [
    {
      id: POST,
      room: LOBBY,
      author: ADA,
      title: 'One',
      rank: 1,
      secret: 'hush',
      safe: CELLAR,
      meta: { color: 'red', size: 10 },
      version: 1,
      ...TIMES,
    },
    {
      id: HIDDEN_AUTHOR,
      room: LOBBY,
      author: BOB,
      title: 'Two',
      rank: 3,
      secret: 'hush',
      safe: CELLAR,
      meta: { color: 'Blue', size: 9 },
      version: 1,
      ...TIMES,
    },
    { id: UNLISTED, room: LOBBY, author: GHOST, title: 'Three', rank: 0, meta: { size: 'big' }, version: 1, ...TIMES },
    { id: ORPHAN, room: CELLAR, title: 'Four', rank: 4, version: 1, ...TIMES },
  ])
  await forum.insert('comments', [
    {
      id: id(31),
      post: POST,
      author: BOB,
      status: 'ok',
      text: 'a',
      rank: 1,
      at: '2026-01-01T00:00:00Z',
      version: 1,
      ...TIMES,
    },
    {
      id: id(32),
      post: POST,
      author: ADA,
      status: 'ok',
      text: "b');(",
      rank: 2,
      at: '2026-01-02T00:00:00Z',
      version: 1,
      ...TIMES,
    },
    {
      id: id(33),
      post: POST,
      author: ADA,
      status: 'spam',
      text: 'c',
      rank: 2,
      at: '2026-01-03T00:00:00Z',
      version: 1,
      ...TIMES,
    },
    {
      id: id(34),
      post: POST,
      author: BOB,
      status: 'ok',
      text: 'd',
      rank: 3,
      at: '2026-01-04T00:00:00Z',
      version: 1,
      ...TIMES,
    },
    {
      id: id(35),
      post: UNLISTED,
      author: GHOST,
      status: 'ok',
      text: 'e',
      rank: 1,
      at: '2026-01-05T00:00:00Z',
      version: 1,
      ...TIMES,
    },
  ])
  await forum.insert('vault', [{ id: id(41), post: POST, word: 'xyzzy', version: 1, ...TIMES }])
  ada = await forum.callerOf(ADA)
  bob = await forum.callerOf(BOB)
})
afterAll(async () => {
  await forum.close()
  await database.drop()
})

type Answer = Readonly<Record<string, unknown>> & { readonly expand: Readonly<Record<string, unknown>> }

async function get(caller: Caller, collection: string, record: string, expand: string): Promise<Answer> {
  const { body } = await getRecord(forum.collection(collection), caller, { id: record, expand })
  return JSON.parse(body) as Answer
}

async function list(caller: Caller, collection: string, query: Readonly<Record<string, string>>) {
  const { body } = await listRecords(forum.collection(collection), caller, query)
  return JSON.parse(body) as { readonly items: readonly Answer[]; readonly nextCursor: string | null }
}

const texts = (answer: unknown) => (answer as readonly Answer[]).map(({ text }) => text)

describe('a relation back', () => {
  test('is a list under expand, in the order of the ids, of what the list rule shows', async () => {
    const post = await get(ANYBODY, 'posts', POST, 'comments')
    expect(texts(post.expand['comments'])).toEqual(['a', "b');("])
    expect(post).toMatchObject({ id: POST, author: ADA })
  })

  test('is filtered, sorted, cut, and of the fields that are asked for', async () => {
    const { expand } = await get(ada, 'posts', POST, "comments(filter:status != 'x';sort:-at;limit:2;fields:text,rank)")
    expect(expand['comments']).toEqual([
      { text: 'c', rank: 2 },
      { text: "b');(", rank: 2 },
    ])
  })

  test('is empty where nothing refers, and where nobody may list', async () => {
    const { expand } = await get(ada, 'posts', ORPHAN, 'comments,locked')
    expect(expand).toEqual({ comments: [], locked: [] })
    expect((await get(ada, 'posts', POST, 'locked')).expand).toEqual({ locked: [] })
  })

  test('leaves out records whose reference the caller may not read', async () => {
    // The fourth comment's `post` is masked: it is not told here that it refers to this one.
    expect(texts((await get(bob, 'posts', POST, 'comments')).expand['comments'])).toEqual(['a', "b');("])
    expect((await list(bob, 'comments', { filter: 'text == "d"' })).items[0]).not.toHaveProperty('post')
  })

  test('goes by the list rule, and a reference by the view rule', async () => {
    const room = await get(ANYBODY, 'rooms', LOBBY, 'posts(fields:id)')
    expect(room.expand['posts']).toEqual([{ id: POST }, { id: HIDDEN_AUTHOR }])
    const comment = await get(ANYBODY, 'comments', id(35), 'post(fields:id)')
    expect(comment.expand).toEqual({ post: { id: UNLISTED } })
  })

  test('takes texts with brackets, quotes and semicolons', async () => {
    const { expand } = await get(ANYBODY, 'posts', POST, `comments( filter : text == "b');(" ; limit : 5 ),room`)
    expect(texts(expand['comments'])).toEqual(["b');("])
    expect(expand).toHaveProperty('room.name', 'Lobby')
  })

  test('takes filters that have a type only with their values in place', async () => {
    const of = (day: string) =>
      get(ANYBODY, 'posts', POST, `comments(filter:at >= timestamp('2026-01-0${day}T00:00:00Z'))`)
    expect(texts((await of('1')).expand['comments'])).toEqual(['a', "b');("])
    expect(texts((await of('2')).expand['comments'])).toEqual(["b');("])
    const written = await get(ANYBODY, 'posts', POST, "comments(filter:at > '2026-01-01T12:00:00Z')")
    expect(texts(written.expand['comments'])).toEqual(["b');("])
  })
})

describe('relations within relations', () => {
  test('are under the expand of each record', async () => {
    const post = await get(ANYBODY, 'posts', POST, 'comments(fields:id;expand:author(fields:nickname)),room.boss')
    expect(post.expand).toEqual({
      comments: [
        { id: id(31), expand: { author: { nickname: 'shy' } } },
        { id: id(32), expand: { author: { nickname: 'ada' } } },
      ],
      room: expect.objectContaining({ id: LOBBY, expand: { boss: expect.objectContaining({ id: BOB }) } }),
    })
  })

  test('each go by the rules of their own collection', async () => {
    // The ghost wrote this; nobody else may view the ghost.
    expect((await get(ANYBODY, 'comments', id(35), 'post.author,author')).expand).toMatchObject({
      post: { expand: {} },
    })
    // The author of a post of rank 3 is readable to the author only.
    const to = (caller: Caller) =>
      get(caller, 'rooms', LOBBY, 'posts(fields:title;sort:title;expand:author(fields:email,level))')
    expect((await to(ada)).expand['posts']).toEqual([
      { title: 'One', expand: { author: { email: 'ada@example.org', level: 1 } } },
      { title: 'Two', expand: {} },
    ])
    expect((await to(bob)).expand['posts']).toEqual([
      { title: 'One', expand: { author: { level: 1 } } },
      { title: 'Two', expand: { author: { email: 'bob@example.org', level: 2 } } },
    ])
  })

  test('come with lists, for each caller their own, in one statement', async () => {
    const query = { sort: 'title', fields: 'title', expand: 'comments(fields:text;filter:status == "spam")' }
    const [seen, own] = await Promise.all([list(ANYBODY, 'posts', query), list(ada, 'posts', query)])
    expect(seen.items.find(({ title }) => title === 'One')?.expand).toEqual({ comments: [] })
    expect(own.items.find(({ title }) => title === 'One')?.expand).toEqual({ comments: [{ text: 'c' }] })
  })

  test('are part of the ETag', async () => {
    const tag = async (caller: Caller, expand: string) =>
      (await getRecord(forum.collection('posts'), caller, { id: POST, expand })).etag
    expect(await tag(ada, 'comments')).not.toBe(await tag(ANYBODY, 'comments'))
    expect(await tag(ada, 'comments')).toBe(await tag(ada, ' comments '))
    await database.db.once(`update "${forum.schema}".comments set text = 'A' where id = '${id(31)}'`)
    const changed = await tag(ANYBODY, 'comments')
    await database.db.once(`update "${forum.schema}".comments set text = 'a', version = 1 where id = '${id(31)}'`)
    expect(changed).not.toBe(await tag(ANYBODY, 'comments'))
  })
})

describe('expands that differ', () => {
  const form = (expand: string) => forum.collection('posts').lists.of({ expand }).form

  test.each([
    ['in the order of relations', 'room,comments', 'comments,room'],
    ['in the values of filters', "comments(filter:text == 'a')", "comments(filter:text == 'b')"],
    ['in spaces', 'comments(limit:3)', ' comments( limit : 3 ) '],
    ['in the way of writing', 'room(expand:boss)', 'room.boss'],
    ['in naming twice', 'room,room.boss', 'room.boss,room'],
  ])('%s share a statement', (_how, one, other) => {
    expect(form(one)).toBe(form(other))
  })

  test('in values never share an answer', async () => {
    const of = (text: string) =>
      list(ANYBODY, 'posts', {
        fields: 'id',
        filter: 'title == "One"',
        expand: `comments(fields:text;filter:text == '${text}')`,
      })
    const answers = await Promise.all(['a', 'b', 'a', 'a'].map(of))
    expect(answers.map(({ items }) => texts(items[0]?.expand['comments']))).toEqual([['a'], [], ['a'], ['a']])
  })
})

describe('refused', () => {
  test.each([
    [
      'what is no relation',
      'title',
      'invalid_parameter',
      "'title' is not a relation of 'posts' (at character 1 of 'expand')",
    ],
    [
      'a slip',
      'coments',
      'invalid_parameter',
      "'coments' is not a relation of 'posts'; did you mean 'comments'? (at character 1 of 'expand')",
    ],
    [
      'a hidden reference',
      'safe',
      'invalid_parameter',
      "'safe' is not a relation of 'posts' (at character 1 of 'expand')",
    ],
    [
      'an unknown name behind a relation',
      'room,room.owner',
      'invalid_parameter',
      "'owner' is not a relation of 'rooms' (at character 11 of 'expand')",
    ],
    [
      'a hidden field in a filter',
      "room.posts(filter:secret == 'a')",
      'invalid_filter',
      "there is no 'secret' here (at character 19 of 'expand')",
    ],
    [
      'a hidden field to sort by',
      'room.posts(sort:secret)',
      'invalid_sort',
      "'sort' names 'secret', which is no field of 'posts'",
    ],
    [
      'a hidden field',
      'room.posts(fields:secret)',
      'invalid_parameter',
      "'fields' names 'secret', which is no field of 'posts'",
    ],
    [
      'another option',
      'room(limt:1)',
      'invalid_parameter',
      "'limt' is no option of a relation; did you mean 'limit'? (at character 6 of 'expand')",
    ],
    [
      'an order of one',
      'room(sort:name)',
      'invalid_parameter',
      "'room' is one record, which has no 'sort' or 'limit' (at character 11 of 'expand')",
    ],
    [
      'a limit too high',
      'comments(limit:101)',
      'invalid_parameter',
      "'limit' must be a whole number from 1 to 100 (at character 16 of 'expand')",
    ],
    [
      'options twice',
      'comments(limit:1),comments(limit:2)',
      'invalid_parameter',
      "'comments' has options twice (at character 27 of 'expand')",
    ],
    [
      'an option twice',
      'comments(limit:1;limit:2)',
      'invalid_parameter',
      "'limit' stands twice (at character 18 of 'expand')",
    ],
    [
      'an open bracket',
      'comments(limit:1',
      'invalid_parameter',
      "the bracket behind 'comments' is not closed (at character 9 of 'expand')",
    ],
    ['a bracket too many', 'comments)', 'invalid_parameter', "')' is not expected (at character 9 of 'expand')"],
    ['nothing', '', 'invalid_parameter', "the name of a relation is expected (at character 1 of 'expand')"],
    ['a gap', 'room,,author', 'invalid_parameter', "the name of a relation is expected (at character 6 of 'expand')"],
    ['no value', 'comments(filter:)', 'invalid_parameter', "'filter' has no value (at character 17 of 'expand')"],
    [
      '__proto__',
      '__proto__',
      'invalid_parameter',
      "'__proto__' is not a relation of 'posts' (at character 1 of 'expand')",
    ],
    [
      'constructor',
      'room.constructor',
      'invalid_parameter',
      "'constructor' is not a relation of 'rooms' (at character 6 of 'expand')",
    ],
    ['SQL', `room"; drop table x`, 'invalid_parameter', "'\"' is not expected (at character 5 of 'expand')"],
    [
      'SQL in a limit',
      'comments(limit:1 union select 1)',
      'invalid_parameter',
      "'limit' must be a whole number from 1 to 100 (at character 16 of 'expand')",
    ],
    [
      'lookups',
      'comments(filter:db.vault.exists(v, true))',
      'invalid_filter',
      "'db' is not available here (at character 17 of 'expand')",
    ],
    ['depth', 'room.posts.room.posts.room', 'query_too_costly', "'expand' goes deeper than 4 relations"],
    ['width', Array(21).fill('room').join(), 'query_too_costly', "'expand' names more than 20 relations"],
    [
      'more records than one answer may bring',
      'comments(limit:100;expand:post(expand:comments(limit:100)))',
      'query_too_costly',
      expect.stringContaining("'expand' may bring 10200 records to one answer"),
    ],
    [
      '10,000 brackets',
      '('.repeat(8000),
      'invalid_parameter',
      expect.stringContaining('the name of a relation is expected'),
    ],
    ['10,000 dots', Array(4000).fill('a').join('.'), 'query_too_costly', "'expand' goes deeper than 4 relations"],
    ['a long text', 'a'.repeat(9000), 'query_too_costly', "'expand' is longer than 8192 characters"],
  ])('%s', async (_what, expand, code, detail) => {
    await expect(get(ada, 'posts', POST, expand)).rejects.toMatchObject({ code, detail })
  })

  test('a list of more records than one answer may bring', async () => {
    await expect(list(ada, 'posts', { limit: '101', expand: 'comments(limit:100)' })).rejects.toMatchObject({
      code: 'query_too_costly',
    })
    await expect(list(ada, 'posts', { limit: '100', expand: 'comments(limit:100)' })).resolves.toBeDefined()
  })
})
