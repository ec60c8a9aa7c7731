import { expect, test } from 'vitest'
import { DatabaseError } from '../../db/database-error.ts'
import { LOCK_NOT_AVAILABLE } from './run-steps.ts'
import { transactPausing } from './transact-pausing.ts'

const STEP = { title: 'change a', sql: 'alter table a' }

/** What happens, in order, when the first attempts do not get their locks. */
async function course(from: 1 | 2, failures: number): Promise<string[]> {
  const seen: string[] = []
  const pauses = { begin: async () => void seen.push('begin'), end: () => void seen.push('end') }
  let left = failures
  const once = async () => {
    seen.push('lock')
    if (left-- > 0) throw new DatabaseError('canceling statement due to lock timeout', { sqlState: LOCK_NOT_AVAILABLE })
    return []
  }
  const session = { transaction: (work: (sql: { once: typeof once }) => Promise<unknown>) => work({ once }) }
  const transact = transactPausing(pauses, 'todo', from)
  await transact(
    session as never,
    async () => {},
    (run) => run([STEP]),
  ).catch(() => seen.push('given up'))
  return seen
}

test.each<[what: string, from: 1 | 2, failures: number, course: string]>([
  ['locks that are free need no pause', 2, 0, 'lock'],
  ['the second attempt pauses', 2, 1, 'lock begin lock'],
  ['each by itself', 2, 2, 'lock begin lock end begin lock'],
  ['or already the first', 1, 1, 'begin lock end begin lock'],
  [
    'who gives up leaves no pause',
    2,
    6,
    'lock begin lock end begin lock end begin lock end begin lock end begin lock end given up',
  ],
])('%s', async (_, from, failures, expected) => {
  expect((await course(from, failures)).join(' ')).toBe(expected)
})
