import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { runBatch } from './batch/run-batch.ts'
import type { Caller } from './caller.ts'
import type { Collection } from './collection.ts'
import { aggregateRecords } from './operations/aggregate-records.ts'
import { deleteMatching, updateMatching } from './operations/change-matching.ts'
import { createRecord } from './operations/create-record.ts'
import { deleteRecord } from './operations/delete-record.ts'
import { listHistory } from './operations/list-history.ts'
import { replaceRecord } from './operations/replace-record.ts'
import { restoreRecord } from './operations/restore-record.ts'
import { transitionRecord } from './operations/transition-record.ts'
import { updateRecord } from './operations/update-record.ts'
import { upsertRecord } from './operations/upsert-record.ts'
import { validateRecord } from './operations/validate-record.ts'
import { appServer } from './testing-apps.ts'
import { createGate } from './transfer/gate.ts'
import { importRecords } from './transfer/import-records.ts'
import { exported } from './transfer/testing.ts'

/** A rule that divides by zero, unless it needs not look. */
const SMALL = "record.text == 'plain' || !db.ratios.exists(r, r.id == record.part && r.share > 5)"
const FACTORY = `
collections:
  parts:
    schema: { properties: { name: { type: string }, total: { type: integer }, parts: { type: integer } } }
    rules: { read: true }
  ratios:
    view: select id, name, total / parts as share from parts
    rules: { read: true }
  zones:
    view: select id, date_trunc(name, created_at) as begun from parts
    rules: { read: true }
  orders:
    softDelete: { restore: "${SMALL}" }
    history: { read: "${SMALL}" }
    schema:
      properties: { part: { $ref: parts }, key: { type: string }, text: { type: string }, state: { enum: [open, done] } }
    unique: [[key]]
    states: { of: state, initial: open, transitions: { finish: { from: open, to: done, allow: "${SMALL}" } } }
    rules: { read: true, create: "${SMALL}", update: "${SMALL}", delete: "${SMALL}" }
  notes:
    schema: { properties: { text: { type: string } } }
    rules: { list: true, view: "db.lengths.exists(l, l.id == record.id && l.share > 0)", create: true }
  lengths: { view: "select id, 12 / length(text) as share from notes", rules: { read: true } }
`
const FAILURE = { code: 'conflict', status: 409, detail: expect.stringContaining('it divides by zero') }

let database: TestDatabase
let server: ReturnType<typeof appServer>
let collections: { get(name: string): Collection | undefined }
let schema: string
let slug: string
let whole: string
let broken: string

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})
beforeEach(async () => {
  slug = server.newSlug('factory')
  const { app, issues } = await server.load(slug, FACTORY)
  expect(issues).toEqual([])
  collections = app().part(server.records)
  schema = `"app_${slug.replaceAll('-', '_')}"`
  const rows = await database.db.once<{ id: string }>(
    `insert into ${schema}.parts (name, total, parts) values ('month', 6, 3), ('nothing', 1, 0) returning id`,
  )
  whole = rows[0]?.id ?? ''
  broken = rows[1]?.id ?? ''
  server.events.length = 0
})

