import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Problem } from '../errors/problem.ts'
import { DatabaseError } from './database-error.ts'
import { type TestDatabase, testDatabase } from './testing.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase({ statementTimeout: 2000 })
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
})

describe('errors', () => {
  test('a constraint tells its names', async () => {
    await database.db.once('create table public.t (id int constraint t_pk primary key, n int not null)')
    await database.db.query('insert into public.t values ($1, $2)', [1, 1])
    const error = await database.db.query('insert into public.t values ($1, $2)', [1, 1]).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(DatabaseError)
    expect(error).toMatchObject({ sqlState: '23505', table: 't', constraint: 't_pk', schema: 'public' })
  })

  test('a statement that takes too long is too costly', async () => {
    const { db, drop } = await testDatabase({ statementTimeout: 50 })
    const error = await db.query('select pg_sleep(5)').catch((e: unknown) => e)
    expect(error).toBeInstanceOf(Problem)
    expect(error).toMatchObject({ code: 'query_too_costly' })
    await drop()
  })
})
