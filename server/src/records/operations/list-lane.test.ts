import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { ListInput, ListRow } from '../statements/list.ts'
import { createListLane } from './list-lane.ts'

const limits = { maxBatch: 64, maxInFlight: 2, maxWaiting: 100 }
const caller: Caller = {
  userId: null,
  sessionId: null,
  request: { id: 'r1', method: 'GET', path: '/api/app/things', ip: '127.0.0.1' },
}

/** A database that takes too long as soon as somebody asks for what is slow, and divides by zero for what is broken. */
function laneOf(statements: string[][]) {
  const query = async (_text: string, params: readonly unknown[] = []) => {
    const asked = params.map(String)
    statements.push(asked)
    if (asked.includes('slow')) throw new Problem('query_too_costly')
    if (asked.includes('broken')) throw new DatabaseError('division by zero', { sqlState: '22012' })
    return asked.map(
      (value, index): ListRow => ({ i: index + 1, live: true, items: value, n: 1, keys: null, total: null }),
    )
  }
  const db = { query, once: query } as unknown as Database
  const inputs = {
    from: '',
    inline: () => '',
    params: (rows: readonly ListInput[]) => rows.map(({ values }) => values[0] ?? ''),
  }
  const toPage = ({ items }: ListRow) => ({ body: items ?? '', isEmpty: items === null })
  const explain = (error: unknown) => (error instanceof DatabaseError ? new Problem('conflict') : error)
  const lane = createListLane({ db, limits, onBatch: () => {} }, { text: '', inputs }, toPage, explain)
  return (value: string) =>
    lane.submit({ caller, binding: value, values: [value], expandValues: [], position: undefined })
}

test('equal lists are asked once, all in one statement', async () => {
  const statements: string[][] = []
  const list = laneOf(statements)
  const pages = await Promise.all(['a', 'b', 'a'].map(list))
  expect(pages.map(({ body }) => body)).toEqual(['a', 'b', 'a'])
  expect(statements).toEqual([['a', 'b']])
})

test('a list that takes too long fails alone', async () => {
  const list = laneOf([])
  const outcomes = await Promise.allSettled(['a', 'slow', 'b', 'slow'].map(list))
  expect(outcomes).toMatchObject([
    { value: { body: 'a' } },
    { reason: { code: 'query_too_costly' } },
    { value: { body: 'b' } },
    { reason: { code: 'query_too_costly' } },
  ])
})

test('a list that meets what can not be computed fails alone', async () => {
  const list = laneOf([])
  const outcomes = await Promise.allSettled(['a', 'broken', 'b'].map(list))
  expect(outcomes).toMatchObject([{ value: { body: 'a' } }, { reason: { code: 'conflict' } }, { value: { body: 'b' } }])
  await expect(list('broken')).rejects.toMatchObject({ code: 'conflict' })
})
