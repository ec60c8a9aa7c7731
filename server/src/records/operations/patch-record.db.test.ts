import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { openCollection } from '../open-collection.ts'
import { appServer } from '../testing-apps.ts'
import { createRecord } from './create-record.ts'
import { getRecord } from './get-record.ts'
import { updateRecord } from './update-record.ts'
import { validateUpdate } from './validate-record.ts'

const SHOP = `
collections:
  users:
    rules: { read: record.id == auth.id }
  tags:
    schema: { properties: { name: { type: string } } }
    rules: { read: record.name != 'secret', create: true }
  things:
    schema:
      required: [title]
      properties:
        title: { type: string, maxLength: 20 }
        price: { type: string, format: decimal, scale: 2 }
        stock: { type: integer, minimum: 0, default: 0 }
        dueAt: { type: string, format: date-time }
        words: { type: array, items: { type: string, maxLength: 5 }, maxItems: 4 }
        tags: { type: array, items: { $ref: tags } }
        place: { type: object, additionalProperties: true, properties: { city: { type: string } } }
        owner: { $ref: users, owner: true }
        code: { type: string, immutable: true }
        size: { type: string }
        seen: { type: integer, readonly: true, default: 1 }
        secret: { type: string, hidden: true }
        salary: { type: integer }
        pay: { type: integer }
    unique: [[code]]
    check: record.stock != 13
    rules:
      create: true
      read: auth.id != null
      update: record.owner == auth.id && record.title != 'closed'
    fields:
      salary: { read: record.owner == auth.id }
      pay: { write: false }
  notes:
    schema: { additionalProperties: true, properties: { title: { type: string } } }
    rules: { read: true, write: true }
  entries:
    appendOnly: true
    schema: { properties: { title: { type: string } } }
    rules: { read: true, create: true }
`

type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly version: number }

let database: TestDatabase
let schema: string
let collection: (name: string) => Collection
let close: () => Promise<void>
let slug: string
let owner: Caller
let reader: Caller
let id: string

beforeAll(async () => {
  database = await testDatabase()
  const server = appServer(database.db)
  slug = server.newSlug('patched')
  const { app } = await server.load(slug, SHOP)
  schema = app().schema
  const part = app().part(server.records)
  collection = (name) => {
    const found = part.get(name)
    if (found === undefined) throw new Error(name)
    return found
  }
  close = async () => server.close()
  owner = await caller()
  reader = await caller()
})
afterAll(async () => {
  await close?.()
  await database?.drop()
})
beforeEach(async () => {
  id = (
    await create('things', {
      title: 'Chair',
      price: '9.50',
      words: ['a', 'b'],
      place: { city: 'Rome' },
      salary: 5,
      secret: 'x',
    })
  ).id
})

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
  return { userId, sessionId, request: { id: 'r', method: 'PATCH', path: '/', ip: '' } }
}

const create = async (name: string, body: object, by = owner): Promise<Row> =>
  JSON.parse((await createRecord(collection(name), by, { body })).body) as Row
const get = async (name: string, of: string, by = owner): Promise<Row> =>
  JSON.parse((await getRecord(collection(name), by, { id: of })).body) as Row
const patch = async (operations: readonly object[], by = owner, more: object = {}, name = 'things'): Promise<Row> =>
  JSON.parse((await updateRecord(collection(name), by, { id, body: operations, ...more })).body) as Row

async function refusal(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt
    return 'ok'
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return [error.code, ...(error.options.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)].join(', ')
  }
}

test('all operations happen together, as one version', async () => {
  const tag = await create('tags', { name: 'red' })
  const after = await patch([
    { op: 'test', path: '/version', value: 1 },
    { op: 'test', path: '/price', value: '9.50' },
    { op: 'replace', path: '/title', value: 'Table' },
    { op: 'add', path: '/words/1', value: 'c' },
    { op: 'remove', path: '/words/0' },
    { op: 'add', path: '/place/zip', value: 1 },
    { op: 'copy', from: '/createdAt', path: '/dueAt' },
    { op: 'add', path: '/tags/-', value: tag.id },
    { op: 'remove', path: '/price' },
    { op: 'move', from: '/place/city', path: '/size' },
  ])
  expect(after).toMatchObject({
    title: 'Table',
    words: ['c', 'b'],
    place: { zip: 1 },
    tags: [tag.id],
    price: null,
    size: 'Rome',
    version: 2,
  })
  expect(after['dueAt']).toBe(after['createdAt'])
  expect(await get('things', id)).toEqual(after)
})

