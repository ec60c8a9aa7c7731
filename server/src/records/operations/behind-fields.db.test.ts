import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import { listRecords } from './list-records.ts'
import { ANYBODY, type Forum, openForum, type Row } from './testing-forum.ts'

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const [ADA, SHY, GHOST] = [id(1), id(2), id(3)]
const [LOBBY, CELLAR] = [id(11), id(12)]
const STORED = { version: 1, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }
const user = (n: number, nickname: string): Row => ({
  ...{ id: id(n), email: `${nickname}@example.org`, nickname, level: 10 - n, roles: [], suspended: false },
  ...STORED,
})
const post = (title: string, n: number, more: object): Row => ({ id: id(n), title, rank: 1, ...STORED, ...more })

let database: TestDatabase
let forum: Forum
let ada: Caller
let ghost: Caller

/** Titles tell who is meant: by whom, and where. */
beforeAll(async () => {
  database = await testDatabase()
  forum = await openForum(database.db)
  await forum.insert('users', [user(1, 'ada'), user(2, 'shy'), user(3, 'ghost')])
  await forum.insert('rooms', [
    { id: LOBBY, name: 'Lobby', open: true, boss: GHOST, ...STORED },
    { id: CELLAR, name: 'Cellar', open: false, boss: ADA, ...STORED },
  ])
  await forum.insert('posts', [
    post('by ada', 21, { room: LOBBY, author: ADA, meta: { size: 10, color: 'red' } }),
    post('by shy', 22, { room: CELLAR, author: SHY, meta: { size: 9, color: 'Blue' } }),
    post('by ghost', 23, { room: LOBBY, author: GHOST, meta: { size: 'big', color: '～' } }),
    post('by shy, who does not say', 24, { room: LOBBY, author: SHY, rank: 3, meta: { size: 11, color: '🎈' } }),
    post('by nobody', 25, {}),
  ])
  ada = await forum.callerOf(ADA)
  ghost = await forum.callerOf(GHOST)
})
afterAll(async () => {
  await forum.close()
  await database.drop()
})

interface Page {
  readonly items: readonly { readonly title: string }[]
  readonly nextCursor: string | null
}

async function list(caller: Caller, query: Readonly<Record<string, string | undefined>>): Promise<Page> {
  return JSON.parse((await listRecords(forum.collection('posts'), caller, query)).body) as Page
}

/** The titles on all pages, of one record each. */
async function titles(caller: Caller, query: Readonly<Record<string, string>>): Promise<string[]> {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await list(caller, { fields: 'title', limit: '1', ...query, cursor })
    found.push(...page.items.map(({ title }) => title))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return found
}

describe('records are sorted, a page at a time', () => {
  test.each([
    [
      'by a field of the record that is referred to',
      'author.nickname',
      ['by ada', 'by shy', 'by ghost', 'by shy, who does not say', 'by nobody'],
    ],
    [
      'the other way round',
      '-author.nickname:nullsLast',
      ['by shy', 'by ada', 'by nobody', 'by shy, who does not say', 'by ghost'],
    ],
    [
      'by a masked field of it',
      'author.level',
      ['by ada', 'by shy', 'by ghost', 'by shy, who does not say', 'by nobody'],
    ],
    [
      'over two relations',
      'room.boss.nickname,title',
      ['by shy', 'by ada', 'by ghost', 'by nobody', 'by shy, who does not say'],
    ],
    [
      'by a number in an object',
      'meta.size',
      ['by shy', 'by ada', 'by shy, who does not say', 'by ghost', 'by nobody'],
    ],
    [
      'by a text in an object, by code point',
      'meta.color',
      ['by shy', 'by ada', 'by ghost', 'by shy, who does not say', 'by nobody'],
    ],
    [
      'by both',
      'room.name:nullsFirst,-meta.size',
      ['by nobody', 'by shy', 'by ghost', 'by shy, who does not say', 'by ada'],
    ],
    [
      'by the id of a reference',
      'author.id,title',
      ['by ada', 'by shy', 'by ghost', 'by nobody', 'by shy, who does not say'],
    ],
    [
      'by a reference behind a reference',
      'room.boss,title',
      ['by shy', 'by ada', 'by ghost', 'by shy, who does not say', 'by nobody'],
    ],
  ])('%s', async (_how, sort, expected) => {
    expect(await titles(ada, { sort })).toEqual(expected)
  })

  test('by what the caller may see: the rest is null', async () => {
    // The cellar and the ghost are hidden from everybody else, and so is what lies behind them.
    expect(await titles(ANYBODY, { sort: 'room.name,title' })).toEqual([
      ...['by ada', 'by ghost', 'by shy, who does not say', 'by nobody', 'by shy'],
    ])
    expect(await titles(ghost, { sort: 'room.boss.nickname,title' })).toEqual([
      ...['by ada', 'by ghost', 'by shy, who does not say', 'by nobody', 'by shy'],
    ])
    expect(await titles(ghost, { sort: 'author.nickname' })).toEqual([
      ...['by ada', 'by ghost', 'by shy', 'by shy, who does not say', 'by nobody'],
    ])
  })
})

