import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LiveApp } from '../apps/section.ts'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { runBatch } from './batch/run-batch.ts'
import type { Caller } from './caller.ts'
import { openCollection } from './open-collection.ts'
import { deleteMatching, updateMatching } from './operations/change-matching.ts'
import { createRecord } from './operations/create-record.ts'
import { deleteRecord } from './operations/delete-record.ts'
import { listHistory } from './operations/list-history.ts'
import { replaceRecord } from './operations/replace-record.ts'
import { restoreRecord } from './operations/restore-record.ts'
import { revertRecord } from './operations/revert-record.ts'
import { transitionRecord } from './operations/transition-record.ts'
import { updateRecord } from './operations/update-record.ts'
import { upsertRecord } from './operations/upsert-record.ts'
import { appServer } from './testing-apps.ts'
import { createGate } from './transfer/gate.ts'
import { importRecords } from './transfer/import-records.ts'
import { anonymous, collectionOf, signedIn } from './transfer/testing.ts'

const DOCUMENT = `
collections:
  shelves: { schema: { properties: { name: { type: string } } }, rules: { read: true, write: true } }
  boxes:
    schema: { properties: { shelf: { $ref: shelves, onDelete: cascade } } }
    rules: { read: true, write: true }
  books:
    history: { read: true }
    schema:
      properties:
        title: { type: string }
        count: { type: integer, computed: size(record.title) }
        box: { $ref: boxes, onDelete: cascade }
        shelf: { $ref: shelves, onDelete: setNull }
        near: { type: array, items: { $ref: shelves } }
        state: { enum: [in, out], default: in }
    unique: [[title]]
    states: { of: state, transitions: { lend: { from: in, to: out, allow: true } } }
    rules: { read: true, write: true }
  labels:
    id: { type: string }
    history: { read: true }
    softDelete: { trash: true, restore: true }
    schema: { properties: { text: { type: string } } }
    rules: { read: true, write: true }
`

let database: TestDatabase
let server: ReturnType<typeof appServer>
let app: LiveApp
let ann: Caller
let ben: Caller

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  app = (await server.load(server.newSlug('library'), DOCUMENT)).app()
  ann = await signedIn(server, app, 'ann@example.org')
  ben = await signedIn(server, app, 'ben@example.org')
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

let serial = 0
const of = (name: string) => collectionOf(server, app, name)
const run = (text: string) => database.db.once(text.replaceAll('$.', `"${app.schema}".`))
const create = async (name: string, body: object, caller = ann) => (await createRecord(of(name), caller, { body })).id
const book = (body: object = {}) => create('books', { title: `t${serial++}`, ...body })
const batch = (caller: Caller, ...operations: object[]) =>
  runBatch(of('books').app, { get: of, names: [] }, caller, { body: { operations }, isAborted: () => false })
const idIn = ({ body }: { readonly body: string }) => String(JSON.parse(body).id)

async function newest(name: string, id: string): Promise<{ readonly action: string; readonly by: string | null }> {
  const { items } = JSON.parse(await listHistory(of(name), ann, { id, limit: '1' }))
  return { action: items[0].action, by: items[0].by }
}

/** Each writes as Ben what Ann has made, and gives what that was. */
type Way = () => Promise<readonly [collection: string, id: string]>

