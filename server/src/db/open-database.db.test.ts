import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Problem } from '../errors/problem.ts'
import { DatabaseError } from './database-error.ts'
import { type TestDatabase, testDatabase } from './testing.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

describe('values', () => {
  const rows: readonly (readonly [string, string | number | boolean | null, unknown])[] = [
    ['$1::jsonb', '{"b": 1, "a": [1.50]}', '{"a": [1.50], "b": 1}'],
    ['$1::text::jsonb', '"text"', '"text"'],
    ['$1::json', '{"b":1,  "a":2}', '{"b":1,  "a":2}'],
    ['$1::bigint', '9007199254740993', '9007199254740993'],
    ['$1::numeric', '0.10', '0.10'],
    ['$1::timestamptz', '2026-01-02T03:04:05.123456Z', '2026-01-02 03:04:05.123456+00'],
    ['$1::date', '2026-01-02', '2026-01-02'],
    ['$1::interval', 'P1DT2H', 'P1DT2H'],
    ['$1::bytea', '\\x00ff', '\\x00ff'],
    ['$1::text[]', '{a,"b c"}', '{a,"b c"}'],
    ['$1::boolean', 'true', true],
    ['$1::boolean', true, true],
    ['$1::boolean', 'f', false],
    ['$1::integer', 7, 7],
    ['$1::double precision', 0.1, 0.1],
    ['$1::text', null, null],
    ['$1::text', '', ''],
  ]
  test.each(rows)('%s of %j comes back as %j', async (expression, param, expected) => {
    const [row] = await database.db.query(`select ${expression} as value`, [param])
    expect(row).toEqual({ value: expected })
  })

  test('several statements go in one text, once', async () => {
    const rows = await database.db.once('create table public.several (n int); insert into public.several values (3)')
    expect(rows).toHaveLength(0)
    expect(await database.db.once('select 1 as n; select n from public.several')).toEqual([{ n: 3 }])
  })
})

describe('errors', () => {
  const thrownBy = (statement: string) => database.db.query(statement).catch((error: unknown) => error)

  test('a constraint tells its names, and hides its values from loggers', async () => {
    await database.db.once('create table public.t (id int constraint t_pk primary key, n int not null)')
    await database.db.query('insert into public.t values (17, 1)')
    const error = await thrownBy('insert into public.t values (17, 1)')
    expect(error).toBeInstanceOf(DatabaseError)
    expect(error).toMatchObject({ sqlState: '23505', schema: 'public', table: 't', constraint: 't_pk' })
    expect((error as DatabaseError).detail).toContain('17')
    expect(JSON.stringify(Object.entries(error as DatabaseError))).not.toContain('17')
  })

  test('a statement that takes too long is too costly', async () => {
    const hasty = await testDatabase({ statementTimeout: 50 })
    await expect(hasty.db.query('select pg_sleep(5)')).rejects.toMatchObject({ code: 'query_too_costly' })
    await hasty.drop()
  })

  test('a statement that nests too deeply is too costly', async () => {
    await database.db.once(
      'create function public.deep() returns int language plpgsql as $$ begin return public.deep(); end $$',
    )
    expect(await thrownBy('select public.deep()')).toMatchObject({ code: 'query_too_costly' })
  })

  test('rows that came before an error are not counted to the next statement', async () => {
    const { db, drop } = await testDatabase({ size: 1, hotSize: 1 })
    const failing = 'select 6 / (4 - n) as n from generate_series(1, 9) n'
    const ways = [db.query, db.once, (text: string) => db.once(text, []), db.hot.query]
    for (const send of ways) {
      await expect(send(failing, [])).rejects.toMatchObject({ sqlState: '22012' })
      expect([...(await send('select 7 as n', []))]).toEqual([{ n: 7 }])
      await expect(send(failing, [])).rejects.toBeInstanceOf(DatabaseError)
      await expect(send(failing, [])).rejects.toBeInstanceOf(DatabaseError)
      expect([...(await send('select 7 as n where false', []))]).toEqual([])
      expect([...(await send('select 7 as n', []))]).toEqual([{ n: 7 }])
    }
    await drop()
  })

  test('a full disk is no fault of the request', async () => {
    expect(await thrownBy(`do $$ begin raise sqlstate '53100'; end $$`)).toMatchObject({
      code: 'unavailable',
      detail: 'There is no space left on the disk of the database.',
      options: { retryAfter: 30 },
    })
  })

  test('a plan that no longer fits its table is made anew', async () => {
    await database.db.once('create table public.changing (n int); insert into public.changing values (5)')
    const read = () => database.db.query('select * from public.changing')
    expect(await read()).toEqual([{ n: 5 }])
    await database.db.once("alter table public.changing add t text default 'new'")
    expect(await read()).toEqual([{ n: 5, t: 'new' }])
  })
})

