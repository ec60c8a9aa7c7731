import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LiveApp } from '../../apps/section.ts'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Collection } from '../collection.ts'
import { openCollection } from '../open-collection.ts'
import { createRecord } from '../operations/create-record.ts'
import { appServer } from '../testing-apps.ts'
import { exportRecords } from './export-records.ts'
import { createGate } from './gate.ts'
import { anonymous, collectionOf, exported, signedIn } from './testing.ts'

const SHOP = `
collections:
  users: {}
  goods:
    id: { type: string, pattern: '^[a-z=]+$' }
    schema:
      properties:
        title: { type: string }
        price: { type: string, format: decimal, scale: 2 }
        stock: { type: integer }
        count: { type: string, format: int64 }
        tags: { type: array, items: { type: string } }
        more: { type: object }
        at: { type: string, format: date-time }
        sold: { type: boolean }
        cost: { type: string, format: decimal, scale: 2 }
        secret: { type: string, hidden: true }
        keeper: { $ref: users }
    rules: { read: record.stock != 0 || auth.id != null, write: true }
    fields: { cost: { read: record.keeper == auth.id } }
`

let database: TestDatabase
let server: ReturnType<typeof appServer>
let app: LiveApp
let goods: Collection

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  await server.close()
  await database.drop()
})
beforeEach(async () => {
  app = (await server.load(server.newSlug('shop'), SHOP)).app()
  goods = collectionOf(server, app, 'goods')
})

const create = (body: object) => createRecord(goods, anonymous, { body })

describe('formats', () => {
  beforeEach(async () => {
    await create({
      id: 'b',
      title: 'say "hi",\r\nthen go',
      price: '-1.50',
      stock: -5,
      count: '-9223372036854775808',
      tags: ['a', 'b"'],
      more: { a: -7 },
      at: '2026-01-02T03:04:05Z',
      sold: false,
    })
    await create({ id: 'a', title: '' })
  })
  const fields = 'id,title,price,stock,count,tags,more,at,sold,keeper'

  test('a line for each record, in the order of their ids', async () => {
    expect(await exported(goods, { fields })).toBe(
      `{"id":"a","title":"","price":null,"stock":null,"count":null,"tags":null,"more":null,"at":null,"sold":null,"keeper":null}
{"id":"b","title":"say \\"hi\\",\\r\\nthen go","price":"-1.50","stock":-5,"count":"-9223372036854775808","tags":["a", "b\\""],"more":{"a": -7},"at":"2026-01-02T03:04:05.000Z","sold":false,"keeper":null}
`,
    )
  })

  test('CSV has a header; nothing is no value and "" an empty text', async () => {
    expect(await exported(goods, { fields, format: 'csv' })).toBe(
      `id,title,price,stock,count,tags,more,at,sold,keeper
a,"",,,,,,,,
b,"say ""hi"",\r\nthen go",-1.50,-5,-9223372036854775808,"[""a"", ""b\\""""]","{""a"": -7}",2026-01-02T03:04:05.000Z,false,
`,
    )
  })

  test('JSON is one array', async () => {
    const text = await exported(goods, { fields: 'id', format: 'json' })
    expect(text).toBe('[{"id":"a"},\n{"id":"b"}\n]\n')
  })

  test('of no records, too', async () => {
    const none = { fields: 'id,title', filter: "id == 'c'" }
    expect(await exported(goods, none)).toBe('')
    expect(await exported(goods, { ...none, format: 'csv' })).toBe('id,title\n')
    expect(JSON.parse(await exported(goods, { ...none, format: 'json' }))).toEqual([])
  })

  test('filter and sort are those of lists', async () => {
    expect(await exported(goods, { fields: 'id', sort: '-id', filter: "title != 'x' || id == 'a\\\\\\''" })).toBe(
      '{"id":"b"}\n{"id":"a"}\n',
    )
    expect(await exported(goods, { fields: 'id', filter: 'stock < 0' })).toBe('{"id":"b"}\n')
  })
})

