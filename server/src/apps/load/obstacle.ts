import type { Refusal } from '../section.ts'
import { LOCK_NOT_AVAILABLE, type StepFailed } from './run-steps.ts'

/** The rows that are there, or things that somebody else has made, stand against a step: in words for the author. */
export function obstacleOf({ step: { title, pointer = '' }, cause: { sqlState, message } }: StepFailed): Refusal {
  if (sqlState === REFUSED_BY_STEP) return { pointer, message }
  return { pointer, message: `${title}: ${obstacles[sqlState] ?? message}` }
}

/** A step may look at the rows itself, and raise this with words of its own. */
const REFUSED_BY_STEP = 'RB002'

/** Not in PostgreSQL's words where those may hold data. */
const obstacles: Readonly<Record<string, string>> = {
  '23502': 'records that are there have no value for it',
  '23503': 'records that are there refer to something that is not',
  '23505': 'records that are there have the same values',
  '23514': 'records that are there do not meet it',
  '23P01': 'records that are there overlap',
  '42P06': 'the database has such a schema already, which Roadbase did not make',
  '42P07': 'the database has such a table or index already, which Roadbase did not make',
  [LOCK_NOT_AVAILABLE]: 'the table is in use all the time',
}
