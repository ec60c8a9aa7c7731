import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LiveApp } from '../../apps/section.ts'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { openCollection } from '../open-collection.ts'
import { appServer } from '../testing-apps.ts'
import { createGate } from './gate.ts'
import { importRecords } from './import-records.ts'
import type { ImportItem, ImportParameters, ImportResult } from './import-types.ts'
import { anonymous, collectionOf, exported, signedIn } from './testing.ts'

const APP = `
collections:
  users: { rules: { read: record.id == auth.id } }
  authors:
    schema:
      required: [email]
      properties:
        email: { type: string, format: email }
        name: { type: string }
        hidden: { type: boolean }
    unique: [[email], [name, hidden]]
    rules: { read: record.hidden != true, write: true }
  books:
    schema:
      required: [title]
      properties:
        title: { type: string, minLength: 1, maxLength: 40 }
        isbn: { type: string, pattern: '^[0-9]+$' }
        pages: { type: integer, minimum: 1 }
        state: { type: string, enum: [draft, out], default: draft }
        author: { $ref: authors }
        parent: { $ref: books }
        keeper: { $ref: users, owner: true }
        price: { type: string, format: decimal, scale: 2 }
        more: { type: object }
    unique: [[isbn]]
    check: { rule: "record.pages == null || record.pages < 5000", message: Too long }
    rules: { read: true, create: record.state == 'draft', update: record.state == 'draft' }
  notes:
    schema: { properties: { text: { type: string } } }
    rules: { read: true, write: auth.id != null }
  tasks:
    schema: { properties: { title: { type: string }, state: { enum: [open, done] } } }
    states: { of: state, initial: open, transitions: { finish: { from: open, to: done, allow: true } } }
    rules: { read: true, write: true }
  seats:
    schema: { properties: { row: { type: integer } } }
    rules: { read: true, create: "!db.seats.exists(s, s.row == record.row)" }
  papers:
    schema: { properties: { title: { type: string } }, additionalProperties: true }
    unique: [[title]]
    rules: { read: true, write: true }
  labels:
    schema: { properties: { owner: { $ref: users, owner: true }, code: { type: string }, name: { type: string } } }
    unique: [[owner, code]]
    rules: { read: record.owner == auth.id, write: record.owner == auth.id }
  labelled:
    schema: { properties: { label: { $ref: labels } } }
    rules: { read: true, write: true }
  points:
    schema: { required: [game, n], properties: { game: { type: string }, n: { type: string, format: int64 } } }
    ledger: { sum: n, per: [game] }
    rules: { read: true, write: true }
  codes:
    id: { type: string }
    schema: { properties: { n: { type: integer } } }
    rules: { read: true, write: true }
`

let database: TestDatabase
let server: ReturnType<typeof appServer>
let app: LiveApp
let books: Collection
let authors: Collection

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  await server.close()
  await database.drop()
})
beforeEach(async () => {
  app = (await server.load(server.newSlug('library'), APP)).app()
  books = collectionOf(server, app, 'books')
  authors = collectionOf(server, app, 'authors')
})

const administrator: Caller = { ...anonymous, administrator: { kind: 'machine', id: null, name: 'machine' } }

interface Given extends ImportParameters {
  readonly caller?: Caller
  readonly size?: number
}

/** The items of one import, from line 1 on. */
function imported(
  collection: Collection,
  values: readonly unknown[],
  { caller = anonymous, size = 100, ...parameters }: Given = {},
): Promise<ImportResult> {
  const items = values.map((value, index): ImportItem => ({ line: index + 1, size, value }))
  const gate = createGate({ most: 1, each: 1 })
  const run = importRecords(gate, collection, caller, parameters, undefined)
  return run(Readable.from([items]), () => {}, new AbortController().signal)
}

const titles = async (collection = books) =>
  (await exported(collection, { fields: 'title', sort: 'title' }))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).title)

