import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from './testing.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.db.once('create table public.accounts (id int primary key, balance int not null check (balance >= 0))')
  await database.db.once('insert into public.accounts select n, 1000 from generate_series(1, 10) as n')
})
afterAll(() => database.drop())

const total = async () => (await database.db.query('select sum(balance) as total from public.accounts'))[0]?.['total']

test('what fails is undone', async () => {
  const failing = database.db.transaction(async (sql) => {
    await sql.query('update public.accounts set balance = 0')
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await total()).toBe('10000')
})

test('a swallowed error does not look like a success', async () => {
  const failing = database.db.transaction(async (sql) => {
    await sql.query('update public.accounts set balance = -1').catch(() => {})
  })
  await expect(failing).rejects.toMatchObject({ sqlState: '23514' })
})

test('statements that are sent at once go in order', async () => {
  const order = await database.db.transaction(async (sql) => {
    const all = [1, 2, 3].map((n) => sql.query(`select ${n} as n, clock_timestamp() as at`))
    return (await Promise.all(all)).map(([row]) => String(row?.['at']))
  })
  expect(order.toSorted()).toEqual(order)
})

test('a statement after the end is refused', async () => {
  let late: (() => Promise<unknown>) | undefined
  await database.db.transaction(async (sql) => {
    late = () => sql.query('select 1')
  })
  await expect(late?.()).rejects.toThrow('is over')
})

test('transfers in both directions deadlock, are tried again, and lose nothing', async () => {
  const transfer = (from: number, to: number) =>
    database.db.transaction(
      async (sql) => {
        await sql.query('update public.accounts set balance = balance - 1 where id = $1::int', [from])
        await sql.query('update public.accounts set balance = balance + 1 where id = $1::int', [to])
      },
      { attempts: 20 },
    )
  await Promise.all(Array.from({ length: 4 }, (_, n) => (n % 2 === 0 ? transfer(1, 2) : transfer(2, 1))))
  expect(await total()).toBe('10000')
})

test('serialisable counters lose no update', async () => {
  const increment = () =>
    database.db.transaction(
      async (sql) => {
        const [row] = await sql.query<{ balance: number }>('select balance from public.accounts where id = 3')
        await sql.query('update public.accounts set balance = $1::int where id = 3', [(row?.balance ?? 0) + 1])
      },
      { isolation: 'serializable', attempts: 50 },
    )
  await Promise.all(Array.from({ length: 8 }, increment))
  expect(await database.db.query('select balance from public.accounts where id = 3')).toEqual([{ balance: 1008 }])
})

test('attempts have an end, and then it is a 503', async () => {
  let attempts = 0
  const colliding = database.db.transaction(
    async (sql) => {
      attempts++
      await sql.once(`do $$ begin raise sqlstate '40001'; end $$`)
    },
    { attempts: 3 },
  )
  await expect(colliding).rejects.toMatchObject({ code: 'unavailable', options: { retryAfter: 1 } })
  expect(attempts).toBe(3)
})

test('a timeout of its own holds for all of its statements, and no longer', async () => {
  const slow = database.db.transaction((sql) => sql.query('select pg_sleep(5)'), { timeout: 50 })
  await expect(slow).rejects.toMatchObject({ code: 'query_too_costly' })
  expect(await database.db.query('show statement_timeout')).toEqual([{ statement_timeout: '10s' }])
})
