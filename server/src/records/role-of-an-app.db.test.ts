import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { type WrittenApp, writtenApp } from './testing-writes.ts'

/** Every keyword whose work is done by functions of the system, or by expressions that name some. */
const DOCUMENT = `
collections:
  shelves:
    schema: { required: [code], properties: { code: { type: string } } }
    unique: [[code]]
    rules: {}
  shifts:
    schema:
      required: [shelf, begins, ends, hours, rate]
      properties:
        shelf: { $ref: shelves, onDelete: cascade }
        begins: { type: string, format: date-time }
        ends: { type: string, format: date-time }
        hours: { type: number }
        rate: { type: number }
        price: { type: string, format: decimal, scale: 2 }
        pause: { type: string, format: duration }
        cost: { type: string, format: decimal, scale: 2, computed: record.price * decimal(2) }
        length: { type: string, format: duration, computed: record.ends - record.begins }
        early: { type: boolean, computed: "record.begins.getHours('Europe/Berlin') < 8" }
        no: { type: string, sequence: { format: 'S-{n}', gapless: true } }
        fast: { type: integer, sequence: true }
        state: { enum: [open, done], default: open }
        shelves: { type: array, items: { $ref: shelves } }
    check:
      - record.ends - record.begins <= duration('12h')
      - record.begins + duration('1h') > record.begins
      - record.ends - duration('1h') < record.ends
      - record.pause == null || record.pause + duration('1s') > record.pause - duration('1s')
      - record.hours * 2.0 / 4.0 + 1.0 - 0.5 > 0.0
      - record.begins.getFullYear('Europe/Berlin') > 2000
    unique: [{ fields: [shelf, begins], where: record.hours * record.rate > 10.0 }]
    index: [{ fields: [begins], where: record.ends - record.begins > duration('1h') }]
    exclude: [{ key: [shelf], range: [begins, ends], where: record.hours + record.rate > 1.0 }]
    states: { of: state, transitions: { finish: { from: open, to: done } } }
    search: { state: A }
    softDelete: true
    history: true
    rules: {}
  holds:
    expires: until
    schema:
      properties:
        until: { type: string, format: date-time }
        shelves: { type: array, items: { $ref: shelves } }
        twice: { type: integer, computed: record.once * 2 }
        once: { type: integer }
    rules: {}
  postings:
    appendOnly: true
    schema: { required: [batch, amount], properties: { batch: { type: string }, amount: { type: integer } } }
    ledger: { sum: amount, per: batch }
    rules: {}
`

const SHIFT = `insert into $.shifts (shelf, begins, ends, hours, rate, price, pause)
  select id, '2026-03-01T06:00Z', '2026-03-01T10:00Z', 4, 10, 2.5, '10 minutes' from $.shelves where code = 'a'`

let database: TestDatabase
let app: WrittenApp

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database?.drop()
})
beforeEach(async () => {
  app = await writtenApp(database.db, DOCUMENT)
  return () => app.close()
})

const code = (text: string) =>
  app.runAsApp(text).then(
    () => 'ok',
    (error: { sqlState?: string; code?: string }) => error.sqlState ?? error.code,
  )

describe('SQL in the role of an app', () => {
  beforeEach(async () => {
    await app.runAsApp(`insert into $.shelves (code) values ('a')`)
    await app.runAsApp(SHIFT)
  })

  test('writes what every keyword has a part in', async () => {
    await app.runAsApp(`update $.shifts set price = 4, begins = begins + interval '2 hours', state = 'done'`)
    expect(await app.runAsApp('select no, cost, early, state from $.shifts')).toEqual([
      { no: 'S-1', cost: '8.00', early: false, state: 'done' },
    ])
    await app.runAsApp(
      `insert into $.holds (until, shelves, once) select now() + interval '1 day', jsonb_build_array(id), 3 from $.shelves`,
    )
    expect(await app.runAsApp('select twice from $.holds')).toContainEqual({ twice: '6' })
    await app.runAsApp('delete from $.holds')
    await app.runAsApp(`insert into $.postings (batch, amount) values ('a', 1), ('a', -1)`)
    await app.runAsApp('delete from $.shifts')
    expect(await app.runAsApp('select from $.shifts')).toEqual([])
    expect(await app.run('select cost, length::text as length from $.shifts__trash')).toEqual([
      { cost: '8.00', length: 'PT2H' },
    ])
  })

  test('is held by all of them', async () => {
    expect(await code(SHIFT)).toBe('23P01')
    expect(await code(SHIFT.replace('10:00Z', '06:00Z'))).toBe('23505')
    expect(await code(SHIFT.replace('10:00Z', '22:00Z'))).toBe('23514')
    expect(await code(`update $.shifts set no = 'S-7'`)).toBe('RB001')
    expect(await code(`insert into $.postings (batch, amount) values ('a', 1)`)).toBe('RB004')
    await app.runAsApp(`update $.shifts set cost = 1`)
    expect(await app.run('select cost from $.shifts')).toEqual([{ cost: '5.00' }])
  })

  test('names nothing of the system', async () => {
    expect(await code(`select roadbase.subtract(now(), now())`)).toBe('42501')
    expect(await code('select $.shifts__computed()')).toBe('42501')
  })
})