describe('a write whose rule meets a row of a view that can not be computed', () => {
  type Write = (id: string) => Promise<unknown>
  test.each<[name: string, write: Write]>([
    ['a create', () => createRecord(orders(), nobody, { body: { part: broken } })],
    ['a create with a key', () => createRecord(orders(), user, { body: { part: broken }, idempotencyKey: 'k' })],
    ['a validation', () => validateRecord(orders(), nobody, { body: { part: broken } })],
    ['an update', (id) => updateRecord(orders(), nobody, { id, body: { text: 'b' } })],
    ['a replacement', (id) => replaceRecord(orders(), nobody, { id, body: { part: broken } })],
    ['an upsert', () => upsertRecord(orders(), nobody, { by: 'key', body: { key: 'a', part: broken } })],
    ['a delete', (id) => deleteRecord(orders(), nobody, { id })],
    ['a transition', (id) => transitionRecord(orders(), nobody, { id, transition: 'finish' })],
    ['an update of many', () => updateMatching(orders(), nobody, { filter: 'true', limit: '5', body: { text: 'b' } })],
    ['a delete of many', () => deleteMatching(orders(), nobody, { filter: 'true', limit: '5' })],
    ['a batch', () => batch({ create: 'orders', data: { part: broken } }, { create: 'orders', data: { part: whole } })],
    ['a batch of changes', (id) => batch({ update: 'orders', id, data: { text: 'b' } }, { delete: 'orders', id })],
    [
      'a restore',
      async (id) => {
        await database.db.once(`delete from ${schema}.orders where id = $1::uuid`, [id])
        await restoreRecord(orders(), nobody, { id })
      },
    ],
    ['a look at the versions', (id) => listHistory(orders(), nobody, { id })],
  ])('%s is a conflict, of which the operator is told', async (_, write) => {
    const id = await stored(broken)
    await expect(write(id)).rejects.toMatchObject(FAILURE)
    expect(server.events.length).toBeGreaterThan(0)
    for (const event of server.events) {
      expect(event).toEqual({ type: 'view.failed', app: slug, views: ['ratios'], sqlState: '22012' })
    }
    expect(await database.db.once(`select text from ${schema}.orders where text = 'b'`)).toEqual([])
  })

  test('fails none of those who write at the same time', async () => {
    const create = (text: string) => createRecord(orders(), nobody, { body: { part: broken, text } })
    const [first, second, bad] = await Promise.all([stored(whole, 'plain'), stored(whole, 'plain'), stored(broken)])
    const update = (id = '') => updateRecord(orders(), nobody, { id, body: { key: id } })
    const outcomes = await Promise.allSettled([
      ...[create('plain'), create('a'), create('plain')],
      ...[update(first), update(bad), update(second)],
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'rejected', 'fulfilled'],
      ...['fulfilled', 'rejected', 'fulfilled'],
    ])
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(FAILURE)
  })

  test('fails its own line of an import', async () => {
    const items = ['plain', 'a', 'plain'].map((text, index) => ({
      line: index + 1,
      size: 40,
      value: { part: broken, text },
    }))
    const run = importRecords(createGate({ most: 1, each: 1 }), orders(), nobody, {}, undefined)
    const result = await run(one(items), () => {}, new AbortController().signal)
    expect(result).toMatchObject({ created: 2, errors: [{ line: 2, code: 'conflict' }] })
  })

  test('has happened where only its answer meets the row: that is the id alone', async () => {
    const { body } = await createRecord(of('notes'), nobody, { body: { text: '' } })
    expect(JSON.parse(body)).toEqual({ id: expect.any(String), version: 1 })
    expect(await database.db.once(`select text from ${schema}.notes`)).toEqual([{ text: '' }])
  })
})

test('a value that a function does not take is told as that, and no zone that was sent', async () => {
  const days = aggregateRecords(of('zones'), nobody, { select: 'count', groupBy: "day(begun,'Europe/Zurich')" })
  await expect(days).rejects.toMatchObject({ code: 'conflict', detail: expect.stringContaining('does not take') })
})

test('an export that breaks off behind its first bytes tells the operator why', async () => {
  await database.db.once(
    `insert into ${schema}.parts (name, total, parts) select repeat('x', 500), n, case n when 20000 then 0 else 1 end from generate_series(1, 20000) n`,
  )
  await database.db.once(`delete from ${schema}.parts where name = 'nothing'`)
  await expect(exported(of('ratios'))).rejects.toBeInstanceOf(Error)
  expect(server.events).toEqual([{ type: 'view.failed', app: slug, views: ['ratios'], sqlState: '22012' }])
})

function of(name: string): Collection {
  const found = collections.get(name)
  if (found === undefined) throw new Error(`There is no collection ${name}`)
  return found
}

const orders = () => of('orders')

const request = { id: 'r', method: 'GET', path: '/', ip: '127.0.0.1' }
const nobody: Caller = { userId: null, sessionId: null, request }
const user: Caller = { ...nobody, userId: '0190a6b1-7c3e-7d2f-8a4b-5c6d7e8f9a0c' }

function batch(...operations: readonly object[]) {
  return runBatch(orders().app, { get: of, names: [] }, nobody, { body: { operations }, isAborted: () => false })
}

/** As nobody may write it. */
async function stored(part: string, text = 'a'): Promise<string> {
  const [row] = await database.db.once<{ id: string }>(
    `insert into ${schema}.orders (part, text) values ($1::uuid, $2) returning id`,
    [part, text],
  )
  return row?.id ?? ''
}

async function* one<T>(value: T) {
  yield value
}