describe('lost connections', () => {
  /** Ends the connection that it runs on, the first time only. */
  const FRAGILE = `
    create sequence public.runs;
    create function public.break_once() returns bigint language plpgsql as $$
    declare run bigint := nextval('public.runs');
    begin
      if run = 1 then perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(10); end if;
      return run;
    end $$`

  async function fragile() {
    const own = await testDatabase()
    await own.db.once(FRAGILE)
    return own
  }

  test('a statement that may have had effects is not run again', async () => {
    const { db, drop } = await fragile()
    const error = await db.query('select public.break_once() as run').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Problem)
    expect(error).toMatchObject({ code: 'database_unavailable', status: 503, options: { retryAfter: 1 } })
    expect(await db.query('select public.break_once() as run')).toEqual([{ run: '2' }])
    await drop()
  })

  test('an idempotent one is', async () => {
    const { db, drop } = await fragile()
    const rows = await db.query('select public.break_once() as run', [], { idempotent: true })
    expect(rows).toEqual([{ run: '2' }])
    await drop()
  })

  test('a transaction is, as long as it was not asked to commit', async () => {
    const { db, drop } = await fragile()
    const run = await db.transaction(async (sql) => (await sql.query('select public.break_once() as run'))[0])
    expect(run).toEqual({ run: '2' })
    await drop()
  })

  test('a transaction that loses its connection between two statements breaks nothing else', async () => {
    const { db, drop } = await testDatabase()
    let attempts = 0
    await db.transaction(async (sql) => {
      const [row] = await sql.query<{ pid: number }>('select pg_backend_pid() as pid')
      if (++attempts > 1) return
      await db.query('select pg_terminate_backend($1::int, 5000)', [row?.pid ?? 0])
      await expect(sql.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' })
      await expect(sql.query('select 2')).rejects.toMatchObject({ code: 'database_unavailable' })
    })
    expect(attempts).toBe(2)
    await drop()
  })

  test('every statement settles when all connections are cut at once, again and again', async () => {
    const { db, drop } = await testDatabase({ size: 8 })
    const cut = () =>
      db.once(
        'select count(pg_terminate_backend(pid)) from pg_catalog.pg_stat_activity where datname = current_database()',
      )
    for (let round = 0; round < 5; round++) {
      const statements = Array.from({ length: 200 }, (_, n) => db.query('select $1::int as n, pg_sleep(0.001)', [n]))
      const cutting = cut()
      const results = await Promise.allSettled([...statements, cutting])
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'database_unavailable' })
      }
    }
    expect(await db.query('select 1 as n', [], { idempotent: true })).toEqual([{ n: 1 }])
    await drop()
  })
})

describe('too many users', () => {
  test('who finds no connection free waits, but not for ever', async () => {
    const { db, drop } = await testDatabase({ size: 1, connectTimeout: 100 })
    const slow = db.query('select pg_sleep(0.9)')
    await expect(db.query('select 1')).rejects.toMatchObject({ code: 'overloaded', options: { retryAfter: 1 } })
    await slow
    expect(await db.query('select 1 as n')).toEqual([{ n: 1 }])
    await drop()
  })

  test('the hot path goes on when everything else is busy', async () => {
    const { db, drop } = await testDatabase({ size: 1, hotSize: 1 })
    let done = false
    const slow = db.query('select pg_sleep(0.5)').then(() => {
      done = true
    })
    expect(await db.hot.query('show plan_cache_mode')).toEqual([{ plan_cache_mode: 'force_generic_plan' }])
    expect(done).toBe(false)
    await slow
    await drop()
  })
})

describe('prepared statements', () => {
  test('a connection that holds a thousand of them is replaced by a new one', async () => {
    const { db, drop } = await testDatabase({ size: 1, hotSize: 1 })
    const pid = async () => (await db.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid
    const count = async () =>
      (await db.query<{ n: number }>('select count(*)::int as n from pg_catalog.pg_prepared_statements'))[0]?.n ?? 0
    const first = await pid()
    for (let n = 0; n < 990; n++) await db.query(`select ${n} as n`)
    for (let n = 0; n < 100; n++) await db.once(`select ${n} as n`)
    expect(await pid()).toBe(first)
    // Nobody is refused meanwhile, and none of the statements that wait is lost.
    const rows = await Promise.all(Array.from({ length: 50 }, (_, n) => db.query(`select ${n} as other`)))
    expect(rows.flat()).toEqual(Array.from({ length: 50 }, (_, other) => ({ other })))
    expect(await pid()).not.toBe(first)
    expect(await count()).toBeLessThan(100)
    expect(db.stats().general).toMatchObject({ open: 1, busy: 0 })
    await drop()
  })

  test('one that repeats itself stays', async () => {
    const { db, drop } = await testDatabase({ size: 1, hotSize: 1 })
    const pid = async () => (await db.hot.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid
    const first = await pid()
    for (let n = 0; n < 1200; n++) await db.hot.query('select $1::int as n', [n])
    expect(await pid()).toBe(first)
    await drop()
  })
})

describe('close', () => {
  test('lets statements under way end, and refuses new ones', async () => {
    const { db, drop } = await testDatabase()
    const under = db.query('select pg_sleep(0.2), 7 as n')
    const closed = db.close()
    await expect(db.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' })
    expect(await under).toMatchObject([{ n: 7 }])
    await closed
    await drop()
  })
})
