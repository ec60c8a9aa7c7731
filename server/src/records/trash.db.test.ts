import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { Problem } from '../errors/problem.ts'
import type { Caller } from './caller.ts'
import type { Collection } from './collection.ts'
import { openCollection } from './open-collection.ts'
import { createRecord } from './operations/create-record.ts'
import { deleteRecord } from './operations/delete-record.ts'
import { getRecord } from './operations/get-record.ts'
import type { ListParameters } from './operations/list-plans.ts'
import { listRecords } from './operations/list-records.ts'
import { listTrash } from './operations/list-trash.ts'
import { restoreRecord } from './operations/restore-record.ts'
import { updateRecord } from './operations/update-record.ts'
import { createRecordSweeper } from './sweep-records.ts'
import { appServer } from './testing-apps.ts'

const FORUM = `
collections:
  rooms:
    schema: { required: [name], properties: { name: { type: string } } }
    rules: { read: true, write: true }
  posts:
    softDelete: { purgeAfter: 7d, trash: 'record.owner == auth.id', restore: 'record.owner == auth.id && record.stars >= 0' }
    schema:
      required: [slug]
      properties:
        slug: { type: string }
        stars: { type: integer, default: 0 }
        owner: { $ref: users, owner: true }
        room: { $ref: rooms }
        secret: { type: string, hidden: true }
    unique: [[slug]]
    rules: { read: true, write: true }
  comments:
    softDelete: true
    schema:
      required: [post]
      properties:
        post: { $ref: posts, onDelete: cascade }
        parent: { $ref: comments, onDelete: cascade }
        about: { $ref: labels, onDelete: setNull }
        text: { type: string }
    rules: { read: true, write: true }
  drafts:
    softDelete: true
    schema: { properties: { room: { $ref: rooms, onDelete: cascade } } }
    rules: { read: true, write: true }
  bills:
    softDelete: true
    schema:
      properties:
        no: { type: string, sequence: { format: 'B-{n:3}', gapless: true } }
        fast: { type: integer, sequence: true }
        marks: { type: array, items: { $ref: marks, inverse: bills } }
        needed: { type: array, items: { $ref: marks, onDelete: restrict } }
    rules: { read: true, write: true }
  marks:
    schema: { properties: { name: { type: string } } }
    rules: { read: true, write: true }
  entries:
    id: { type: string }
    softDelete: true
    schema: { properties: { no: { type: integer, sequence: true } } }
    rules: { read: true, write: true }
  tickets:
    softDelete: true
    schema: { properties: { state: { enum: [open, done], default: open } } }
    states: { of: state, transitions: { finish: { from: open, to: done, allow: true } } }
    rules: { read: true, write: true }
  pins:
    schema: { required: [post], properties: { post: { $ref: posts } } }
    rules: { read: true, write: true }
  labels:
    id: { type: string }
    softDelete: true
    schema: { properties: { colour: { type: string } } }
    rules: { read: true, write: true }
`

let database: TestDatabase
let server: ReturnType<typeof appServer>
let slug: string

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  server?.close()
  await database?.drop()
})
beforeEach(async () => {
  slug = server.newSlug('forum')
  const { issues } = await server.load(slug, FORUM)
  expect(issues).toEqual([])
  ada = await user('ada@example.org')
})

const request = { id: 'r', method: 'GET', path: '/', ip: '127.0.0.1' }
const NOBODY: Caller = { userId: null, sessionId: null, request }
let ada: Caller

function of(name: string): Collection {
  const app = server.loader.registry.get(slug)
  const collection = app?.part(server.records).get(name)
  if (collection === undefined) throw new Error(`no ${name}`)
  return collection
}

/** Runs SQL as psql would; `$.` stands for the app's schema. */
async function run(text: string): Promise<readonly Record<string, unknown>[]> {
  return await database.db.once(text.replaceAll('$.', `"app_${slug.replaceAll('-', '_')}".`))
}