test('a list of references is put in order, and emptied', async () => {
  const [one, two] = [await create('tags', { name: '1' }), await create('tags', { name: '2' })]
  await patch([{ op: 'add', path: '/tags', value: [one.id, two.id, one.id] }])
  expect((await patch([{ op: 'move', from: '/tags/0', path: '/tags/-' }]))['tags']).toEqual([two.id, one.id, one.id])
  const secret = await create('tags', { name: 'secret' })
  expect(await refusal(patch([{ op: 'add', path: '/tags/1', value: secret.id }]))).toBe(
    'reference_not_found, /tags/1 reference_not_found',
  )
  expect((await patch([{ op: 'remove', path: '/tags' }]))['tags']).toEqual([])
})

describe('what is refused', () => {
  const cases: [name: string, operations: readonly object[], told: string][] = [
    ['a test that fails', [{ op: 'test', path: '/title', value: 'Table' }], 'patch_failed, /0 test_failed'],
    [
      'a place that is not there',
      [{ op: 'replace', path: '/words/7', value: 'x' }],
      'patch_failed, /0/path no_such_place',
    ],
    ['an unknown field', [{ op: 'add', path: '/titel', value: 'x' }], 'unknown_field, /titel unknown_field'],
    ['something in an unknown field', [{ op: 'remove', path: '/nope/1' }], 'unknown_field, /nope unknown_field'],
    ['a read-only field', [{ op: 'replace', path: '/seen', value: 2 }], 'unknown_field, /seen unknown_field'],
    ['a field of the system', [{ op: 'add', path: '/version', value: 7 }], 'unknown_field, /version unknown_field'],
    [
      'a field that is moved away',
      [{ op: 'move', from: '/owner', path: '/title' }],
      'unknown_field, /owner unknown_field',
    ],
    ['the id', [{ op: 'copy', from: '/title', path: '/id' }], 'unknown_field, /id unknown_field'],
    [
      'a hidden field, as if there were none',
      [{ op: 'test', path: '/secret', value: 'x' }],
      'patch_failed, /0/path no_such_place',
    ],
    ['a copy of it', [{ op: 'copy', from: '/secret', path: '/title' }], 'patch_failed, /0/from no_such_place'],
    ['a value of another type', [{ op: 'add', path: '/words/-', value: 1 }], 'validation_failed, /words/2 type'],
    ['too long a list', [{ op: 'copy', from: '/words', path: '/words/0' }], 'validation_failed, /words/0 type'],
    ['what is required', [{ op: 'remove', path: '/title' }], 'validation_failed, /title required'],
    ['an operator is a value', [{ op: 'add', path: '/stock', value: { $inc: 1 } }], 'validation_failed, /stock type'],
    ['a check', [{ op: 'add', path: '/stock', value: 13 }], 'check_violation,  check'],
    ['a field rule', [{ op: 'replace', path: '/pay', value: 1 }], 'forbidden, /pay forbidden'],
    ['the rule afterwards', [{ op: 'replace', path: '/title', value: 'closed' }], 'forbidden'],
  ]
  test.each(cases)('%s', async (_, operations, told) => {
    const before = await get('things', id)
    expect(await refusal(patch(operations))).toBe(told)
    expect(await refusal(validateUpdate(collection('things'), owner, { id, body: operations }))).toBe(told)
    expect(await get('things', id)).toEqual(before)
  })

  test('what is set once', async () => {
    id = (await create('things', { title: 'a', code: 'one' })).id
    expect(await refusal(patch([{ op: 'replace', path: '/code', value: 'two' }]))).toBe(
      'immutable_field, /code immutable',
    )
    expect(await refusal(patch([{ op: 'remove', path: '/code' }]))).toBe('immutable_field, /code immutable')
    expect(await refusal(patch([{ op: 'replace', path: '/code', value: 'one' }]))).toBe('ok')
  })

  test('for who may only read it that comes first; who may not, finds nothing', async () => {
    for (const operations of [
      [{ op: 'test', path: '/title', value: 'Table' }],
      [{ op: 'add', path: '/words/-', value: 1 }],
      [{ op: 'replace', path: '/title', value: 'Mine' }],
    ]) {
      expect(await refusal(patch(operations, reader))).toBe('forbidden')
      expect(await refusal(patch(operations, { ...reader, userId: null, sessionId: null }))).toBe('not_found')
    }
  })

  test('a field that the caller may not read is not there, and may be written where a rule lets them', async () => {
    await database.db.once(`update "${schema}".things set owner = null`)
    const open = openCollection(collection('things'))
    expect((await updateRecord(open, owner, { id, body: [{ op: 'test', path: '/salary', value: 5 }] })).status).toBe(
      200,
    )
    expect(await refusal(patch([{ op: 'test', path: '/salary', value: 5 }], reader))).toBe('forbidden')
  })

  test('another version than If-Match says', async () => {
    const stale = { ifMatch: '"7"' }
    expect(await refusal(patch([{ op: 'test', path: '/title', value: 'no' }], owner, stale))).toBe('version_mismatch')
    expect(await refusal(patch([{ op: 'replace', path: '/title', value: 'x' }], owner, stale))).toBe('version_mismatch')
    expect((await patch([{ op: 'replace', path: '/title', value: 'x' }], owner, { ifMatch: '"1"' })).version).toBe(2)
  })

  test('records that are only added', async () => {
    const entry = await create('entries', { title: 'a' })
    const body = [{ op: 'replace', path: '/title', value: 'b' }]
    expect(await refusal(updateRecord(collection('entries'), owner, { id: entry.id, body }))).toBe('append_only')
  })
})