test.each(['=1+1', '+1', '-1', '@a', '\tx', '\rx', "'=x", "''", '\nx'])(
  'CSV keeps a spreadsheet from taking %j for a formula',
  async (title) => {
    await create({ id: '=x', title })
    const [, ...rest] = (await exported(goods, { fields: 'id,title', format: 'csv' })).split('\n')
    const line = rest.join('\n')
    expect(line.startsWith("'=x,")).toBe(true)
    expect(line.slice(4).replace(/^"/, '')).toMatch(/^'/)
  },
)

test("what can't be a formula stays as it is", async () => {
  await create({ id: 'a', title: "it's 1-2=3", price: '-2.00', more: { '=1': '=1' } })
  expect(await exported(goods, { fields: 'title,price,more', format: 'csv' })).toBe(
    `title,price,more\nit's 1-2=3,-2.00,"{""=1"": ""=1""}"\n`,
  )
})

describe('rules', () => {
  test('what a list hides is not there, and a field that may not be read is no value', async () => {
    const ada = await signedIn(server, app, 'ada@example.org')
    const bob = await signedIn(server, app, 'bob@example.org')
    await create({ id: 'a', stock: 0, cost: '1.00', secret: 'hush', keeper: ada.userId })
    await create({ id: 'b', stock: 1, cost: '2.00', keeper: bob.userId })
    const fields = 'id,cost'
    expect(await exported(goods, { fields })).toBe('{"id":"b"}\n')
    expect(await exported(goods, { fields }, ada)).toBe('{"id":"a","cost":"1.00"}\n{"id":"b"}\n')
    expect(await exported(goods, { fields, format: 'csv' }, bob)).toBe('id,cost\na,\nb,2.00\n')
    expect(await exported(goods, { fields: 'id', filter: "cost == decimal('2')" }, ada)).toBe('')
    expect(await exported(goods, {}, ada)).not.toContain('hush')
  })

  test('administrators get all but what is hidden', async () => {
    await create({ id: 'a', stock: 0, cost: '1.00', secret: 'hush' })
    const text = await exported(openCollection(goods))
    expect(text).toContain('"cost":"1.00"')
    expect(text).not.toContain('hush')
  })

  test('a session that has ended is told so, and not an empty file', async () => {
    const ada = await signedIn(server, app, 'ada@example.org')
    await server.db.query('update roadbase.sessions set revoked_at = now() where id = $1::uuid', [ada.sessionId])
    await expect(exported(goods, {}, ada)).rejects.toMatchObject({ code: 'invalid_token' })
  })
})

test.each([
  [{ format: 'xml' }, 'invalid_parameter'],
  [{ fields: 'secret' }, 'invalid_parameter'],
  [{ filter: "secret == 'hush'" }, 'invalid_filter'],
  [{ sort: 'secret' }, 'invalid_sort'],
  [{ sort: "id'--" }, 'invalid_sort'],
])('%j is refused: %s', async (input, code) => {
  await expect(exported(goods, input)).rejects.toMatchObject({ code })
})

test('values of a filter stay values, whatever quotes are in them', async () => {
  await create({ id: 'a', title: `x' or "1"\\'; drop` })
  const filter = `title == ${JSON.stringify(`x' or "1"\\'; drop`)}`
  expect(await exported(goods, { fields: 'id', filter })).toBe('{"id":"a"}\n')
})

test('one caller has so many under way, and the next is let in when one has ended', async () => {
  const gate = createGate({ most: 2, each: 1 })
  const { signal } = new AbortController()
  const other = { ...anonymous, request: { ...anonymous.request, ip: '192.0.2.2' } }
  const third = { ...anonymous, request: { ...anonymous.request, ip: '192.0.2.3' } }
  const first = await exportRecords(gate, goods, anonymous, {}, signal)
  await expect(exportRecords(gate, goods, anonymous, {}, signal)).rejects.toMatchObject({ code: 'overloaded' })
  const second = await exportRecords(gate, goods, other, {}, signal)
  await expect(exportRecords(gate, goods, third, {}, signal)).rejects.toMatchObject({ code: 'overloaded' })
  first.bytes.destroy()
  await once(first.bytes, 'close')
  const again = await exportRecords(gate, goods, anonymous, {}, signal)
  for (const { bytes } of [second, again]) bytes.destroy()
})

test('who hangs up leaves no statement behind', async () => {
  await server.db.query(
    `insert into ${goods.model.table} (id, title) select 'x' || translate(n::text, '0123456789', 'abcdefghij'), repeat('y', 1000) from generate_series(1, 20000) n`,
  )
  const left = () =>
    server.db.query(
      `select from pg_stat_activity where application_name = 'roadbase copy' and datname = current_database()`,
    )
  const { bytes } = await exportRecords(
    createGate({ most: 1, each: 1 }),
    goods,
    anonymous,
    {},
    new AbortController().signal,
  )
  await once(bytes, 'readable')
  expect((await left()).length).toBeGreaterThan(0)
  bytes.destroy()
  await expect.poll(left).toHaveLength(0)
})