describe('creating', () => {
  test('all that is right, and each that is not is told with its line', async () => {
    const result = await imported(books, [
      { title: 'One', isbn: '1' },
      { title: '' },
      { title: 'Two', pages: 1.5, what: 1 },
      { title: 'Three', isbn: '1' },
      { title: 'Four', pages: 5000 },
      { title: 'Five', state: 'out' },
      { title: 'Six', author: '01890a5d-ac96-774b-bcce-b302099a8057' },
      ['no record'],
      { title: 'Seven' },
    ])
    expect(result).toEqual({
      created: 2,
      updated: 0,
      failed: 7,
      errors: [
        { line: 2, code: 'validation_failed', pointer: '/title', message: 'must not be empty' },
        { line: 3, code: 'unknown_field', pointer: '/what', message: 'is not a field of this collection.' },
        { line: 3, code: 'validation_failed', pointer: '/pages', message: 'must be a whole number' },
        { line: 4, code: 'unique_violation', pointer: '/isbn', message: 'is taken already' },
        { line: 5, code: 'check_violation', message: 'Too long' },
        { line: 6, code: 'forbidden', message: 'You may see this, but not do this' },
        { line: 7, code: 'reference_not_found', pointer: '/author', message: 'does not exist' },
        { line: 8, code: 'malformed_request', message: 'A record must be a JSON object' },
      ],
    })
    expect(await titles()).toEqual(['One', 'Seven'])
  })

  test('lines with one chosen id make one record, and the others are told that it is taken', async () => {
    const codes = collectionOf(server, app, 'codes')
    const lines = [
      { id: 'a', n: 'x' },
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
      { id: 'a', n: 3 },
      { id: 'b', n: 4 },
    ]
    expect(await imported(codes, lines)).toMatchObject({
      created: 2,
      failed: 3,
      errors: [
        { line: 1, code: 'validation_failed' },
        { line: 4, code: 'unique_violation' },
        { line: 5, code: 'unique_violation' },
      ],
    })
    expect(await exported(codes, { fields: 'n' })).toBe('{"n":1}\n{"n":2}\n')
  })

  test('atomic is all or nothing', async () => {
    const result = await imported(books, [{ title: 'One' }, { title: '' }, { title: 'Two' }], { atomic: 'true' })
    expect(result).toMatchObject({ created: 0, failed: 1, errors: [{ line: 2 }] })
    expect(await exported(books)).toBe('')
    expect(await imported(books, [{ title: 'One' }, { title: 'Two' }], { atomic: 'true' })).toEqual({
      created: 2,
      updated: 0,
      failed: 0,
      errors: [],
    })
    expect(await titles()).toEqual(['One', 'Two'])
  })

  test('a record may refer to one before it, in any depth', async () => {
    const ids = [1, 2, 3, 4].map((n) => `01890a5d-ac96-774b-bcce-b302099a805${n}`)
    const admin = openCollection(books)
    const chain = ids.map((id, index) => ({ id, title: `Part ${index}`, parent: index === 0 ? null : ids[index - 1] }))
    expect(await imported(admin, chain, { caller: administrator })).toMatchObject({ created: 4, failed: 0 })
  })

  test('of many wrong ones the first are told, and all are counted', async () => {
    const result = await imported(
      books,
      Array.from({ length: 2500 }, (_, n) => (n % 2 === 0 ? { title: `Book ${n}` } : {})),
    )
    expect(result).toMatchObject({ created: 1250, failed: 1250 })
    expect(result.errors).toHaveLength(100)
    expect(result.errors[99]).toMatchObject({ line: 200, pointer: '/title' })
  })

  test('what the database refuses at the end of a part fails no more than it has to', async () => {
    const points = collectionOf(server, app, 'points')
    const lines = [
      { game: 'a', n: '5' },
      { game: 'a', n: '-5' },
      { game: 'b', n: '1' },
      { game: 'b', n: '-2' },
    ]
    expect(await imported(points, lines)).toMatchObject({ created: 2, failed: 2, errors: [{ line: 3 }, { line: 4 }] })
  })

  test('the owner is who imports', async () => {
    const ada = await signedIn(server, app, 'ada@example.org')
    await imported(books, [{ title: 'One' }], { caller: ada })
    expect(await exported(books)).toContain(`"keeper":"${ada.userId}"`)
    expect(await imported(books, [{ title: 'Two', keeper: ada.userId }])).toMatchObject({
      failed: 1,
      errors: [{ code: 'unknown_field', pointer: '/keeper' }],
    })
  })

  test('a session that has ended writes nothing', async () => {
    const ada = await signedIn(server, app, 'ada@example.org')
    await server.db.query('update roadbase.sessions set revoked_at = now() where id = $1::uuid', [ada.sessionId])
    expect(await imported(collectionOf(server, app, 'notes'), [{ text: 'x' }], { caller: ada })).toMatchObject({
      created: 0,
      errors: [{ code: 'invalid_token' }],
    })
  })
})

