import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import { openCollection } from '../open-collection.ts'
import { outcome, outcomes, type WrittenApp, writtenApp } from '../testing-writes.ts'
import { aggregateRecords } from './aggregate-records.ts'
import { createRecord } from './create-record.ts'
import type { ListParameters } from './list-plans.ts'
import { listRecords } from './list-records.ts'
import { replaceRecord } from './replace-record.ts'
import { restoreRecord } from './restore-record.ts'
import { transitionRecord } from './transition-record.ts'
import { upsertRecord } from './upsert-record.ts'

const SHOP = `
terms:
  net(price, amount): price * decimal(amount)
collections:
  orders:
    schema: { required: [code], properties: { code: { type: string } } }
    unique: [[code]]
    rules: { read: true, write: true }
  lines:
    softDelete: true
    schema:
      required: [price, amount, total]
      properties:
        sale: { $ref: orders, inverse: lines }
        price: { type: string, format: decimal, scale: 2 }
        amount: { type: integer, minimum: 0 }
        off: { type: integer, default: 0 }
        gross: { type: string, format: decimal, scale: 2, maximum: '1000000', computed: record.total * decimal('1.19') }
        total: { type: string, format: decimal, scale: 2, computed: 'net(record.price, record.amount)' }
        each: { type: integer, computed: 100 / record.off }
        cost: { type: string, format: decimal, scale: 2, hidden: true }
        gain: { type: string, format: decimal, scale: 2, computed: record.total - record.cost }
        kind: { type: string, computed: "record.total >= 100 ? 'large' : 'small'" }
        secret: { type: string, hidden: true, computed: "record.kind + '!'" }
    check: { rule: record.total < 500, message: Too much }
    fields: { gain: { read: record.amount > 1 } }
    rules: { read: true, create: "record.kind == 'small' || record.off > 0", update: record.total < 300, delete: true }
  people:
    schema:
      required: [first, last]
      properties:
        first: { type: string }
        last: { type: string }
        nick: { type: string }
        name: { type: string, computed: "record.first + ' ' + record.last" }
        key: { type: string, computed: "record.name.lowerAscii().trim()" }
    unique: [[key]]
    search: { name: A }
    rules: { read: true, write: true }
  shifts:
    schema:
      required: [begins, length]
      properties:
        desk: { type: integer, default: 1 }
        begins: { type: string, format: date-time }
        length: { type: string, format: duration }
        ends: { type: string, format: date-time, computed: record.begins + record.length }
        state: { enum: [planned, done], default: planned }
        note: { type: string }
        isDone: { type: boolean, computed: record.state == 'done' }
    exclude: [{ key: [desk], range: [begins, ends] }]
    states: { of: state, transitions: { finish: { from: planned, to: done, allow: true } } }
    rules: { read: true, create: "!record.isDone", update: true }
  boxes:
    schema:
      required: [n, wide]
      properties:
        n: { type: integer }
        wide: { type: integer, maximum: 100, computed: 1000 / record.n, message: Too wide }
        far: { type: integer, computed: record.n * 9007199254740991 }
    rules: { read: true, write: true }
  papers:
    id: { type: string }
    schema:
      properties: { size: { type: number }, area: { type: number, computed: record.size * record.size } }
      additionalProperties: true
    rules: { read: true, write: true }
`

let database: TestDatabase
let app: WrittenApp
beforeAll(async () => {
  database = await testDatabase({ size: 8 })
  app = await writtenApp(database.db, SHOP)
})
afterAll(async () => {
  await app.close()
  await database.drop()
})
beforeEach(() => app.run('truncate $.orders, $.lines, $.people, $.shifts, $.boxes, $.papers cascade'))

const line = (price: string, amount: number, more: object = {}) => ({ price, amount, ...more })
async function list(name: string, parameters: ListParameters): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return JSON.parse((await listRecords(app.collection(name), app.caller(), parameters)).body).items
}
async function problemOf(attempt: Promise<unknown>): Promise<Problem> {
  const error = await attempt.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  expect(error).toBeInstanceOf(Problem)
  return error as Problem
}

