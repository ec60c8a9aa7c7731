import { quoteName } from '../../db/quote.ts'
import type { CheckedExpression } from '../../expr/index.ts'
import { type CollectionModel, idField } from '../model.ts'
import { allOf, type Condition, verdictColumns } from './condition-list.ts'
import type { Inputs } from './inputs.ts'
import type { Statement } from './read.ts'
import type { AppCollections } from './reference.ts'
import { callerJoins, condition, ruleScope } from './scope.ts'
import { type RecordShape, shapeJson } from './shape.ts'
import { tellWriters } from './tell-writers.ts'

export interface UpdateStatements<Input> {
  /** Leaves out rows that are locked elsewhere, so that the others do not wait for them. */
  readonly batch: Statement<Input>
  /** The same for one request: waits for the row. */
  readonly alone: Statement<Input>
  readonly diagnose: Statement<Input>
  readonly conditions: readonly Condition[]
}

interface LockedUpdate<Input> {
  /** Everything that the statement asks of the caller. */
  readonly rules: readonly CheckedExpression[]
  /** The requests `x`, with their caller and `id`. */
  readonly rows: Inputs<Input>
  /** `"column" = value`, of the row `t` and of `x`. */
  readonly assignments: readonly string[]
  readonly conditions: readonly Condition[]
  readonly shape: RecordShape
}

/** Updates of one row per request, locked in the order of their ids, where the conditions hold. */
export function lockedUpdate<Input>(
  app: AppCollections,
  model: CollectionModel,
  { rules, rows, assignments, conditions, shape }: LockedUpdate<Input>,
): UpdateStatements<Input> {
  const id = quoteName(idField(model).column)
  const view = condition(model.rules.view, ruleScope(app, { row: 't' }))
  const json = `case when ${view} then ${shapeJson(app, shape, 't')} end`
  const writers = tellWriters(model)
  const update = (locking: string) => `with x as materialized (select * from ${rows.from}), l as materialized (
select o.${id} as id from ${model.table} o where o.${id} in (select x.id from x) order by o.${id} for no key update${locking})${writers.cte}
update ${model.table} as t set ${assignments.join(', ')}
from x join l on l.id = x.id${writers.join} ${callerJoins(app, rules)}
where t.${id} = x.id and ${allOf(conditions)}
returning t.${id}::text as id, t.version, ${json} as json`
  return {
    batch: { text: update(' skip locked'), inputs: rows },
    alone: { text: update(''), inputs: rows },
    diagnose: {
      text: `select x.i::int, ${verdictColumns(conditions)} from ${rows.from} ${callerJoins(app, rules)} left join ${model.table} t on t.${id} = x.id`,
      inputs: rows,
    },
    conditions,
  }
}
