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
  /** In JSON, for each condition of {@link toldWith} the failing one: positions in its list, none where it is no list, null where it holds. */
  readonly failures?: string | null
}

/** All of them, for a `where`. */
export function allOf(conditions: readonly Condition[]): string {
  const parts = conditions.flatMap(({ sql, onlyTells }) => (onlyTells === true || sql === 'true' ? [] : [sql]))
  return parts.length === 0 ? 'true' : parts.join(' and ')
}

/** The columns of a {@link Verdict}. */
export function verdictColumns(conditions: readonly Condition[]): string {
  const failing = firstFailing(conditions)
  const codes = new Set(conditions.map(({ code }) => code))
  const groups = [...codes].flatMap((code) => {
    const numbers = conditions.flatMap((one, index) => (one.code === code ? [index + 1] : []))
    const group = toldWith(conditions, numbers[0] ?? 0)
    if (group.length === 1 && group[0]?.positions === undefined) return []
    const each = group.map(
      ({ sql, positions = "'[]'::json" }) => `case when (${sql}) is not true then (${positions}) end`,
    )
    return [`when (${failing}) in (${numbers.join(', ')}) then json_build_array(${each.join(', ')})::text`]
  })
  return `${failing} as failing${groups.length === 0 ? '' : `, case ${groups.join(' ')} end as failures`}`
}

/**
 * The conditions that are told of with the one of this number, itself among them. Two references that lead nowhere are mended at once, and so
 * are two checks; what is told of another kind may be nothing for who fails the first.
 */
export function toldWith(conditions: readonly Condition[], failing: number): readonly Condition[] {
  const first = conditions[failing - 1]
  if (first === undefined) return []
  return TOLD_TOGETHER.has(first.code) ? conditions.filter(({ code }) => code === first.code) : [first]
}

const TOLD_TOGETHER: ReadonlySet<ErrorCode> = new Set(['reference_not_found', 'check_violation'])

/** Position (from 1) of the first that fails, or 0: for asking afterwards why a write did not happen. */
function firstFailing(conditions: readonly Condition[]): string {
  const branches = conditions.map(({ sql }, index) => `when (${sql}) is not true then ${index + 1}`)
  return `case ${branches.join(' ')} else 0 end`
}