describe('relations by a key', () => {
  beforeEach(async () => {
    await imported(authors, [
      { email: 'ada@example.org', name: 'Ada', hidden: false },
      { email: 'hid@example.org', hidden: true },
    ])
  })

  test('find the record, where the caller may view it', async () => {
    expect(
      await imported(books, [
        { title: 'One', author: { email: 'ada@example.org' } },
        { title: 'Two', author: { hidden: false, name: 'Ada' } },
        { title: 'Three', author: { email: 'nobody@example.org' } },
        { title: 'Four', author: { email: 'hid@example.org' } },
        { title: 'Five', author: { name: 'Ada' } },
        { title: 'Six', author: { email: 7 } },
      ]),
    ).toEqual({
      created: 2,
      updated: 0,
      failed: 4,
      errors: [
        { line: 3, code: 'reference_not_found', pointer: '/author', message: 'does not exist' },
        { line: 4, code: 'reference_not_found', pointer: '/author', message: 'does not exist' },
        {
          line: 5,
          code: 'validation_failed',
          pointer: '/author',
          message: "is no id, and no unique key of 'authors': id; email; name,hidden",
        },
        { line: 6, code: 'validation_failed', pointer: '/author/email', message: 'must be a text' },
      ],
    })
    expect(await titles()).toEqual(['One', 'Two'])
  })

  test('are not found when their record goes before they are stored', async () => {
    const schema = books.model.table.split('.')[0]
    await server.db.once(`create function ${schema}.forget() returns trigger language plpgsql as
      $$ begin delete from ${authors.model.table} where email = 'ada@example.org'; return null; end $$;
      create trigger forget before insert on ${books.model.table} for each statement execute function ${schema}.forget()`)
    const lines = [{ title: 'One', author: { email: 'ada@example.org' } }, { title: 'Two' }]
    expect(await imported(books, lines)).toMatchObject({
      created: 1,
      failed: 1,
      errors: [{ line: 1, code: 'reference_not_found', pointer: '/author' }],
    })
  })

  test('also those of the same import, in an earlier part', async () => {
    const first = Array.from({ length: 1000 }, (_, n) => ({ title: `Book ${n}`, isbn: String(n) }))
    expect(await imported(books, [...first, { title: 'Last', parent: { isbn: '7' } }])).toMatchObject({ created: 1001 })
  })

  test('tell nobody that an account exists', async () => {
    await signedIn(server, app, 'bob@example.org')
    const admin = openCollection(books)
    const byEmail = [{ title: 'One', keeper: { email: 'Bob@Example.org' } }]
    expect(await imported(admin, byEmail, { caller: administrator })).toMatchObject({ created: 1 })
    const shelves = (await server.load(server.newSlug('shelf'), APP.replace('owner: true', 'onDelete: cascade'))).app()
    await signedIn(server, shelves, 'bob@example.org')
    expect(await imported(collectionOf(server, shelves, 'books'), byEmail)).toMatchObject({
      errors: [{ code: 'reference_not_found' }],
    })
  })
})

