import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { runBatch } from '../batch/run-batch.ts'
import { openCollection } from '../open-collection.ts'
import { outcome, outcomes, type WrittenApp, writtenApp } from '../testing-writes.ts'
import { createRecord } from './create-record.ts'

const OFFICE = `
collections:
  tickets:
    schema:
      properties:
        number: { type: integer, sequence: { start: 100, step: 5 } }
        code: { type: string, sequence: 'T{n:3}' }
        title: { type: string }
    rules: { read: true, write: true }
  rooms: { id: { type: string }, schema: { properties: { name: { type: string } } }, rules: { read: true, write: true } }
  messages:
    schema:
      required: [room]
      properties:
        room: { $ref: rooms, onDelete: cascade }
        number: { type: integer, sequence: { per: room } }
        key: { type: string }
        n: { type: integer, minimum: 0 }
    unique: [[key]]
    rules: { read: true, write: true }
  invoices:
    schema:
      required: [tenant]
      properties:
        tenant: { type: string }
        number: { type: string, sequence: { format: '{tenant}-{year}-{n:4}', per: [tenant, year], zone: Europe/Berlin } }
    rules: { read: true, write: true }
`

let database: TestDatabase
let app: WrittenApp
beforeAll(async () => {
  database = await testDatabase({ size: 8 })
  app = await writtenApp(database.db, OFFICE)
  await app.run(`insert into $.rooms (id) values ('a'), ('b'), ('c')`)
})
afterAll(async () => {
  await app.close()
  await database.drop()
})
beforeEach(async () => {
  await app.run('truncate $.tickets, $.messages, $.invoices')
  await app.run('delete from roadbase.counters')
})

const numbers = async (room = 'a') =>
  (await app.run(`select number::int as n from $.messages where room = '${room}' order by number`)).map(({ n }) => n)
const upTo = (last: number) => Array.from({ length: last }, (_one, index) => index + 1)

describe('numbers', () => {
  test('come by themselves, as the document wants them', async () => {
    const [first, second] = [await app.create('tickets', {}), await app.create('tickets', { title: 'x' })]
    expect(Number(second['number']) - Number(first['number'])).toBe(5)
    expect(first['code']).toMatch(/^T\d{3}$/)
    const [row] = await app.run(`select to_char(now() at time zone 'Europe/Berlin', 'YYYY') as year`)
    const invoices = [{ tenant: 'x' }, { tenant: 'y' }, { tenant: 'x' }]
    const made = []
    for (const invoice of invoices) made.push((await app.create('invoices', invoice))['number'])
    expect(made).toEqual([`x-${row?.['year']}-0001`, `y-${row?.['year']}-0001`, `x-${row?.['year']}-0002`])
  })

  test('are sent, chosen and changed by nobody', async () => {
    const message = await app.create('messages', { room: 'a' })
    expect(await outcome(app.create('messages', { room: 'a', number: 7 }))).toBe('unknown_field')
    const open = openCollection(app.collection('messages'))
    const administrator = { ...app.caller(), administrator: { kind: 'admin', id: null, name: 'root' } } as const
    expect(await outcome(createRecord(open, administrator, { body: { room: 'a', number: 7 } }))).toBe('unknown_field')
    expect(await outcome(app.update('messages', message['id'], { number: 7 }))).toBe('unknown_field')
    // A number belongs to its room.
    expect(await outcome(app.update('messages', message['id'], { room: 'b' }))).toBe('immutable_field')
    for (const run of [app.run, app.runAsApp]) {
      const chosen = run(`insert into $.messages (room, number) values ('a', 7)`)
      await expect(chosen).rejects.toMatchObject({ sqlState: 'RB005' })
      await expect(run(`insert into $.tickets (code) values ('T9')`)).rejects.toMatchObject({ sqlState: 'RB005' })
      await expect(run('update $.messages set number = 7')).rejects.toMatchObject({ sqlState: 'RB001' })
      await expect(run(`update $.messages set room = 'b'`)).rejects.toMatchObject({ sqlState: 'RB001' })
      await run(`insert into $.messages (room) values ('a')`)
    }
    expect(await numbers()).toEqual([1, 2, 3])
  })
})

