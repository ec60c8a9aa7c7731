import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import { openCollection } from '../open-collection.ts'
import { outcomes, type WrittenApp, writtenApp } from '../testing-writes.ts'
import { createGate } from './gate.ts'
import { importRecords } from './import-records.ts'
import type { ImportItem, ImportParameters, ImportResult } from './import-types.ts'
import { anonymous, exported } from './testing.ts'

const OFFICE = `
collections:
  tickets:
    schema:
      properties:
        number: { type: integer, sequence: { start: 100, step: 5 } }
        code: { type: string, sequence: 'T{year}-{n:3}' }
        title: { type: string }
    rules: { read: true, write: true }
  rooms: { id: { type: string }, schema: { properties: { name: { type: string } } }, rules: { read: true, write: true } }
  messages:
    schema:
      required: [room]
      properties:
        room: { $ref: rooms }
        number: { type: integer, sequence: { per: room } }
        text: { type: string }
    rules: { read: true, write: true }
  invoices:
    schema:
      required: [tenant]
      properties:
        tenant: { type: string }
        number: { type: string, sequence: { format: '{tenant}-{year}-{n:4}', per: [tenant, year], zone: Europe/Berlin } }
    rules: { read: true, write: true }
`

const administrator: Caller = { ...anonymous, administrator: { kind: 'machine', id: null, name: 'machine' } }

let database: TestDatabase
let app: WrittenApp
let year: unknown
beforeAll(async () => {
  database = await testDatabase({ size: 8 })
  year = (await database.db.once(`select to_char(now() at time zone 'Europe/Berlin', 'YYYY') as year`))[0]?.['year']
})
afterAll(() => database.drop())
beforeEach(async () => {
  app = await writtenApp(database.db, OFFICE)
  await app.run(`insert into $.rooms (id) values ('a'), ('b'), ('c')`)
  return () => app.close()
})

const open = (name: string) => openCollection(app.collection(name))

function imported(
  name: string,
  values: readonly unknown[],
  parameters: ImportParameters = {},
  caller = administrator,
): Promise<ImportResult> {
  const items = values.map((value, index): ImportItem => ({ line: index + 1, size: 100, value }))
  const gate = createGate({ most: 1, each: 1 })
  const collection = caller.administrator === undefined ? app.collection(name) : open(name)
  return importRecords(
    gate,
    collection,
    caller,
    parameters,
    undefined,
  )(Readable.from([items]), () => {}, new AbortController().signal)
}

const parsed = (lines: string) =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
const next = async (name: string, body: object, field = 'number') => (await app.create(name, body))[field]

