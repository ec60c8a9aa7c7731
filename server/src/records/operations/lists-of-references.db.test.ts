import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseError } from '../../db/database-error.ts'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { appServer } from '../testing-apps.ts'
import { createRecord } from './create-record.ts'
import { deleteRecord } from './delete-record.ts'
import { getRecord } from './get-record.ts'
import { listRecords } from './list-records.ts'
import { replaceRecord } from './replace-record.ts'
import { updateRecord } from './update-record.ts'

const BLOG = `
collections:
  users:
    rules: { read: record.id == auth.id }
  tags:
    schema: { properties: { name: { type: string }, secret: { type: boolean }, boss: { $ref: users, visible: false } } }
    rules: { read: "record.secret != true || record.boss == auth.id", write: true }
    fields: { boss: { read: record.boss == auth.id } }
  places:
    id: { type: string }
    schema: { properties: { city: { type: string } } }
    rules: { read: true, write: true }
  rooms:
    id: { type: integer }
    schema: { properties: { name: { type: string } } }
    rules: { read: true, write: true }
  posts:
    schema:
      required: [title]
      properties:
        title: { type: string }
        tags: { type: array, items: { $ref: tags, inverse: posts } }
        labels: { type: array, items: { $ref: tags }, uniqueItems: true, maxItems: 3 }
        places: { type: array, items: { $ref: places, onDelete: restrict } }
        rooms: { type: array, items: { $ref: rooms, inverse: posts } }
        fixed: { type: array, items: { $ref: tags, onDelete: restrict }, immutable: true }
        readers: { type: array, items: { $ref: users }, default: "= auth.id == null ? [] : [auth.id]" }
        kept: { type: array, items: { $ref: tags } }
    rules:
      list: true
      view: "!('00000000-0000-7000-8000-000000000666' in record.tags)"
      write: true
    fields: { kept: { read: auth.id in record.readers } }
  clubs:
    schema: { properties: { members: { type: array, items: { $ref: users } } } }
    rules: { read: auth.id in record.members, create: true, update: auth.id in record.members }
  teams:
    schema:
      required: [members]
      properties: { members: { type: array, items: { $ref: tags }, minItems: 1 } }
    rules: { read: true, write: true }
`

const REQUEST = { id: 'r', method: 'GET', path: '/', ip: '' }
const ANYBODY: Caller = { userId: null, sessionId: null, request: REQUEST }

type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly version: number }

let database: TestDatabase
let schema: string
let collection: (name: string) => Collection
let close: () => Promise<void>
let slug: string

