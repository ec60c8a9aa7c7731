import type { ErrorCode } from '../../errors/catalogue.ts'
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
}

/** All of them, for a `where`. */
export function allOf(conditions: readonly Condition[]): string {
  const parts = conditions.map(({ sql }) => sql).filter((sql) => sql !== 'true')
  return parts.length === 0 ? 'true' : parts.join(' and ')
}

/** Position (from 1) of the first that fails, or 0: for asking afterwards why a write did not happen. */
export function firstFailing(conditions: readonly Condition[]): string {
  const branches = conditions.map(({ sql }, index) => `when (${sql}) is not true then ${index + 1}`)
  return `case ${branches.join(' ')} else 0 end`
}