describe('gapless numbers', () => {
  const insert = (keys: readonly string[], rest = '') =>
    `insert into $.messages (room, key) values ${keys.map((key) => `('${key.startsWith('b') ? 'b' : 'a'}', '${key}')`).join(', ')} ${rest}`

  test('have no hole where a row is left out, at the begin, in the middle, at the end', async () => {
    await app.run(insert(['x']))
    const nothing = 'on conflict do nothing'
    await app.run(insert(['x', 'a1', 'x', 'x', 'a2', 'x'], nothing))
    await app.run(insert(['x'], nothing))
    await app.run(
      `${insert(['x'], nothing)}; ${insert(['a3'])}; ${insert(['x'], nothing)}; ${insert(['x', 'b1', 'x'], nothing)}`,
    )
    await app.run(insert(['a4', 'b2'], nothing))
    expect([await numbers('a'), await numbers('b')]).toEqual([upTo(5), upTo(2)])
  })

  test('have no hole by upserts, savepoints, errors, or what was deleted in the same transaction', async () => {
    await app.run(insert(['x', 'y'], 'on conflict (key) do update set n = 1'))
    await app.run(insert(['x', 'z'], 'on conflict (key) do update set n = 2'))
    await expect(app.run(`${insert(['q'])}; select 1/0`)).rejects.toThrow()
    await database.db.transaction(async (sql) => {
      const run = (text: string) => sql.once(text.replaceAll('$.', `"${app.schema}".`))
      await run(insert(['s1']))
      await run('savepoint one')
      await run(insert(['s2', 's3']))
      await run('rollback to one')
      await run(insert(['s4']))
      await run(`delete from $.messages where key = 's4'`)
      await run(insert(['s5']))
    })
    expect(await numbers()).toEqual(upTo(5))
  })

  test('that were given are not given again, also when their record is deleted', async () => {
    await app.run(insert(['x', 'y']))
    await app.run(`delete from $.messages where key = 'y'`)
    await app.run(insert(['z']))
    expect(await numbers()).toEqual([1, 3])
  })

  test('are in the order of what is written together', async () => {
    const rooms = Array.from({ length: 90 }, (_one, n) => (n % 3 === 0 ? 'b' : 'a'))
    const operations = rooms.map((room, n) => ({ create: 'messages', data: { room, n } }))
    const collections = { get: app.collection, names: [] }
    await runBatch(app.collection('messages').app, collections, app.caller(), {
      body: { operations },
      isAborted: () => false,
    })
    for (const room of ['a', 'b']) {
      const rows = await app.run(`select n::int as n from $.messages where room = '${room}' order by number`)
      expect(rows.map(({ n }) => n)).toEqual(rooms.flatMap((one, n) => (one === room ? [n] : [])))
    }
  })

  test('are 1 to 500 for those of 750 at once that do not fail', async () => {
    await app.create('messages', { room: 'c', key: 'taken' })
    const attempts = Array.from({ length: 750 }, (_one, n) => {
      if (n % 3 !== 0) return app.create('messages', { room: n % 2 === 0 ? 'a' : 'b', key: `k${n}` })
      if (n % 2 === 0) return app.create('messages', { room: 'a', key: 'taken' })
      return app.create('messages', n % 9 === 0 ? { room: 'nowhere' } : { room: 'b', n: -1 })
    })
    const found = await outcomes(attempts)
    expect(found['ok']).toBe(500)
    expect(Object.keys(found).toSorted()).toEqual([
      'ok',
      'reference_not_found',
      'unique_violation',
      'validation_failed',
    ])
    expect([await numbers('a'), await numbers('b')]).toEqual([upTo(250), upTo(250)])
  })

  test('hold while transactions of several statements come and go', async () => {
    const attempts = Array.from({ length: 60 }, (_one, n) => {
      const fails = n % 3 === 0 ? '; select 1/0' : ''
      return app
        .run(
          `${insert([`t${n}`])}; ${insert([`b${n}`])}; ${insert([`u${n}`, `t${n}`], 'on conflict do nothing')}${fails}`,
        )
        .then(
          () => true,
          () => false,
        )
    })
    const done = (await Promise.all(attempts)).filter(Boolean).length
    expect(done).toBe(40)
    expect([await numbers('a'), await numbers('b')]).toEqual([upTo(80), upTo(40)])
  })
})

test('an app that begins anew begins to count anew', async () => {
  await app.create('tickets', {})
  await app.create('messages', { room: 'a' })
  await app.clear()
  await app.run(`insert into $.rooms (id) values ('a'), ('b'), ('c')`)
  expect(await app.create('tickets', {})).toMatchObject({ number: 100, code: 'T001' })
  expect(await app.create('messages', { room: 'a' })).toMatchObject({ number: 1 })
})