describe('records are filtered by what the caller may see', () => {
  test.each([
    ['a hop', 'author.nickname == "ghost"', [], ['by ghost']],
    ['a hop whose reference is masked', 'author.nickname == "shy"', ['by shy'], ['by shy']],
    ['two hops', 'room.boss.nickname == "ghost"', [], ['by ada', 'by ghost', 'by shy, who does not say']],
    ['a hop to a hidden record', 'room.name == "Cellar"', [], []],
    ['nothing behind what is hidden, not even null', 'room.name == null', [], []],
    ['a masked field behind a hop', 'author.level == 8', [], []],
    ['a value in an object', 'meta.color == "red" && meta.size > 9', ['by ada'], ['by ada']],
  ])('%s: %s', async (_what, filter, seen, byGhost) => {
    const found = async (caller: Caller) => (await titles(caller, { filter, sort: 'title', limit: '50' })).sort()
    expect(await found(ANYBODY)).toEqual(seen)
    expect(await found(ghost)).toEqual(byGhost)
  })
})

describe('refused', () => {
  test.each([
    [
      'a hidden field behind a reference',
      'safe.name',
      'invalid_sort',
      "'sort' names 'safe', which is no field of 'posts'",
    ],
    ['what is not there', 'author.nick', 'invalid_sort', "'author.nick' in 'sort': 'users' has no field 'nick'"],
    [
      'a key that no schema tells',
      'meta.weight',
      'invalid_sort',
      "'meta.weight' in 'sort': there is no field 'weight'",
    ],
    ['an object', 'author.roles', 'invalid_sort', "'author.roles' can not be sorted by: it has no order"],
    ['what is behind a text', 'title.length', 'invalid_sort', expect.stringContaining("'title.length' in 'sort'")],
    ['the caller', 'auth.level', 'invalid_sort', expect.stringContaining("'sort' names 'auth', which is no field")],
    ['the time', 'now.year', 'invalid_sort', expect.stringContaining("'sort' names 'now', which is no field")],
    ['a call', 'title.size()', 'invalid_sort', "'title.size()' in 'sort' is not of the form 'field.field'"],
    ['SQL', 'author.x";--', 'invalid_sort', `'author.x";--' in 'sort' is not of the form 'field.field'`],
    ['__proto__', 'author.__proto__', 'invalid_sort', "'author.__proto__' in 'sort': 'users' has no field '__proto__'"],
    ['the same twice', 'author.level,-author.level', 'invalid_sort', "'sort' names 'author.level' twice"],
    ['a way too far', 'a.b.c.d.e.f', 'query_too_costly', "'a.b.c.d.e.f' in 'sort' has more than 5 names"],
    [
      'too many ways',
      'author.level,author.nickname,room.name,room.open',
      'query_too_costly',
      "'sort' has more than 3 keys that lie behind a field",
    ],
    ['a reserved word', 'author.in', 'invalid_sort', expect.stringContaining("'author.in' in 'sort'")],
  ])('%s', async (_what, sort, code, detail) => {
    await expect(list(ada, { sort })).rejects.toMatchObject({ code, detail })
  })

  test('a cursor of another order', async () => {
    const { nextCursor } = await list(ada, { sort: 'author.nickname', limit: '1' })
    await expect(list(ada, { sort: 'author.email', limit: '1', cursor: nextCursor ?? '' })).rejects.toMatchObject({
      code: 'invalid_cursor',
    })
  })
})
