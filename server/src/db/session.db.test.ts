import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Problem } from '../errors/problem.ts'
import { DatabaseError } from './database-error.ts'
import { type TestDatabase, testDatabase } from './testing.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await testDatabase({ migrated: false, statementTimeout: 100 })
})
afterEach(() => database.drop())

const pidOf = async (sql: { once: (text: string) => Promise<readonly Record<string, unknown>[]> }) =>
  Number((await sql.once('select pg_backend_pid() as pid'))[0]?.['pid'])

describe('a session', () => {
  test('is one connection, whose locks hold until it ends', async () => {
    const free = async () => (await database.db.once('select pg_try_advisory_xact_lock(1) as free'))[0]?.['free']
    await database.db.session(async (session) => {
      await session.once('select pg_advisory_lock(1)')
      expect(await pidOf(session)).toBe(await pidOf(session))
      await session.transaction(async (sql) => void (await sql.once('select 1')))
      expect(await free()).toBe(false)
    })
    await vi.waitFor(async () => expect(await free()).toBe(true))
  })

  test('has no timeout of statements, inside and outside of transactions', async () => {
    await database.db.session(async (session) => {
      await session.once('select pg_sleep(0.2)')
      await session.transaction(async (sql) => void (await sql.once('select pg_sleep(0.2)')))
    })
    await expect(database.db.once('select pg_sleep(0.2)')).rejects.toThrow('took longer')
  })

  test('runs what may run in no transaction', async () => {
    await database.db.session(async (session) => {
      await session.once('create table public.t (x integer)')
      await session.once('create index concurrently t_x on public.t (x)')
    })
    expect(await database.db.once(`select 1 from pg_class where relname = 't_x'`)).toHaveLength(1)
  })

  test('tells what PostgreSQL refuses, and goes on', async () => {
    await database.db.session(async (session) => {
      await expect(session.once('select nonsense')).rejects.toThrow(DatabaseError)
      await expect(session.transaction((sql) => sql.once('select nonsense'))).rejects.toThrow(DatabaseError)
      expect(await session.once('select 1 as one')).toEqual([{ one: 1 }])
    })
  })

  test('fails for good when its connection breaks', async () => {
    await database.db.session(async (session) => {
      await database.db.once(`select pg_terminate_backend(${await pidOf(session)})`)
      await expect(session.once('select 1')).rejects.toThrow(Problem)
      await expect(session.transaction((sql) => sql.once('select 1'))).rejects.toThrow(Problem)
    })
  })
})

test('too many sessions wait for one another, and end with the database', async () => {
  let running = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 12 }, () =>
      database.db.session(async (session) => {
        most = Math.max(most, ++running)
        await session.once('select pg_sleep(0.01)')
        running--
      }),
    ),
  )
  expect(most).toBe(4)

  const cut = database.db.session((session) => session.once('select pg_sleep(60)'))
  const refused = expect(cut).rejects.toMatchObject({ code: 'database_unavailable' })
  await database.db.close(50)
  await refused
  await expect(database.db.session(async () => {})).rejects.toMatchObject({ code: 'database_unavailable' })
})
