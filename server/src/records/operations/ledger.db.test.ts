import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import { runBatch } from '../batch/run-batch.ts'
import { outcome, type WrittenApp, writtenApp } from '../testing-writes.ts'
import { createRecord } from './create-record.ts'
import { writeInTransaction } from './write-in-transaction.ts'

const BANK = `
collections:
  transfers: { schema: { properties: { note: { type: string } } }, rules: { read: true, write: true } }
  entries:
    schema:
      required: [transfer, account, amount]
      properties:
        transfer: { $ref: transfers, onDelete: cascade }
        account: { type: string }
        currency: { enum: [EUR, USD], default: EUR }
        amount: { type: string, format: decimal, scale: 2 }
    ledger: { sum: amount, per: [transfer] }
    rules: { read: true, write: true }
  points:
    schema:
      required: [game, kind, n]
      properties: { game: { type: string }, kind: { enum: [x, y] }, n: { type: string, format: int64 } }
    ledger: { sum: n, per: [game, kind] }
    rules: { read: true, write: true }
  # Names that PL/pgSQL has for itself.
  oddNames:
    schema:
      required: [found, tgOp, tgRelid, amount]
      properties:
        found: { type: string }
        tgOp: { type: string }
        tgRelid: { type: string }
        amount: { type: string, format: int64 }
    ledger: { sum: amount, per: [found, tgOp, tgRelid] }
    rules: { read: true, write: true }
`

let database: TestDatabase
let app: WrittenApp
let transfer: string
beforeAll(async () => {
  database = await testDatabase({ size: 8 })
  app = await writtenApp(database.db, BANK)
})
afterAll(async () => {
  await app.close()
  await database.drop()
})
beforeEach(async () => {
  await app.run('truncate $.entries, $.points')
  transfer = String((await app.create('transfers', {}))['id'])
})

const unbalanced = { sqlState: 'RB004' }
const insert = (...amounts: number[]) =>
  `insert into $.entries (transfer, account, amount) values ${amounts.map((amount) => `('${transfer}', 'a', ${amount})`).join(', ')}`
const sums = () =>
  app.run('select sum(amount)::text as sum, count(*)::int as entries from $.entries group by transfer order by 2')

describe('the entries of a group', () => {
  test('add up to zero, over as many statements as it takes', async () => {
    await app.run(`${insert(10)}; ${insert(-4)}; ${insert(-6)}`)
    await app.run(insert(1, 2, -3))
    await app.runAsApp(insert(5, -5))
    expect(await sums()).toEqual([{ sum: '0.00', entries: 8 }])
  })

  test('may have any names and values', async () => {
    const odd = (...amounts: number[]) => {
      const rows = amounts.map((amount) => `('%s''', '"', '\\', ${amount})`)
      return `insert into $.odd_names (found, tg_op, tg_relid, amount) values ${rows.join(', ')}`
    }
    await app.run(`${odd(3, -3)}; ${odd(1)}; ${odd(-1)}`)
    await expect(app.run(odd(1))).rejects.toMatchObject(unbalanced)
    await expect(app.run(`update $.odd_names set found = amount`)).rejects.toMatchObject(unbalanced)
  })

  test.each([
    ['an insert', () => insert(10)],
    ['some inserts', () => `${insert(10)}; ${insert(-9.99)}`],
    ['an update', () => 'update $.entries set amount = amount + 1 where amount > 0'],
    ['a delete', () => 'delete from $.entries where amount > 0'],
    [
      'a move into another group',
      () =>
        `with t as (insert into $.transfers default values returning id) update $.entries set transfer = (select id from t) where amount > 0`,
    ],
    [
      'what is made right only in another group',
      () =>
        `${insert(7)}; insert into $.transfers (id) values (gen_random_uuid()); insert into $.entries (transfer, account, amount) select id, 'a', -7 from $.transfers where id <> '${transfer}' limit 1`,
    ],
  ])('are not put out of balance by %s', async (_name, statement) => {
    await app.run(insert(10, -10))
    await expect(app.run(statement())).rejects.toMatchObject(unbalanced)
    await expect(app.runAsApp(statement())).rejects.toMatchObject(unbalanced)
    expect(await sums()).toEqual([{ sum: '0.00', entries: 2 }])
  })

  test('may be changed and deleted together, by cascades too', async () => {
    await app.run(insert(10, -10))
    await app.run('update $.entries set amount = amount * 2')
    await app.run(
      `update $.entries set amount = 30 where amount > 0; update $.entries set amount = -30 where amount < 0`,
    )
    expect(await outcome(app.remove('transfers', transfer))).toBe('ok')
    expect(await sums()).toEqual([])
  })

  test('are checked when the transaction asks for it, and again at its end', async () => {
    await app.run(`${insert(10, -10)}; set constraints all immediate; ${insert(5, -5)}`)
    await expect(app.run(`${insert(10)}; set constraints all immediate; ${insert(-10)}`)).rejects.toMatchObject(
      unbalanced,
    )
    await expect(
      app.run(`${insert(1, -1)}; set constraints all immediate; set constraints all deferred; ${insert(3)}`),
    ).rejects.toMatchObject(unbalanced)
  })

  test('are told apart by all fields of the group, whatever is in them', async () => {
    const rows = `('it''s "x"\\ %L $1', 'x', 9223372036854775807), ('it''s "x"\\ %L $1', 'x', -9223372036854775807)`
    await app.run(`insert into $.points (game, kind, n) values ${rows}`)
    await expect(
      app.run(`insert into $.points (game, kind, n) values ('a', 'x', 1), ('a', 'y', -1)`),
    ).rejects.toMatchObject(unbalanced)
    await app.run(
      `insert into $.points (game, kind, n) values ('a', 'x', 1), ('a', 'y', -1), ('a', 'x', -1), ('a', 'y', 1)`,
    )
    const long = 'z'.repeat(10_000)
    await app.run(
      `insert into $.points (game, kind, n) values ('${long}', 'x', 1); insert into $.points (game, kind, n) values ('${long}', 'x', -1)`,
    )
  })
})