describe('an import of administrators', () => {
  test('keeps numbers, byte for byte, and the next one is behind the highest of its scope', async () => {
    for (let n = 0; n < 4; n++) {
      await app.create('tickets', { title: String(n) })
      await app.create('messages', { room: n === 3 ? 'b' : 'a' })
      await app.create('invoices', { tenant: n === 3 ? 'y' : 'x' })
    }
    await app.run(`delete from $.tickets where title = '1'; delete from $.messages where number = 2`)
    const names = ['tickets', 'messages', 'invoices'] as const
    const files = new Map<string, string>()
    for (const name of names) files.set(name, await exported(open(name)))

    await app.close()
    app = await writtenApp(database.db, OFFICE)
    await app.run(`insert into $.rooms (id) values ('a'), ('b'), ('c')`)
    for (const name of names) {
      const records = parsed(files.get(name) ?? '')
      expect(await imported(name, records.toReversed())).toMatchObject({ created: records.length, failed: 0 })
      expect(await exported(open(name))).toBe(files.get(name))
      const again = await imported(name, records, { mode: 'upsert', by: 'id' })
      expect(again).toMatchObject({ updated: records.length, failed: 0 })
      const numbers = (file: string) => parsed(file).map(({ number, code }) => [number, code])
      expect(numbers(await exported(open(name)))).toEqual(numbers(files.get(name) ?? ''))
    }

    expect(await app.create('tickets', {})).toMatchObject({ number: 120, code: expect.stringMatching(/^T\d{4}-005$/) })
    expect([await next('messages', { room: 'a' }), await next('messages', { room: 'b' })]).toEqual([4, 2])
    expect(await next('messages', { room: 'c' })).toBe(1)
    expect([await next('invoices', { tenant: 'x' }), await next('invoices', { tenant: 'y' })]).toEqual([
      `x-${year}-0004`,
      `y-${year}-0002`,
    ])
  })

  test('brings numbers of other years, far ahead, and records that have none', async () => {
    await imported('invoices', [
      { tenant: 'x', number: 'x-1999-0700' },
      { tenant: 'x' },
      { tenant: 'x', number: `x-${year}-0009` },
    ])
    expect(await next('invoices', { tenant: 'x' })).toBe(`x-${year}-0010`)
    const result = await imported('tickets', [{ number: 50_000, code: 'T1999-800' }, { number: 105 }, {}])
    expect(result).toMatchObject({ created: 3, failed: 0 })
    const { number, code } = await app.create('tickets', {})
    expect(Number(number)).toBeGreaterThan(50_000)
    expect(code).toMatch(/^T\d{4}-80\d$/)
    const numbers = (await app.run('select number::int as n from $.tickets')).map(({ n }) => n)
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  test('can not give a number twice, nor one that is none; what fails moves no counter', async () => {
    await app.create('messages', { room: 'a' })
    const result = await imported('messages', [
      { room: 'a', number: 1 },
      { room: 'a', number: 1.5 },
      { room: 'a', number: 2 },
      { room: 'a', number: 2, text: 'again' },
      { room: 'nowhere', number: 9 },
    ])
    expect(result).toMatchObject({ created: 1, failed: 4 })
    // Of a key of two fields each field is told.
    expect(new Set(result.errors.map(({ line, code }) => `${line} ${code}`))).toEqual(
      new Set(['1 unique_violation', '2 validation_failed', '4 unique_violation', '5 reference_not_found']),
    )
    expect(await next('messages', { room: 'a' })).toBe(3)
    expect(await imported('messages', [{ room: 'a', number: 70 }, { room: 'x' }], { atomic: 'true' })).toMatchObject({
      created: 0,
    })
    expect(await next('messages', { room: 'a' })).toBe(4)
  })

  test('while others write leaves no number twice, and no hole', async () => {
    const records = Array.from({ length: 40 }, (_, n) => ({ room: 'a', number: n + 1 }))
    const creating = Array.from({ length: 20 }, () => app.create('messages', { room: 'a' }))
    const [result, counts] = await Promise.all([imported('messages', records), outcomes(creating)])
    expect(counts).toEqual({ ok: 20 })
    const numbers = (await app.run('select number::int as n from $.messages order by number')).map(({ n }) => n)
    expect(numbers).toHaveLength(20 + result.created)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, n) => n + 1))
  })
})

describe('nobody else brings numbers', () => {
  test('not by an import', async () => {
    for (const mode of ['create', 'upsert']) {
      const result = await imported('messages', [{ room: 'a', number: 7 }], { mode }, anonymous)
      expect([result.created, result.errors[0]?.code]).toEqual([
        0,
        mode === 'create' ? 'unknown_field' : expect.any(String),
      ])
    }
    expect(await next('messages', { room: 'a' })).toBe(1)
  })

  test('not by SQL in the role of the app, which may say that it brings records back', async () => {
    for (const insert of [
      `insert into $.messages (room, number) values ('a', 7)`,
      `insert into $.tickets (number) values (7)`,
    ]) {
      const said = app.runAsApp(`set local roadbase.restoring = on; ${insert}`)
      await expect(said).rejects.toMatchObject({ sqlState: 'RB005' })
      await expect(app.run(insert)).rejects.toMatchObject({ sqlState: 'RB005' })
    }
    await expect(app.runAsApp(`select roadbase.pass_number('$.tickets'::regclass, 9)`)).rejects.toMatchObject({
      sqlState: '42501',
    })
  })

  test('not in the next transaction on the connection', async () => {
    await imported('messages', [{ room: 'a', number: 3 }])
    const attempts = Array.from({ length: 20 }, () => app.run(`insert into $.messages (room, number) values ('a', 7)`))
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toMatchObject({ status: 'rejected', reason: { sqlState: 'RB005' } })
    }
  })
})
