import type { CheckedExpression } from '../../expr/index.ts'
import type { CollectionModel } from '../model.ts'
import type { FilterParameter } from '../query/filter.ts'
import { clientRules, clientScope, filterCondition, whereClause } from './client-scope.ts'
import { inputs } from './inputs.ts'
import type { LaneRow, ListInput } from './list.ts'
import type { Statement } from './read.ts'
import type { AppCollections } from './reference.ts'
import { callerColumns, callerJoins, condition, LIVE, ruleScope } from './scope.ts'

export interface ExistsRow extends LaneRow {
  readonly found: boolean
}

/** Whether there is a record for each caller and filter, up to the first that is found. */
export function existsStatement(
  app: AppCollections,
  model: CollectionModel,
  {
    filter,
    parameters,
  }: { readonly filter: CheckedExpression | undefined; readonly parameters: readonly FilterParameter[] },
): Statement<ListInput> {
  const rules = [model.rules.list, ...(filter === undefined ? [] : clientRules(app, model, filter))]
  const values = parameters.map(({ name, pg }, index) => ({
    name,
    pg,
    value: (input: ListInput) => input.values[index] ?? null,
  }))
  const rows = inputs<ListInput>('x', [...callerColumns(rules), ...values])
  const listed = condition(model.rules.list, ruleScope(app, { row: 't' }))
  const matching = filter === undefined ? [] : [filterCondition(filter, clientScope(app, model, 't', parameters))]
  return {
    text: `select x.i::int, ${LIVE} as live, case when ${LIVE} then exists (select from ${model.table} t${whereClause([listed, ...matching])}) end as found
from ${rows.from}
${callerJoins(app, rules)}`,
    inputs: rows,
  }
}