describe('a computed field', () => {
  test('is made of the others, whoever writes them', async () => {
    const made = await app.create('lines', line('2.50', 3))
    expect(made).toMatchObject({ total: '7.50', gross: '8.93', kind: 'small' })
    expect(made).not.toHaveProperty('secret')
    expect(await app.update('lines', made['id'], { amount: 4 })).toMatchObject({ total: '10.00', gross: '11.90' })
    expect(await app.update('lines', made['id'], { amount: { $inc: 1 } })).toMatchObject({ total: '12.50' })
    await app.run(`update $.lines set price = 5, total = 999, kind = 'odd'`)
    expect(await app.run('select total::text, gross::text, kind, secret from $.lines')).toEqual([
      { total: '25.00', gross: '29.75', kind: 'small', secret: 'small!' },
    ])
    await app.runAsApp(`insert into $.lines (price, amount, total) values (1, 1, 42)`)
    expect(await app.run('select total::text from $.lines order by id')).toEqual([
      { total: '25.00' },
      { total: '1.00' },
    ])
  })

  test('is sent by nobody', async () => {
    const { code, options } = await problemOf(app.create('lines', { ...line('1', 1), total: '5.00' }))
    expect({ code, errors: options.errors }).toEqual({
      code: 'unknown_field',
      errors: [{ pointer: '/total', code: 'unknown_field', message: 'is computed and can not be sent' }],
    })
    const made = await app.create('lines', line('1', 1))
    const id = String(made['id'])
    expect(await outcome(app.update('lines', id, { total: '1.00' }))).toBe('unknown_field')
    expect(await outcome(app.update('lines', id, { each: { $inc: 1 } }))).toBe('unknown_field')
    const whole = { body: { ...line('1', 1), kind: 'small' }, id }
    expect(await outcome(replaceRecord(app.collection('lines'), app.caller(), whole))).toBe('unknown_field')
    const open = openCollection(app.collection('lines'))
    expect(await outcome(createRecord(open, app.caller(), { body: { ...line('1', 1), total: '1.00' } }))).toBe(
      'unknown_field',
    )
    expect(await outcome(createRecord(open, app.caller(), { body: line('1', 1) }))).toBe('ok')
  })

  test('is null where its expression errs, and no write fails for that', async () => {
    expect(await app.create('lines', line('1', 1))).toMatchObject({ each: null })
    expect(await app.create('lines', line('1', 1, { off: 3 }))).toMatchObject({ each: 33 })
    expect(await app.create('papers', { id: 'a', size: 1e200 })).toMatchObject({ area: null })
    expect(await app.create('papers', { id: 'b', size: 1e20 })).toMatchObject({ area: 1e40 })
  })

  test('with bounds of its own is held to them, and told of by its name', async () => {
    const [wide, none] = [
      await problemOf(app.create('boxes', { n: 5 })),
      await problemOf(app.create('boxes', { n: 0 })),
    ]
    expect([wide, none].map(({ code, options }) => ({ code, errors: options.errors }))).toEqual([
      { code: 'validation_failed', errors: [{ pointer: '/wide', code: 'out_of_range', message: 'Too wide' }] },
      { code: 'validation_failed', errors: [{ pointer: '/wide', code: 'required', message: 'Too wide' }] },
    ])
    const made = await app.create('boxes', { n: 10 })
    expect(await outcome(app.update('boxes', made['id'], { n: { $inc: -9 } }))).toBe('validation_failed')
    // What its type does not hold is an error of the expression.
    expect(made).toMatchObject({ wide: 100, far: null })
    await expect(app.run('update $.boxes set n = 1')).rejects.toMatchObject({ sqlState: '23514' })
    await expect(app.run('update $.boxes set n = 0')).rejects.toMatchObject({ sqlState: '23502' })
  })

  test('is seen by rules and checks as it will be', async () => {
    expect(await outcome(app.create('lines', line('100', 1)))).toBe('forbidden')
    const made = await app.create('lines', line('100', 1, { off: 1 }))
    expect(await outcome(app.update('lines', made['id'], { amount: 2 }))).toBe('ok')
    // The rule must hold before and after.
    expect(await outcome(app.update('lines', made['id'], { amount: 3 }))).toBe('forbidden')
    expect(await outcome(app.create('lines', line('600', 1, { off: 1 })))).toBe('check_violation')
    await expect(app.run('update $.lines set amount = 50')).rejects.toMatchObject({ sqlState: '23514' })
  })

  test('fails alone where it breaks something, and not its neighbours', async () => {
    const writes = Array.from({ length: 40 }, (_, index) =>
      app.create('people', { first: 'Ada', last: index % 4 === 0 ? 'Same' : `No ${index}` }),
    )
    expect(await outcomes(writes)).toEqual({ ok: 31, unique_violation: 9 })
    const sums = Array.from({ length: 20 }, (_, index) =>
      app.create('lines', line(index % 5 === 0 ? '501' : '1', 1, { off: 1 })),
    )
    expect(await outcomes(sums)).toEqual({ ok: 16, check_violation: 4 })
  })

  test('can be the end of a range that nothing overlaps', async () => {
    const shift = (begins: number, length: string) => ({ begins: `2026-03-01T${begins}:00:00Z`, length })
    const first = await app.create('shifts', shift(10, 'PT2H'))
    expect(first).toMatchObject({ ends: '2026-03-01T12:00:00.000Z' })
    expect(await outcome(app.create('shifts', shift(11, 'PT30M')))).toBe('overlap')
    const second = await app.create('shifts', shift(12, 'PT1H'))
    expect(await outcome(app.update('shifts', first['id'], { length: 'PT3H' }))).toBe('overlap')
    expect(await outcome(app.update('shifts', first['id'], { length: 'PT90M' }))).toBe('ok')
    const moved = await transitionRecord(app.collection('shifts'), app.caller(), {
      id: String(second['id']),
      transition: 'finish',
    })
    expect(JSON.parse(moved.body)).toMatchObject({ state: 'done', isDone: true })
  })

  test('is made of what replaces a record, and of what comes back from the trash', async () => {
    const made = await app.create('people', { first: 'Ada', last: 'L' })
    const replaced = await replaceRecord(app.collection('people'), app.caller(), {
      id: String(made['id']),
      body: { first: 'Eve', last: 'L' },
    })
    expect(JSON.parse(replaced.body)).toMatchObject({ name: 'Eve L', key: 'eve l' })
    const { id } = await app.create('lines', line('2', 2))
    await app.remove('lines', id)
    const back = await restoreRecord(app.collection('lines'), app.caller(), { id: String(id) })
    expect(JSON.parse(back.body)).toMatchObject({ total: '4.00' })
  })

  test('is no key to upsert by: nobody sends it', async () => {
    const body = { first: 'Ada', last: 'L' }
    const attempt = upsertRecord(app.collection('people'), app.caller(), { by: 'key', body })
    expect((await problemOf(attempt)).detail).toBe(`'by' must name a unique key of 'people'; there is none.`)
  })
})

