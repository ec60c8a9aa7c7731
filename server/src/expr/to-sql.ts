import type { SqlScope } from './sql-scope.ts'
import type { CheckedExpression } from './types.ts'

/** Boolean results: an SQL boolean, NULL where CEL errs. */
export function toSql(_expression: CheckedExpression, _scope: SqlScope): string {
  throw new Error('Not built yet')
}
