import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'

/**
 * What an error of the statement `text` means where that reads views. Their SQL is the app's, and may divide by zero for rows that
 * are there: 409 `conflict`, of which the operator is told. The statements that we make never do so by themselves, so other errors
 * stay what they are.
 */
export function viewProblem(app: AppRecords, text: string, error: unknown): unknown {
  if (!isDataError(error)) return error
  const views = [...app.collections.values()].filter(({ view, table }) => view !== undefined && text.includes(table))
  if (views.length === 0) return error
  const { sqlState } = error
  app.deps.report({ type: 'view.failed', app: app.slug, views: views.map(({ name }) => name), sqlState })
  const why = REASONS[sqlState] ?? 'a value is none that it can compute with'
  return new Problem(
    'conflict',
    `A view can not be computed from the records that are there: ${why}. Change those, or let its SQL give null for them, as by 'a / nullif(b, 0)'.`,
    { cause: error },
  )
}

/** Class 22, data exceptions: the statement met a value with which it could not go on. */
export function isDataError(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.sqlState.startsWith('22')
}

/** The message of PostgreSQL may quote the value, which is not for everybody who meets the error. */
const REASONS: Readonly<Record<string, string>> = {
  '22012': 'it divides by zero',
  '22003': 'a number is larger than its type can hold',
  '22008': 'a time is beyond what its type can hold',
  '22007': 'a text is no time, and is cast to one',
  '22023': 'a function is given a value that it does not take',
  '22P02': 'a text does not have the form of the type that it is cast to',
}
