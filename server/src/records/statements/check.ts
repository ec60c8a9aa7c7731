import type { SqlScope } from '../../expr/index.ts'
import type { CollectionModel } from '../model.ts'
import type { Condition } from './condition-list.ts'
import { condition } from './scope.ts'

/** The `check`s of a collection as conditions: the constraint in the database would raise and fail the neighbours. */
export function checkConditions(model: CollectionModel, scope: SqlScope): Condition[] {
  return model.checks.map(({ expression, message }) => {
    const text = message ?? `The record does not satisfy '${expression.source}'`
    return {
      sql: condition(expression, scope),
      code: 'check_violation' as const,
      detail: text,
      violation: { pointer: '', code: 'check', message: text },
    }
  })
}