async function user(email: string): Promise<Caller> {
  const [row] = await run(`insert into $.users (email) values ('${email}') returning id`)
  const userId = String(row?.['id'])
  const [session] = await run(
    `insert into roadbase.sessions (id, app, user_id, expires_at) values (roadbase.uuid_v7(), '${slug}', '${userId}', now() + interval '1 day') returning id`,
  )
  return { userId, sessionId: String(session?.['id']), request }
}

type Answer = Record<string, unknown> & { readonly id: string; readonly version: number }
const parse = ({ body }: { readonly body: string }) => JSON.parse(body) as Answer
const create = async (name: string, body: object, caller = ada) => parse(await createRecord(of(name), caller, { body }))
const remove = (name: string, id: string, caller = ada) => deleteRecord(of(name), caller, { id })
const purge = (name: string, id: string, caller = ada) => deleteRecord(of(name), caller, { id, purge: 'true' })
const restore = async (name: string, id: string, caller = ada) => parse(await restoreRecord(of(name), caller, { id }))
const items = ({ body }: { readonly body: string }) => (JSON.parse(body) as { readonly items: Answer[] }).items
const trash = async (name: string, input: ListParameters = {}, caller = ada) =>
  items(await listTrash(of(name), caller, input))
const living = async (name: string) => items(await listRecords(of(name), ada, {}))

async function code(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'none'
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}

describe('a deleted record', () => {
  test('lies in the trash, with when and by whom, and nowhere else', async () => {
    const post = await create('posts', { slug: 'a', stars: 3 })
    await remove('posts', post.id)
    expect(await code(getRecord(of('posts'), ada, { id: post.id }))).toBe('not_found')
    expect(await living('posts')).toEqual([])
    expect(await run('select * from $.posts')).toEqual([])
    const [lying, ...others] = await trash('posts')
    expect(others).toEqual([])
    expect(lying).toEqual({ ...post, deletedAt: expect.stringMatching(/Z$/), deletedBy: ada.userId })
  })

  test('comes back as it was, as a new version', async () => {
    const post = await create('posts', { slug: 'a', stars: 3 })
    await run(`update $.posts set secret = 'hush'`)
    const { version } = parse(await getRecord(of('posts'), ada, { id: post.id }))
    await remove('posts', post.id)
    const back = await restore('posts', post.id)
    expect(back).toEqual({ ...post, version: version + 1, updatedAt: back['updatedAt'] })
    expect(await run('select secret from $.posts')).toEqual([{ secret: 'hush' }])
    expect(await trash('posts')).toEqual([])
    expect(await code(restore('posts', post.id))).toBe('not_found')
  })

  test('comes back in the state that it had', async () => {
    const ticket = await create('tickets', {})
    await run(`update $.tickets set state = 'done'`)
    await remove('tickets', ticket.id)
    expect(await restore('tickets', ticket.id)).toMatchObject({ state: 'done' })
  })

  test('is put there by whoever deletes', async () => {
    await create('posts', { slug: 'a' })
    await run('delete from $.posts')
    expect(await trash('posts')).toMatchObject([{ slug: 'a', deletedBy: null }])
  })

  test('frees its place; who has taken it keeps it', async () => {
    const first = await create('posts', { slug: 'a' })
    await remove('posts', first.id)
    const second = await create('posts', { slug: 'a' })
    expect(await code(restore('posts', first.id))).toBe('unique_violation')
    expect(await trash('posts')).toHaveLength(1)
    await remove('posts', second.id)
    expect((await restore('posts', first.id)).id).toBe(first.id)
    expect(await trash('posts')).toMatchObject([{ id: second.id }])
  })

  test('can not be referred to', async () => {
    const post = await create('posts', { slug: 'a' })
    await remove('posts', post.id)
    expect(await code(create('pins', { post: post.id }))).toBe('reference_not_found')
    await expect(run(`insert into $.pins (post) values ('${post.id}')`)).rejects.toMatchObject({ sqlState: '23503' })
  })

  test('stays where something living refers to it', async () => {
    const post = await create('posts', { slug: 'a' })
    const pin = await create('pins', { post: post.id })
    expect(await code(remove('posts', post.id))).toBe('reference_restricted')
    await remove('pins', pin.id)
    await remove('posts', post.id)
    expect(await trash('posts')).toHaveLength(1)
  })

  test('with a chosen id may be deleted again and again: the newest comes back first', async () => {
    for (const colour of ['red', 'blue']) {
      await create('labels', { id: 'l', colour })
      await remove('labels', 'l')
    }
    expect(await trash('labels')).toMatchObject([{ colour: 'blue' }])
    const back = await restore('labels', 'l')
    expect(back).toMatchObject({ colour: 'blue' })
    expect(await trash('labels')).toMatchObject([{ colour: 'red' }])
    expect(await code(restore('labels', 'l'))).toBe('unique_violation')
    await remove('labels', 'l')
    await purge('labels', 'l')
    expect(await restore('labels', 'l')).toMatchObject({ colour: 'red' })
    const [{ versions } = {}] = await run(`select version::int as versions from $.labels`)
    expect(versions).toBeGreaterThan(back.version)
  })
})