const WAYS: Readonly<Record<string, Way>> = {
  'create a record': async () => ['books', await create('books', {}, ben)],
  'update it': async () => {
    const id = await book()
    await updateRecord(of('books'), ben, { id, body: { title: 'changed' } })
    return ['books', id]
  },
  'replace it': async () => {
    const id = await book()
    await replaceRecord(of('books'), ben, { id, body: { title: 'replaced' } })
    return ['books', id]
  },
  'make it by a replace': async () => {
    await replaceRecord(of('labels'), ben, { id: 'made', body: { text: 'x' } })
    return ['labels', 'made']
  },
  'make it by an upsert': async () => [
    'books',
    idIn(await upsertRecord(of('books'), ben, { by: 'title', body: { title: 'upserted' } })),
  ],
  'change it by an upsert': async () => {
    const id = await book({ title: 'known' })
    await upsertRecord(of('books'), ben, { by: 'title', body: { title: 'known', shelf: null, near: [] } })
    return ['books', id]
  },
  'patch it': async () => {
    const id = await book()
    await updateRecord(of('books'), ben, { id, body: [{ op: 'replace', path: '/title', value: 'patched' }] })
    return ['books', id]
  },
  'move it to another state': async () => {
    const id = await book()
    await transitionRecord(of('books'), ben, { id, transition: 'lend' })
    return ['books', id]
  },
  'go back to a version': async () => {
    const id = await book()
    await updateRecord(of('books'), ann, { id, body: { title: `t${serial++}` } })
    await revertRecord(of('books'), ben, { id, body: { version: 1 } })
    return ['books', id]
  },
  'change what a filter matches': async () => {
    const id = await book({ title: 'filtered' })
    await updateMatching(of('books'), ben, {
      filter: `title == 'filtered'`,
      limit: '9',
      body: { near: [], title: 'found' },
    })
    return ['books', id]
  },
  'create in a batch': async () => {
    await batch(ben, { create: 'labels', data: { id: 'batched' } }, { create: 'labels', data: { id: 'another' } })
    return ['labels', 'batched']
  },
  'change in a batch': async () => {
    const id = await book()
    await batch(
      ben,
      { create: 'labels', data: { id: `l${serial++}` } },
      { update: 'books', id, data: { title: 'in a batch' } },
    )
    return ['books', id]
  },
  import: async () => {
    const write = importRecords(createGate({ most: 1, each: 1 }), of('labels'), ben, {}, undefined)
    await write(
      Readable.from([[{ line: 1, size: 9, value: { id: 'imported' } }]]),
      () => {},
      new AbortController().signal,
    )
    return ['labels', 'imported']
  },
  'bring it back from the trash': async () => {
    await create('labels', { id: 'back' })
    await deleteRecord(of('labels'), ann, { id: 'back' })
    await restoreRecord(of('labels'), ben, { id: 'back' })
    return ['labels', 'back']
  },
  'delete it': async () => {
    const id = await book()
    await deleteRecord(of('books'), ben, { id })
    return ['books', id]
  },
  'put it into the trash': async () => {
    await create('labels', { id: 'thrown' })
    await deleteRecord(of('labels'), ben, { id: 'thrown' })
    return ['labels', 'thrown']
  },
  'delete it for good': async () => {
    await create('labels', { id: 'purged' })
    await deleteRecord(of('labels'), ben, { id: 'purged', purge: 'true' })
    return ['labels', 'purged']
  },
  'delete what a filter matches': async () => {
    const id = await book({ title: 'doomed' })
    await deleteMatching(of('books'), ben, { filter: `title == 'doomed'`, limit: '9' })
    return ['books', id]
  },
  'delete what it goes with': async () => {
    const box = await create('boxes', {})
    const id = await book({ box })
    await deleteRecord(of('boxes'), ben, { id: box })
    return ['books', id]
  },
  'delete what it goes with, two steps up': async () => {
    const shelf = await create('shelves', {})
    const id = await book({ box: await create('boxes', { shelf }) })
    await deleteRecord(of('shelves'), ben, { id: shelf })
    return ['books', id]
  },
  'delete what it goes with, in a batch': async () => {
    const box = await create('boxes', {})
    const id = await book({ box })
    await batch(ben, { create: 'labels', data: { id: `l${serial++}` } }, { delete: 'boxes', id: box })
    return ['books', id]
  },
  'delete what it goes with, by a filter': async () => {
    const box = await create('boxes', {})
    const id = await book({ box })
    await deleteMatching(of('boxes'), ben, { filter: `id == '${box}'`, limit: '9' })
    return ['books', id]
  },
  'delete what it refers to': async () => {
    const shelf = await create('shelves', {})
    const id = await book({ shelf })
    await deleteRecord(of('shelves'), ben, { id: shelf })
    return ['books', id]
  },
  'delete what it lists': async () => {
    const shelf = await create('shelves', {})
    const id = await book({ near: [shelf] })
    await deleteRecord(of('shelves'), ben, { id: shelf })
    return ['books', id]
  },
}

describe('who wrote a version', () => {
  test.each(Object.entries(WAYS))('is known of those who %s', async (_what, way) => {
    const [name, id] = await way()
    expect((await newest(name, id)).by).toBe(ben.userId)
  })

  test('is each of those who delete at the same time, also for what goes along and lets go', async () => {
    const made = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const shelf = await create('shelves', {})
        const books = [
          await book({ box: await create('boxes', { shelf }) }),
          await book({ shelf }),
          await book({ near: [shelf] }),
        ]
        return { shelf, books, caller: [ann, ben, anonymous][index % 3] ?? anonymous }
      }),
    )
    await Promise.all(made.map(({ shelf, caller }) => deleteRecord(of('shelves'), caller, { id: shelf })))
    for (const { books, caller } of made) {
      const { userId: by } = caller
      expect(await Promise.all(books.map((id) => newest('books', id)))).toEqual([
        { action: 'delete', by },
        { action: 'update', by },
        { action: 'update', by },
      ])
    }
  })

  test('is nobody for SQL and for administrators, whatever was written before', async () => {
    const shelf = await create('shelves', {})
    const ids = [await book({ shelf }), await book({ near: [shelf] })]
    await run(`delete from $.shelves where id = '${shelf}'`)
    for (const id of ids) expect(await newest('books', id)).toEqual({ action: 'update', by: null })
    const administrator: Caller = { ...anonymous, administrator: { kind: 'admin', id: null, name: 'root' } }
    const box = await create('boxes', {})
    const id = await book({ box })
    await deleteRecord(openCollection(of('boxes')), administrator, { id: box })
    expect(await newest('books', id)).toEqual({ action: 'delete', by: null })
  })
})