describe('reading', () => {
  test('filters, sorts, groups, sums up, searches and expands by it', async () => {
    const sale = await app.create('orders', { code: 'A' })
    for (const [price, amount] of [
      ['10', 1],
      ['30', 3],
      ['20', 2],
    ] as const) {
      await app.create('lines', line(price, amount, { sale: sale['id'] }))
    }
    expect(await list('lines', { filter: 'total >= 40', sort: '-total', fields: 'total' })).toEqual([
      { total: '90.00' },
      { total: '40.00' },
    ])
    const nested = { expand: 'lines(filter:total > 10; sort:total; fields:total)', fields: 'code' }
    expect(await list('orders', nested)).toEqual([
      { code: 'A', expand: { lines: [{ total: '40.00' }, { total: '90.00' }] } },
    ])
    const { body } = await aggregateRecords(app.collection('lines'), app.caller(), {
      select: 'count,sum(total)',
      groupBy: 'kind',
    })
    expect(JSON.parse(body).items).toEqual([expect.objectContaining({ kind: 'small' })])
    expect(body).toContain('140.00')
    await app.create('people', { first: 'Grace', last: 'Hopper' })
    expect(await list('people', { search: 'hopper', fields: 'name' })).toEqual([
      expect.objectContaining({ name: 'Grace Hopper' }),
    ])
  })

  test('what is made of something hidden shows what its author declared, to whom its own rule says', async () => {
    await app.run('insert into $.lines (price, amount, cost) values (5, 2, 3), (5, 1, 3)')
    const rows = await list('lines', { sort: 'id', fields: 'amount,gain' })
    expect(rows).toEqual([{ amount: 2, gain: '7.00' }, { amount: 1 }])
    expect(await list('lines', { filter: 'gain > 0', fields: 'amount' })).toEqual([{ amount: 2 }])
    expect(await outcome(list('lines', { filter: 'secret == "small!"' }))).toBe('invalid_filter')
    expect(await outcome(list('lines', { sort: 'secret' }))).not.toBe('ok')
    expect(await outcome(list('lines', { fields: 'secret' }))).not.toBe('ok')
  })
})