describe('what goes with it', () => {
  async function thread() {
    const post = await create('posts', { slug: 'a' })
    const top = await create('comments', { post: post.id, text: 'top' })
    const reply = await create('comments', { post: post.id, parent: top.id, text: 'reply' })
    return { post, top, reply }
  }

  test('is not seen in the trash by itself, and comes back with it', async () => {
    const { post, top, reply } = await thread()
    await remove('posts', post.id)
    expect(await living('comments')).toEqual([])
    expect(await trash('comments')).toEqual([])
    expect(await code(restore('comments', top.id))).toBe('not_found')
    await restore('posts', post.id)
    const ids = (await living('comments')).map(({ id }) => id)
    expect(ids.sort()).toEqual([top.id, reply.id].sort())
  })

  test('does not bring back what was deleted before', async () => {
    const { post, top, reply } = await thread()
    await remove('comments', reply.id)
    await remove('posts', post.id)
    await restore('posts', post.id)
    expect((await living('comments')).map(({ id }) => id)).toEqual([top.id])
    expect(await trash('comments')).toMatchObject([{ id: reply.id }])
    await restore('comments', reply.id)
    expect(await living('comments')).toHaveLength(2)
  })

  test('can not come back without what it belongs to', async () => {
    const { post, reply } = await thread()
    await remove('comments', reply.id)
    await remove('posts', post.id)
    expect(await code(restore('comments', reply.id))).toBe('reference_not_found')
    expect(await trash('comments')).toHaveLength(1)
  })

  test('is gone when that is gone for good', async () => {
    const { post } = await thread()
    await purge('posts', post.id)
    expect(await trash('posts')).toEqual([])
    expect(await run('select 1 from $.comments__trash')).toEqual([])
    const other = await thread()
    await remove('posts', other.post.id)
    await purge('posts', other.post.id)
    expect(await run('select 1 from $.comments__trash union all select 1 from $.posts__trash')).toEqual([])
    expect(await code(purge('posts', other.post.id))).toBe('not_found')
  })

  test('each of several deletions in one statement has its own', async () => {
    const [one, two] = [await create('posts', { slug: 'a' }), await create('posts', { slug: 'b' })]
    await create('comments', { post: one.id, text: 'of a' })
    await create('comments', { post: two.id, text: 'of b' })
    await run('delete from $.posts')
    await restore('posts', two.id)
    expect(await living('comments')).toMatchObject([{ text: 'of b' }])
  })

  test('is gone for good with what has no trash', async () => {
    const room = await create('rooms', { name: 'r' })
    await create('drafts', { room: room.id })
    await remove('rooms', room.id)
    expect(await run('select 1 from $.drafts union all select 1 from $.drafts__trash')).toEqual([])
  })

  test('a reference that lets go stays without what is gone', async () => {
    const post = await create('posts', { slug: 'a' })
    await create('labels', { id: 'x' })
    const comment = await create('comments', { post: post.id, about: 'x' })
    await remove('comments', comment.id)
    await remove('labels', 'x')
    expect(await restore('comments', comment.id)).toMatchObject({ about: null })
  })
})

