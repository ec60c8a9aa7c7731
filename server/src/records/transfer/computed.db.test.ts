import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import { openCollection } from '../open-collection.ts'
import { type WrittenApp, writtenApp } from '../testing-writes.ts'
import { createGate } from './gate.ts'
import { importRecords } from './import-records.ts'
import type { ImportItem, ImportParameters, ImportTable } from './import-types.ts'
import { anonymous, exported } from './testing.ts'

const APP = `
collections:
  lines:
    schema:
      required: [code, amount]
      properties:
        code: { type: string }
        amount: { type: integer }
        twice: { type: integer, computed: record.amount * 2 }
        label: { type: string, computed: "record.code + '-' + string(record.twice)" }
        secret: { type: string, hidden: true, computed: record.code }
    unique: [[code]]
    rules: { read: true, write: true }
`

let database: TestDatabase
let app: WrittenApp
beforeAll(async () => {
  database = await testDatabase()
  app = await writtenApp(database.db, APP)
})
afterAll(async () => {
  await app.close()
  await database.drop()
})

const administrator: Caller = { ...anonymous, administrator: { kind: 'machine', id: null, name: 'machine' } }
const lines = (caller: Caller) => {
  const collection = app.collection('lines')
  return caller === administrator ? openCollection(collection) : collection
}

function imported(
  items: readonly object[],
  { caller = anonymous, table, ...parameters }: ImportParameters & { caller?: Caller; table?: ImportTable } = {},
) {
  const numbered = items.map((item, index) => ({ line: index + 1, size: 100, ...item }) as ImportItem)
  const run = importRecords(createGate({ most: 1, each: 1 }), lines(caller), caller, parameters, table)
  return run(Readable.from([numbered]), () => {}, new AbortController().signal)
}

test('an export has what is computed, and comes in again byte for byte', async () => {
  for (const [code, amount] of [
    ['a', 1],
    ['b', -3],
  ] as const) {
    await app.create('lines', { code, amount })
  }
  const before = await exported(lines(administrator), {}, administrator)
  expect(JSON.parse(before.split('\n')[0] ?? '')).toMatchObject({ code: 'a', twice: 2, label: 'a-2' })
  await app.run('delete from $.lines')
  const values = before
    .trim()
    .split('\n')
    .map((line) => ({ value: JSON.parse(line) }))
  expect(await imported(values, { caller: administrator })).toMatchObject({ created: 2, failed: 0 })
  expect(await exported(lines(administrator), {}, administrator)).toBe(before)
})

test('what a file says of it is passed over, by its lines and by its columns', async () => {
  await app.run('delete from $.lines')
  const value = { code: 'a', amount: 4, twice: 999, label: null }
  expect(await imported([{ value }])).toMatchObject({ created: 1 })
  expect(await imported([{ value: { ...value, amount: 5 } }], { mode: 'upsert', by: 'code' })).toMatchObject({
    updated: 1,
  })
  const table: ImportTable = { header: ['code', 'twice', 'amount'], parse: JSON.parse }
  expect(await imported([{ cells: ['b', 'no number', '7'] }], { table })).toMatchObject({ created: 1 })
  expect(await app.run('select code, twice::int, label from $.lines order by code')).toEqual([
    { code: 'a', twice: 10, label: 'a-10' },
    { code: 'b', twice: 14, label: 'b-14' },
  ])
})

test('one that is hidden is no field here either', async () => {
  const value = { code: 'c', amount: 1, secret: 'x' }
  expect(await imported([{ value }])).toMatchObject({ failed: 1, errors: [{ code: 'unknown_field' }] })
})