describe('requests', () => {
  test('that would leave a difference are told how much it is', async () => {
    await app.run(insert(10, -10))
    const error = await app
      .create('entries', { transfer, account: 'a', amount: '2.50' })
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Problem)
    const { code, detail, options } = error as Problem
    expect([code, detail, options.data]).toEqual([
      'ledger_unbalanced',
      `The 'amount' is 2.50 too much in sum, over all records with this 'transfer'`,
      { difference: '2.50' },
    ])
    expect(await outcome(app.create('entries', { transfer, account: 'a', amount: '0.00' }))).toBe('ok')
  })

  test('that fail do not fail their neighbours', async () => {
    const attempts = Array.from({ length: 40 }, (_one, n) =>
      outcome(app.create('entries', { transfer, account: 'a', amount: n % 4 === 0 ? '1.00' : '0.00' })),
    )
    const codes = await Promise.all(attempts)
    expect(codes.filter((code) => code === 'ok')).toHaveLength(30)
    expect(codes.filter((code) => code === 'ledger_unbalanced')).toHaveLength(10)
  })

  test('of one transaction are one', async () => {
    const entries = app.collection('entries')
    await database.db.transaction(async (sql) => {
      for (const amount of ['3.00', '-3.00']) {
        const input = { caller: app.caller(), id: crypto.randomUUID(), values: { transfer, account: 'a', amount } }
        await writeInTransaction(sql, entries, entries.createStatements(), input)
      }
    })
    expect(await sums()).toEqual([{ sum: '0.00', entries: 2 }])
  })
})

describe('requests of several entries', () => {
  const batch = (...amounts: string[]) =>
    runBatch(app.collection('entries').app, { get: app.collection, names: [] }, app.caller(), {
      body: { operations: amounts.map((amount) => ({ create: 'entries', data: { transfer, account: 'a', amount } })) },
      isAborted: () => false,
    })

  test('add up together', async () => {
    await batch('10.00', '-4.00', '-6.00')
    expect(await sums()).toEqual([{ sum: '0.00', entries: 3 }])
    const error = await batch('10.00', '-4.00').catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'ledger_unbalanced', options: { data: { difference: '6.00' } } })
    expect(await sums()).toEqual([{ sum: '0.00', entries: 3 }])
  })

  test('or one with a key, which is told the same', async () => {
    const caller = { ...app.caller(), administrator: { kind: 'admin', id: null, name: 'root' } } as const
    const error = createRecord(app.collection('entries'), caller, {
      body: { transfer, account: 'a', amount: '1.00' },
      idempotencyKey: 'once',
    })
    expect(await outcome(error)).toBe('ledger_unbalanced')
  })
})

test('many at once never leave a difference', async () => {
  const attempts = Array.from({ length: 200 }, async (_one, n) => {
    const [first, second] = [n % 7, n % 5]
    const change = `update $.entries set amount = amount + ${first} where id = (select id from $.entries where amount >= 0 order by id offset ${n % 3} limit 1)`
    const back = `update $.entries set amount = amount - ${second} where id = (select id from $.entries where amount <= 0 order by id offset ${n % 3} limit 1)`
    const add = insert(first, -second)
    return app.run(n % 2 === 0 ? `${change}; ${back}` : add).then(
      () => 'ok',
      (error: { sqlState?: string }) => error.sqlState,
    )
  })
  const states = new Set(await Promise.all(attempts))
  expect([...states].every((state) => ['ok', 'RB004', undefined].includes(state))).toBe(true)
  expect((await sums()).every(({ sum }) => sum === '0.00')).toBe(true)
  expect(await database.db.once('select count(*)::int as left from roadbase.ledger_groups')).toEqual([{ left: 0 }])
})