describe('who may', () => {
  test('is said by the rules of the trash', async () => {
    const bob = await user('bob@example.org')
    const post = await create('posts', { slug: 'a' })
    await remove('posts', post.id, bob)
    expect(await trash('posts', {}, bob)).toEqual([])
    expect(await trash('posts', {}, NOBODY)).toEqual([])
    expect(await code(restore('posts', post.id, bob))).toBe('not_found')
    expect(await code(purge('posts', post.id, bob))).toBe('not_found')
    expect(await trash('posts')).toMatchObject([{ deletedBy: bob.userId }])
  })

  test('see and not bring back: 403', async () => {
    const post = await create('posts', { slug: 'a', stars: -1 })
    await remove('posts', post.id)
    expect(await trash('posts')).toHaveLength(1)
    expect(await code(restore('posts', post.id))).toBe('forbidden')
    const open = openCollection(of('posts'))
    const admin = { ...NOBODY, administrator: { kind: 'key', id: 'k', name: 'k' } } as unknown as Caller
    expect(parse(await restoreRecord(open, admin, { id: post.id }))).toMatchObject({ id: post.id })
  })

  test('the trash is filtered, sorted and paged as a list', async () => {
    for (const name of ['a', 'b', 'c']) await remove('posts', (await create('posts', { slug: name })).id)
    const names = async (input: ListParameters) => (await trash('posts', input)).map(({ slug: name }) => name)
    expect(await names({ sort: '-slug', filter: `slug != 'b'` })).toEqual(['c', 'a'])
    expect(await names({ filter: `deletedBy == auth.id && deletedAt <= now` })).toHaveLength(3)
    expect(await code(trash('posts', { filter: `secret == 'x'` }))).toBe('invalid_filter')
    expect(await code(trash('posts', { filter: `deletion__root` }))).toBe('invalid_filter')
    const page = JSON.parse((await listTrash(of('posts'), ada, { limit: '2', sort: 'slug' })).body)
    expect(
      items(await listTrash(of('posts'), ada, { limit: '2', sort: 'slug', cursor: page.nextCursor } as never)),
    ).toMatchObject([{ slug: 'c' }])
    expect(await code(listRecords(of('posts'), ada, { limit: '2', sort: 'slug', cursor: page.nextCursor }))).toBe(
      'invalid_cursor',
    )
  })

  test('a collection without one says so', async () => {
    const room = await create('rooms', { name: 'r' })
    expect(await code(trash('rooms'))).toBe('not_found')
    expect(await code(restore('rooms', room.id))).toBe('not_found')
    expect(await code(purge('rooms', room.id))).toBe('invalid_parameter')
  })

  test('a version that has changed is not deleted, and not brought back', async () => {
    const post = await create('posts', { slug: 'a' })
    await updateRecord(of('posts'), ada, { id: post.id, body: { stars: 1 } })
    const ifMatch = `"${post.version}"`
    expect(await code(deleteRecord(of('posts'), ada, { id: post.id, ifMatch, purge: 'true' }))).toBe('version_mismatch')
    await remove('posts', post.id)
    expect(await code(restoreRecord(of('posts'), ada, { id: post.id, ifMatch }))).toBe('version_mismatch')
  })
})