describe('upserting', () => {
  test('by a key: what is there is changed, what is not is made, in the order of the lines', async () => {
    const by = { mode: 'upsert', by: 'isbn' }
    await imported(books, [
      { title: 'One', isbn: '1', pages: 10 },
      { title: 'Shut', isbn: '2' },
    ])
    await server.db.query(`update ${books.model.table} set state = 'out' where isbn = '2'`)
    const result = await imported(
      books,
      [
        { isbn: '1', pages: 11 },
        { isbn: '2', title: 'Open' },
        { isbn: '3', title: 'Three' },
        { isbn: '3', pages: 3 },
        { isbn: '4', pages: 4 },
        { title: 'No key' },
        { isbn: '1', title: null },
        { isbn: '1', more: { $inc: 1 } },
      ],
      by,
    )
    expect(result).toMatchObject({ created: 1, updated: 3, failed: 4 })
    expect(result.errors.map(({ line, code, pointer }) => [line, code, pointer])).toEqual([
      [2, 'forbidden', undefined],
      [5, 'validation_failed', '/title'],
      [6, 'validation_failed', '/isbn'],
      [7, 'validation_failed', '/title'],
    ])
    const rows = (await exported(books, { fields: 'title,isbn,pages,more', sort: 'isbn' })).trim().split('\n')
    expect(rows.map((row) => JSON.parse(row))).toEqual([
      { title: 'One', isbn: '1', pages: 11, more: { $inc: 1 } },
      { title: 'Shut', isbn: '2', pages: null, more: null },
      { title: 'Three', isbn: '3', pages: 3, more: null },
    ])
  })

  test('of one key by many at once, while others delete it, fails nobody', async () => {
    const codes = collectionOf(server, app, 'codes')
    const table = codes.model.table
    const upserts = Array.from({ length: 40 }, (_, n) =>
      n % 4 === 3 ? server.db.once(`delete from ${table}`) : imported(codes, [{ id: 'x', n }], { mode: 'upsert' }),
    )
    for (const result of await Promise.all(upserts)) {
      if ('created' in result)
        expect([result.created + result.updated, result.errors, result.stopped]).toEqual([1, [], undefined])
    }
  })

  test('by id, which nobody but an administrator chooses', async () => {
    await imported(books, [{ title: 'One' }])
    const { id } = JSON.parse(await exported(books))
    const other = '01890a5d-ac96-774b-bcce-b302099a8057'
    const lines = [
      { id, title: 'Two' },
      { id: other, title: 'Three' },
    ]
    expect(await imported(books, lines, { mode: 'upsert' })).toMatchObject({
      updated: 1,
      errors: [{ line: 2, code: 'not_found' }],
    })
    expect(await imported(openCollection(books), lines, { mode: 'upsert', caller: administrator })).toMatchObject({
      created: 1,
      updated: 1,
    })
    expect(await imported(books, [{ id: other, title: 'Four' }])).toMatchObject({ errors: [{ code: 'unknown_field' }] })
  })

  test('by a key of each owner, who is the sender without being named', async () => {
    const labels = collectionOf(server, app, 'labels')
    const [ada, eve] = [await signedIn(server, app, 'ada@example.org'), await signedIn(server, app, 'eve@example.org')]
    const upsert = { mode: 'upsert', by: 'owner,code' }
    const line = (name: string) => [{ code: 'x', name }]
    expect(await imported(labels, line('One'), { ...upsert, caller: ada })).toMatchObject({ created: 1 })
    expect(await imported(labels, line('Two'), { ...upsert, caller: ada })).toMatchObject({ updated: 1 })
    expect(await imported(labels, line('Three'), { ...upsert, caller: eve })).toMatchObject({ created: 1 })
    expect(await imported(labels, line('Four'), upsert)).toMatchObject({ errors: [{ pointer: '/owner' }] })
    expect(await exported(labels, {}, ada)).toContain('"name":"Two"')
    const labelled = collectionOf(server, app, 'labelled')
    const named = (code: string) => [{ label: { code } }]
    expect(await imported(labelled, named('x'), { caller: ada })).toMatchObject({ created: 1 })
    expect(await imported(labelled, named('y'), { caller: ada })).toMatchObject({
      errors: [{ code: 'reference_not_found' }],
    })
    expect(await imported(labelled, named('x'))).toMatchObject({ errors: [{ code: 'validation_failed' }] })
  })

  test('who may not see a record learns no more than that its value is taken', async () => {
    await imported(authors, [{ email: 'hid@example.org', hidden: true }])
    expect(
      await imported(authors, [{ email: 'hid@example.org', name: 'Found' }], { mode: 'upsert', by: 'email' }),
    ).toMatchObject({ updated: 0, errors: [{ code: 'unique_violation', pointer: '/email' }] })
  })
})

test('a rule that looks the collection up sees the records before', async () => {
  const seats = collectionOf(server, app, 'seats')
  expect(await imported(seats, [{ row: 1 }, { row: 2 }, { row: 1 }])).toMatchObject({
    created: 2,
    errors: [{ line: 3, code: 'forbidden' }],
  })
})