beforeAll(async () => {
  database = await testDatabase()
  const server = appServer(database.db)
  slug = server.newSlug('blog')
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

const run = (text: string) => database.db.once(text.replaceAll('$.', `"${schema}".`))
const create = async (name: string, body: object, caller = ANYBODY): Promise<Row> =>
  JSON.parse((await createRecord(collection(name), caller, { body })).body) as Row
const update = async (name: string, id: string, body: object, caller = ANYBODY): Promise<Row> =>
  JSON.parse((await updateRecord(collection(name), caller, { id, body })).body) as Row
const get = async (name: string, id: string, more: object = {}, caller = ANYBODY): Promise<Row> =>
  JSON.parse((await getRecord(collection(name), caller, { id: String(id), ...more })).body) as Row
const list = async (name: string, parameters: object, caller = ANYBODY): Promise<readonly Row[]> =>
  (JSON.parse((await listRecords(collection(name), caller, parameters)).body) as { readonly items: Row[] }).items
const remove = (name: string, id: string) => deleteRecord(collection(name), ANYBODY, { id: String(id) })

/** Where it stood, and why; or the state that SQL ended with. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'ok'
  } catch (error) {
    if (error instanceof DatabaseError) return error.sqlState
    if (!(error instanceof Problem)) throw error
    return [error.code, ...(error.options.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)].join(', ')
  }
}

async function tag(name: string, more: object = {}): Promise<string> {
  return (await create('tags', { name, ...more })).id
}

async function caller(): Promise<Caller> {
  const [userId, sessionId] = [randomUUID(), randomUUID()]
  await database.db.query(`insert into "${schema}".users (id, email) values ($1::uuid, $2)`, [
    userId,
    `${userId}@example.org`,
  ])
  await database.db.query(
    `insert into roadbase.sessions (id, app, user_id, expires_at) values ($1::uuid, $2, $3::uuid, now() + interval '1 hour')`,
    [sessionId, slug, userId],
  )
  return { userId, sessionId, request: REQUEST }
}

/** The entries of `posts.tags` as rows, by psql. */
const entries = async (id: string) =>
  (
    await run(`select position || ' ' || target as e from $.posts__list_tags where owner = '${id}' order by position`)
  ).map(({ e }) => e)

let a: string
let b: string
let c: string
beforeAll(async () => {
  await create('rooms', { id: 7, name: 'seven' })
})
beforeEach(async () => {
  ;[a, b, c] = [await tag('a'), await tag('b'), await tag('c')]
})

describe('a list of references', () => {
  test('is written and read in its order, and empty where nothing was sent', async () => {
    const post = await create('posts', { title: 't', tags: [b, a, b] })
    expect(post['tags']).toEqual([b, a, b])
    expect(post['labels']).toEqual([])
    expect(await get('posts', post.id)).toEqual(post)
    expect(await entries(post.id)).toEqual([`0 ${b}`, `1 ${a}`, `2 ${b}`])
    expect((await update('posts', post.id, { tags: [c] }))['tags']).toEqual([c])
    expect(await entries(post.id)).toEqual([`0 ${c}`])
    expect((await update('posts', post.id, { tags: null }))['tags']).toEqual([])
    expect((await create('posts', { title: 't', tags: null }))['tags']).toEqual([])
    expect(await entries(post.id)).toEqual([])
  })

  test('takes ids however they are written, and keeps them as they are', async () => {
    const post = await create('posts', { title: 't', tags: [a.toUpperCase()] })
    expect(post['tags']).toEqual([a])
    await create('places', { id: 'Ulm', city: 'Ulm' })
    const other = await create('posts', { title: 't', places: ['Ulm'], rooms: [7, 7] })
    expect([other['places'], other['rooms']]).toEqual([['Ulm'], [7, 7]])
  })

  test('is changed by operators', async () => {
    const { id } = await create('posts', { title: 't', tags: [a] })
    expect((await update('posts', id, { tags: { $append: [b, a] } }))['tags']).toEqual([a, b, a])
    expect((await update('posts', id, { tags: { $addUnique: [c, b] } }))['tags']).toEqual([a, b, a, c])
    expect((await update('posts', id, { tags: { $remove: a } }))['tags']).toEqual([b, c])
    expect(await entries(id)).toEqual([`0 ${b}`, `1 ${c}`])
    expect(await refusal(update('posts', id, { labels: { $append: a } }))).toBe('validation_failed, /labels operator')
    expect((await update('posts', id, { labels: { $addUnique: [a, a] } }))['labels']).toEqual([a])
  })

  test('tells everything that is wrong with it, each at its place', async () => {
    const missing = randomUUID()
    expect(await refusal(create('posts', { title: 1, tags: [a, 'x', 5] }))).toBe(
      'validation_failed, /title type, /tags/1 format, /tags/2 type',
    )
    expect(await refusal(create('posts', { title: 't', labels: [a, b, a] }))).toBe(
      'validation_failed, /labels/2 not_unique',
    )
    expect(await refusal(create('posts', { title: 't', labels: [a, b, a, a] }))).toBe(
      'validation_failed, /labels too_many',
    )
    expect(await refusal(create('posts', { title: 't', tags: [missing, a, missing] }))).toBe(
      'reference_not_found, /tags/0 reference_not_found, /tags/2 reference_not_found',
    )
    const { id } = await create('posts', { title: 't', labels: [a, b] })
    expect(await refusal(update('posts', id, { tags: { $append: [a, missing] } }))).toBe(
      'reference_not_found, /tags/1 reference_not_found',
    )
    expect(await refusal(update('posts', id, { labels: { $addUnique: [c, await tag('d')] } }))).toBe(
      'validation_failed, /labels out_of_range',
    )
  })

  test('takes no record that its writer may not view, and keeps those that are in it', async () => {
    const boss = await caller()
    const hidden = await tag('hidden', { secret: true, boss: boss.userId })
    expect(await refusal(create('posts', { title: 't', tags: [a, hidden] }))).toBe(
      'reference_not_found, /tags/1 reference_not_found',
    )
    const { id } = await create('posts', { title: 't', tags: [hidden], kept: [hidden] }, boss)
    // Its id stays visible, as that of a single reference does.
    expect((await get('posts', id))['tags']).toEqual([hidden])
    expect((await update('posts', id, { tags: [hidden, a] }))['tags']).toEqual([hidden, a])
    const replaced = await replaceRecord(collection('posts'), ANYBODY, { id, body: { title: 'u', tags: [a, hidden] } })
    expect(JSON.parse(replaced.body)).toMatchObject({ tags: [a, hidden] })
    // Whoever may not see the list does not learn from it what is in it.
    expect(await refusal(update('posts', id, { kept: [hidden] }))).toBe(
      'reference_not_found, /kept/0 reference_not_found',
    )
    expect(await refusal(update('posts', id, { kept: { $addUnique: hidden } }))).toBe(
      'reference_not_found, /kept/0 reference_not_found',
    )
  })

  test('of users wants them to exist and no more', async () => {
    const [one, other] = [await caller(), await caller()]
    const post = await create('posts', { title: 't', readers: [other.userId] }, one)
    expect(post['readers']).toEqual([other.userId])
    expect((await create('posts', { title: 't' }, one))['readers']).toEqual([one.userId])
    expect(await refusal(create('posts', { title: 't', readers: [randomUUID()] }))).toContain('/readers/0')
  })

  test('can be what rules ask, of the record before and after', async () => {
    const [one, other] = [await caller(), await caller()]
    const club = await create('clubs', { members: [one.userId] }, one)
    expect(club['members']).toEqual([one.userId])
    expect(await refusal(get('clubs', club.id, {}, other))).toBe('not_found')
    expect(await refusal(get('clubs', club.id))).toBe('not_found')
    expect(await refusal(update('clubs', club.id, { members: [other.userId] }, one))).toBe('forbidden')
    await update('clubs', club.id, { members: { $append: other.userId } }, one)
    expect(await list('clubs', {}, other)).toHaveLength(1)
    expect(await list('clubs', {})).toEqual([])
  })
})

describe('a record that goes', () => {
  test('takes its entries along, and the lists count it as a change', async () => {
    const post = await create('posts', { title: 't', tags: [a, b, a, c], labels: [a, b] })
    await remove('tags', a)
    const after = await get('posts', post.id)
    expect([after['tags'], after['labels']]).toEqual([[b, c], [b]])
    expect(after.version).toBeGreaterThan(post.version)
    expect(await entries(post.id)).toEqual([`0 ${b}`, `1 ${c}`])
  })

  test('stays where a list restricts it', async () => {
    await create('places', { id: 'Bonn', city: 'Bonn' })
    const post = await create('posts', { title: 't', places: ['Bonn'] })
    expect(await refusal(remove('places', 'Bonn'))).toBe('reference_restricted')
    await remove('posts', post.id)
    expect(await refusal(remove('places', 'Bonn'))).toBe('ok')
  })

  test('stays where a list would have too few entries without it', async () => {
    const team = await create('teams', { members: [a] })
    expect(await refusal(remove('tags', a))).toBe('reference_restricted')
    await update('teams', team.id, { members: { $append: b } })
    expect(await refusal(remove('tags', a))).toBe('ok')
    expect((await get('teams', team.id))['members']).toEqual([b])
    expect(await refusal(create('teams', {}))).toBe('validation_failed, /members required')
    expect(await refusal(update('teams', team.id, { members: null }))).toBe('validation_failed, /members required')
  })

  test('takes the entries of its own lists along', async () => {
    const post = await create('posts', { title: 't', tags: [a, b] })
    await remove('posts', post.id)
    expect(await entries(post.id)).toEqual([])
    expect(await refusal(remove('tags', a))).toBe('ok')
  })
})

describe('other writers', () => {
  test('may write the entries: the record follows, as one that was changed', async () => {
    const post = await create('posts', { title: 't', tags: [a] })
    await run(`insert into $.posts__list_tags values ('${post.id}', 7, '${b}'), ('${post.id}', 9, '${c}')`)
    const after = await get('posts', post.id)
    expect(after['tags']).toEqual([a, b, c])
    expect(after.version).toBeGreaterThan(post.version)
    expect(await entries(post.id)).toEqual([`0 ${a}`, `1 ${b}`, `2 ${c}`])
    await run(`update $.posts__list_tags set target = '${c}' where owner = '${post.id}' and position = 0`)
    await run(`delete from $.posts__list_tags where owner = '${post.id}' and position = 1`)
    expect((await get('posts', post.id))['tags']).toEqual([c, c])
    const other = await create('posts', { title: 't' })
    await run(`update $.posts__list_tags set owner = '${other.id}' where owner = '${post.id}' and position = 0`)
    expect([(await get('posts', post.id))['tags'], (await get('posts', other.id))['tags']]).toEqual([[c], [c]])
  })

  test('may write the column: the entries follow', async () => {
    const { id } = await create('posts', { title: 't', tags: [a] })
    await run(`update $.posts set tags = '["${c}", "${a.toUpperCase()}"]' where id = '${id}'`)
    expect(await entries(id)).toEqual([`0 ${c}`, `1 ${a}`])
    expect((await get('posts', id))['tags']).toEqual([c, a])
    await run(`update $.posts set tags = '["${c.toUpperCase()}", "${a}"]' where id = '${id}'`)
    expect((await get('posts', id))['tags']).toEqual([c, a])
    const numbered = await create('posts', { title: 't', rooms: [7] })
    await run(`update $.posts set rooms = '["7"]' where id = '${numbered.id}'`)
    expect((await get('posts', numbered.id))['rooms']).toEqual([7])
    await run(`truncate $.posts__list_tags`)
    expect((await get('posts', id))['tags']).toEqual([])
  })

  test('are held to what a list is', async () => {
    const { id } = await create('posts', { title: 't', tags: [a], labels: [a, b] })
    const missing = randomUUID()
    const set = (column: string, value: string) =>
      refusal(run(`update $.posts set ${column} = '${value}' where id = '${id}'`))
    expect(await set('tags', `["${missing}"]`)).toBe('23503')
    expect(await set('tags', '["x"]')).toBe('22P02')
    expect(await set('tags', '{"a": 1}')).toBe('22023')
    expect(await set('tags', '[null]')).toBe('23502')
    expect(await set('labels', `["${a}", "${a}"]`)).toBe('23505')
    expect(await set('labels', `["${b}", "${a}"]`)).toBe('ok')
    expect(await refusal(run(`update $.posts set tags = null where id = '${id}'`))).toBe('23502')
    const insert = (table: string, values: string) =>
      refusal(run(`insert into $.posts__list_${table} values (${values})`))
    expect(await insert('tags', `'${id}', 0, '${b}'`)).toBe('23505')
    expect(await insert('tags', `'${id}', 1, '${missing}'`)).toBe('23503')
    expect(await insert('tags', `'${missing}', 1, '${a}'`)).toBe('23503')
    expect(await insert('tags', `'${id}', -1, '${a}'`)).toBe('23514')
    expect(await insert('labels', `'${id}', 5, '${a}'`)).toBe('23505')
    const fixed = await create('posts', { title: 't', fixed: [a] })
    expect(await refusal(update('posts', fixed.id, { fixed: [b] }))).toContain('immutable')
    expect(await refusal(run(`delete from $.posts__list_fixed where owner = '${fixed.id}'`))).toBe('RB001')
    expect(await refusal(remove('tags', a))).toBe('reference_restricted')
  })
})

describe('filters and expansions', () => {
  test('look into lists, and follow them under the rules of each record', async () => {
    const boss = await caller()
    const secret = await tag('classified', { secret: true, boss: boss.userId })
    const one = await create('posts', { title: 'one', tags: [a, secret] }, boss)
    const two = await create('posts', { title: 'two', tags: [b] })
    const found = async (filter: string, as = ANYBODY) =>
      (await list('posts', { filter: `(${filter}) && (id == '${one.id}' || id == '${two.id}')` }, as)).map(
        ({ title }) => title,
      )
    expect(await found(`'${a}' in tags`)).toEqual(['one'])
    expect(await found(`!('${a}' in tags)`)).toEqual(['two'])
    expect(await found(`'${secret}' in tags`)).toEqual(['one'])
    expect(await found("tags.exists(t, t.name == 'b')")).toEqual(['two'])
    expect(await found("tags.exists(t, t.name == 'classified')")).toEqual([])
    expect(await found("tags.exists(t, t.name == 'classified')", boss)).toEqual(['one'])
    expect(await found("tags.all(t, t.name == 'a')")).toEqual(['one'])
    expect(await found(`tags.exists(t, t.boss == '${boss.userId}')`)).toEqual([])
    expect(await found('size(tags) == 2')).toEqual(['one'])
    expect(await refusal(list('posts', { filter: "tags.exists(t, t.nme == 'a')" }))).toContain('invalid_filter')
    expect(await refusal(list('posts', { sort: 'tags' }))).toContain('invalid_sort')
    // A list that a rule hides has nothing in it.
    const kept = await create('posts', { title: 'kept', kept: [a] })
    expect(await list('posts', { filter: `'${a}' in kept && id == '${kept.id}'` })).toEqual([])
  })

  test('bring the records in their order, and those that have one in their list', async () => {
    const boss = await caller()
    const secret = await tag('classified', { secret: true, boss: boss.userId })
    const post = await create('posts', { title: 'one', tags: [c, secret, a, c], rooms: [] }, boss)
    const names = (row: Row, relation: string, field: string) =>
      ((row['expand'] as Record<string, Row[]>)[relation] ?? []).map((one) => one[field])
    expect(names(await get('posts', post.id, { expand: 'tags' }), 'tags', 'name')).toEqual(['c', 'a', 'c'])
    expect(names(await get('posts', post.id, { expand: 'tags' }, boss), 'tags', 'name')).toEqual([
      'c',
      'classified',
      'a',
      'c',
    ])
    const asked = "tags(filter:name != 'x';sort:name;limit:2;fields:name)"
    expect(names(await get('posts', post.id, { expand: asked }), 'tags', 'name')).toEqual(['a', 'c'])
    expect(names(await get('tags', a, { expand: 'posts' }), 'posts', 'title')).toEqual(['one'])
    expect(names(await get('tags', b, { expand: 'posts' }), 'posts', 'title')).toEqual([])
    const [nested] = await list('tags', { filter: `id == '${c}'`, expand: 'posts(expand:tags(limit:1))' })
    const [back] = (nested?.['expand'] as { posts: Row[] } | undefined)?.posts ?? []
    expect(back === undefined ? [] : names(back, 'tags', 'name')).toEqual(['c'])
    expect(await refusal(get('posts', post.id, { expand: 'tag' }))).toContain('invalid_parameter')
  })
})