describe('what has lain in the trash for long', () => {
  test('is gone for good, with what went with it; what has not stays', async () => {
    const sweeper = createRecordSweeper({
      db: database.db,
      apps: () => [server.loader.registry.get(slug)?.model(server.records) ?? new Map()],
      report: (event) => {
        throw new Error(JSON.stringify(event))
      },
    })
    const old = await create('posts', { slug: 'old' })
    await create('comments', { post: old.id })
    await remove('posts', old.id)
    await remove('posts', (await create('posts', { slug: 'new' })).id)
    expect(await sweeper.now()).toBe(0)
    await run(`update $.posts__trash set deleted_at = now() - interval '8 days' where slug = 'old'`)
    expect(await sweeper.now()).toBe(1)
    expect(await trash('posts')).toMatchObject([{ slug: 'new' }])
    expect(await run('select 1 from $.comments__trash')).toEqual([])
  })
})

describe('numbers', () => {
  test('come back with their records, and nobody else gets them', async () => {
    const first = await create('bills', {})
    await remove('bills', first.id)
    const second = await create('bills', {})
    expect([first, second]).toMatchObject([
      { no: 'B-001', fast: 1 },
      { no: 'B-002', fast: 2 },
    ])
    expect(await trash('bills', { filter: `no == 'B-001'` })).toHaveLength(1)
    expect(await restore('bills', first.id)).toMatchObject({ no: 'B-001', fast: 1, version: 2 })
    expect(await create('bills', {})).toMatchObject({ no: 'B-003', fast: 3 })
    await expect(run(`insert into $.bills (no) values ('B-009')`)).rejects.toMatchObject({ sqlState: 'RB005' })
  })

  test('beside chosen ids, whose versions go on', async () => {
    const { version } = await create('entries', { id: 'a' })
    await remove('entries', 'a')
    const back = await restore('entries', 'a')
    expect(back).toMatchObject({ no: 1 })
    expect(back.version).toBeGreaterThan(version)
  })
})

describe('lists of references', () => {
  const mark = async (name: string) => (await create('marks', { name })).id

  test('come back in their order, without what was deleted meanwhile', async () => {
    const [a, b, c] = [await mark('a'), await mark('b'), await mark('c')]
    const bill = await create('bills', { marks: [c, a, b, a] })
    await remove('bills', bill.id)
    expect(await run('select * from $.bills__list_marks')).toEqual([])
    expect(await trash('bills', { filter: `'${c}' in marks`, expand: 'marks(fields:name)' })).toMatchObject([
      { marks: [c, a, b, a], expand: { marks: [{ name: 'c' }, { name: 'a' }, { name: 'b' }, { name: 'a' }] } },
    ])
    expect(await trash('bills', { filter: `marks.exists(m, m.name == 'x')` })).toEqual([])
    await remove('marks', c)
    expect(await restore('bills', bill.id)).toMatchObject({ version: 2 })
    expect(await living('bills')).toMatchObject([{ marks: [a, b, a] }])
    expect(await run('select target from $.bills__list_marks order by position')).toEqual([
      { target: a },
      { target: b },
      { target: a },
    ])
  })

  test('that need what is gone keep their record in the trash', async () => {
    const a = await mark('a')
    const bill = await create('bills', { needed: [a] })
    expect(await code(remove('marks', a))).toBe('reference_restricted')
    await remove('bills', bill.id)
    await remove('marks', a)
    expect(await code(restore('bills', bill.id))).toBe('reference_not_found')
    expect(await trash('bills')).toHaveLength(1)
  })
})

describe('the app’s own SQL', () => {
  test('sees the living, moves what it deletes, and has no way to the trash', async () => {
    await create('posts', { slug: 'a' })
    const role = `app_${slug.replaceAll('-', '_')}`
    await run(`set role "${role}"; delete from $.posts; reset role`)
    expect(await trash('posts')).toHaveLength(1)
    await expect(run(`set role "${role}"; select * from $.posts__trash`)).rejects.toMatchObject({ sqlState: '42501' })
    await run('reset role')
  })
})
