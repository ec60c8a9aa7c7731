import { describe, expect, test } from 'vitest'
import { Problem } from '../errors/problem.ts'
import { classifyError, isConnectionFailure, type Verdict } from './classify-error.ts'
import { DatabaseError } from './database-error.ts'

const failure = (code: string, fields: object = {}) => Object.assign(new Error('it failed'), { code, ...fields })

describe('classifyError', () => {
  const problems: readonly (readonly [string, Error, Verdict['kind'], string])[] = [
    ['refused', failure('ECONNREFUSED'), 'unreachable', 'database_unavailable'],
    ['no socket', failure('ENOENT'), 'unreachable', 'database_unavailable'],
    ['starting up', failure('57P03'), 'unreachable', 'database_unavailable'],
    ['too many connections', failure('53300'), 'unreachable', 'database_unavailable'],
    ['wrong password', failure('28P01'), 'unreachable', 'database_unavailable'],
    ['no answer', failure('CONNECT_TIMEOUT'), 'unreachable', 'database_unavailable'],
    ['closed', failure('CONNECTION_CLOSED'), 'lost', 'database_unavailable'],
    ['reset', failure('ECONNRESET'), 'lost', 'database_unavailable'],
    ['shut down', failure('57P01'), 'lost', 'database_unavailable'],
    ['crashed', failure('57P02'), 'lost', 'database_unavailable'],
    ['protocol', failure('08P01'), 'lost', 'database_unavailable'],
    ['serialization', failure('40001'), 'conflict', 'unavailable'],
    ['deadlock', failure('40P01'), 'conflict', 'unavailable'],
    ['stale plan', failure('0A000', { routine: 'RevalidateCachedQuery' }), 'stalePlan', 'unavailable'],
    ['timeout', failure('57014'), 'final', 'query_too_costly'],
    ['stack depth', failure('54001'), 'final', 'query_too_costly'],
    ['disk full', failure('53100'), 'final', 'unavailable'],
    ['standby', failure('25006'), 'final', 'database_unavailable'],
  ]
  test.each(problems)('%s', (_, error, kind, code) => {
    const verdict = classifyError(error)
    expect(verdict).toMatchObject({ kind, error: { code, options: { cause: error } } })
    // What the driver says stays out of what clients see.
    expect((verdict.error as Problem).toBody('1')).not.toContain('it failed')
  })

  test.each(['23505', '23503', '22P02', '42P01', '55P03', 'RB001', '0A000'])('%s is for the room to map', (code) => {
    const fields = { table_name: 't', constraint_name: 'c', column_name: 'x', schema_name: 's', detail: 'secret' }
    const { kind, error } = classifyError(failure(code, fields))
    expect(kind).toBe('final')
    expect(error).toBeInstanceOf(DatabaseError)
    expect(error).toMatchObject({ sqlState: code, table: 't', constraint: 'c', column: 'x', schema: 's' })
    expect(Object.values(error)).not.toContain('secret')
  })

  test('what has a meaning already keeps it', () => {
    const problem = new Problem('forbidden')
    expect(classifyError(problem)).toEqual({ kind: 'final', error: problem })
    const defect = new TypeError('undefined is not a function')
    expect(classifyError(defect)).toEqual({ kind: 'final', error: defect })
  })
})

test('a connection is given up after what ends it, and only then', () => {
  expect(isConnectionFailure(failure('57014', { severity: 'ERROR' }))).toBe(false)
  expect(isConnectionFailure(failure('42501', { severity: 'FATAL' }))).toBe(true)
  expect(isConnectionFailure(failure('EPIPE'))).toBe(true)
})