test('keys that the document does not name come and go in lines', async () => {
  const papers = collectionOf(server, app, 'papers')
  expect(await imported(papers, [{ title: 'One', pages: 3, more: { a: [1] } }])).toMatchObject({ created: 1 })
  const text = await exported(papers)
  expect(JSON.parse(text)).toMatchObject({ title: 'One', pages: 3, more: { a: [1] } })
  await server.db.query(`delete from ${papers.model.table}`)
  await imported(openCollection(papers), [JSON.parse(text)], { caller: administrator })
  expect(await exported(papers)).toBe(text)
  expect(await exported(papers, { format: 'csv', fields: 'title' })).toBe('title\nOne\n')
})

test.each([
  [{ mode: 'merge' }, 'invalid_parameter'],
  [{ by: 'isbn' }, 'invalid_parameter'],
  [{ mode: 'upsert', by: 'title' }, 'invalid_parameter'],
  [{ mode: 'upsert', by: 'nothing' }, 'invalid_parameter'],
  [{ atomic: 'yes' }, 'invalid_parameter'],
])('%j is refused', (parameters, code) => {
  const start = () => importRecords(createGate({ most: 1, each: 1 }), books, anonymous, parameters, undefined)
  expect(start).toThrow(expect.objectContaining({ code }))
})

test('keys that the document does not name stay when a line leaves them out, and null takes one away', async () => {
  const papers = collectionOf(server, app, 'papers')
  const upsert = (...lines: object[]) => imported(papers, lines, { mode: 'upsert', by: 'title' })
  const shown = async () => JSON.parse(await exported(papers))
  await upsert({ title: 'One', pages: 3, more: { a: [1], b: 2 }, left: true })
  expect(await upsert({ title: 'One', pages: 4, more: { b: 3 }, fresh: 'x' })).toMatchObject({ updated: 1 })
  expect(await shown()).toMatchObject({ pages: 4, more: { b: 3 }, left: true, fresh: 'x' })
  expect(await upsert({ title: 'One', left: null }, { title: 'One' })).toMatchObject({ updated: 2 })
  expect(await shown()).toMatchObject({ pages: 4, fresh: 'x' })
  expect(await shown()).not.toHaveProperty('left')
  const keys = (from: number, to: number) =>
    Object.fromEntries(Array.from({ length: to - from }, (_, n) => [`k${from + n}`, 1]))
  expect(await upsert({ title: 'One', ...keys(0, 400) }, { title: 'One', ...keys(400, 600) })).toMatchObject({
    updated: 1,
    errors: [{ line: 2, code: 'validation_failed', message: 'The record would have too many keys' }],
  })
})

describe('what the system sets', () => {
  const system = { createdAt: '2020-01-01T00:00:00.000Z', updatedAt: '2021-01-01T00:00:00.000Z', version: 7 }

  test('comes back with an import of administrators, and goes on from there', async () => {
    const codes = collectionOf(server, app, 'codes')
    const open = { caller: administrator }
    expect(await imported(openCollection(codes), [{ id: 'a', n: 1, ...system }, { id: 'b' }], open)).toMatchObject({
      created: 2,
      failed: 0,
    })
    expect(await exported(codes, { filter: "id == 'a'" })).toBe(`${JSON.stringify({ id: 'a', n: 1, ...system })}\n`)
    expect(await exported(codes, { fields: 'version', filter: "id == 'b'" })).not.toContain('null')
    await server.db.query(`delete from ${codes.model.table}`)
    await imported(codes, [{ id: 'a' }])
    expect(JSON.parse(await exported(codes)).version).toBeGreaterThan(7)
    expect(await imported(openCollection(codes), [{ id: 'c', version: 0 }], open)).toMatchObject({ failed: 1 })
  })

  test('is the state of a record, too', async () => {
    const tasks = collectionOf(server, app, 'tasks')
    const done = [{ title: 'One', state: 'done' }]
    expect(await imported(tasks, done)).toMatchObject({ failed: 1, errors: [{ pointer: '/state' }] })
    expect(await imported(openCollection(tasks), done, { caller: administrator })).toMatchObject({ created: 1 })
    expect(await exported(tasks, { fields: 'title,state' })).toBe('{"title":"One","state":"done"}\n')
  })

  test('is refused of everybody else', async () => {
    for (const [name, value] of Object.entries({ id: '01890a5d-ac96-774b-bcce-b302099a8057', ...system })) {
      expect(await imported(books, [{ title: 'One', [name]: value }])).toMatchObject({
        failed: 1,
        errors: [{ code: 'unknown_field', pointer: `/${name}` }],
      })
    }
  })
})
