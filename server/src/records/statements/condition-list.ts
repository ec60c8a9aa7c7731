import type { ErrorCode } from '../../errors/catalogue.ts'
import type { DeclaredError } from '../../errors/declared-error.ts'
import type { Violation } from '../../errors/problem.ts'

/**
 * One thing that must hold for a write, and what the caller is told where it does not.
 * The list is ordered: the first that fails is what is told, so what may not be known stands first.
 */
export interface Condition {
  readonly sql: string
  readonly code: ErrorCode
  readonly detail?: string
  readonly violation?: Violation
  /** Where it is about several fields. */
  readonly violations?: readonly Violation[]
  /** Further public members of the answer. */
  readonly data?: Readonly<Record<string, unknown>>
  /** Another condition, or the database, refuses the same; this one can tell more of it. */
  readonly onlyTells?: true
  /** The error of the app that is told in place of the code. */
  readonly declared?: DeclaredError
  /** SQL of the positions in the field's list that it fails for, as a list in JSON: each is told at its own place. */
  readonly positions?: string
}

/** What a diagnosis says of one write. */
export interface Verdict {
  /** The number of the first condition that does not hold, from 1; 0 where all do. */
  readonly failing: number
  /** A list in JSON, of a condition that has positions. */
  readonly positions?: string | null
}

/** All of them, for a `where`. */
export function allOf(conditions: readonly Condition[]): string {
  const parts = conditions.flatMap(({ sql, onlyTells }) => (onlyTells === true || sql === 'true' ? [] : [sql]))
  return parts.length === 0 ? 'true' : parts.join(' and ')
}

/** The columns of a {@link Verdict}. */
export function verdictColumns(conditions: readonly Condition[]): string {
  const failing = firstFailing(conditions)
  const places = conditions.flatMap(({ positions }, index) =>
    positions === undefined ? [] : [`when ${index + 1} then (${positions})::text`],
  )
  const positions = places.length === 0 ? '' : `, case ${failing} ${places.join(' ')} end as positions`
  return `${failing} as failing${positions}`
}

/** Position (from 1) of the first that fails, or 0: for asking afterwards why a write did not happen. */
function firstFailing(conditions: readonly Condition[]): string {
  const branches = conditions.map(({ sql }, index) => `when (${sql}) is not true then ${index + 1}`)
  return `case ${branches.join(' ')} else 0 end`
}