test('keys beside the fields are added, copied, moved, and removed up to the last one', async () => {
  const note = await create('notes', { title: 'a', color: 'red', size: { w: 1 } })
  id = note.id
  const change = (operations: readonly object[]) => patch(operations, owner, {}, 'notes')
  const after = await change([
    { op: 'move', from: '/color', path: '/size/color' },
    { op: 'copy', from: '/size', path: '/other' },
    { op: 'add', path: '/other/w', value: 2 },
  ])
  expect(after).toMatchObject({ title: 'a', size: { w: 1, color: 'red' }, other: { w: 2, color: 'red' } })
  expect(Object.keys(after)).not.toContain('color')
  expect(await refusal(change([{ op: 'add', path: '/expand', value: 1 }]))).toBe('unknown_field, /expand unknown_field')
  const emptied = await change([
    { op: 'remove', path: '/size' },
    { op: 'remove', path: '/other' },
  ])
  expect(Object.keys(emptied)).toEqual(['id', 'title', 'createdAt', 'updatedAt', 'version'])
})

test('a test and what depends on it are one: of many at once none is lost, and none done twice', async () => {
  const CLIENTS = 30
  await patch([{ op: 'replace', path: '/place', value: { list: [] } }])
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, (_, n) => refusal(patch([{ op: 'add', path: '/place/list/-', value: n }]))),
  )
  expect(new Set(clients)).toEqual(new Set(['ok']))
  const { list } = (await get('things', id))['place'] as { list: number[] }
  expect(list.toSorted((left, right) => left - right)).toEqual(Array.from({ length: CLIENTS }, (_, n) => n))

  await patch([{ op: 'add', path: '/stock', value: 1 }])
  const buyers = await Promise.all(
    Array.from({ length: CLIENTS }, () =>
      refusal(
        patch([
          { op: 'test', path: '/stock', value: 1 },
          { op: 'replace', path: '/stock', value: 0 },
        ]),
      ),
    ),
  )
  expect(buyers.filter((told) => told === 'ok')).toHaveLength(1)
  expect(new Set(buyers)).toEqual(new Set(['ok', 'patch_failed, /0 test_failed']))
})
