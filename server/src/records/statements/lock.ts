import { quoteName } from '../../db/quote.ts'
import type { CheckedExpression } from '../../expr/index.ts'
import type { Caller } from '../caller.ts'
import { type CollectionModel, idField } from '../model.ts'
import { inputs } from './inputs.ts'
import type { Statement } from './read.ts'
import { type AppNames, callerColumns, callerJoins, condition, LIVE, ruleScope } from './scope.ts'

export interface LockInput {
  readonly caller: Caller
  readonly id: string
}

/**
 * Locks records that the caller may write, in the order of their ids: nobody who may not write one can make its writers wait.
 * A rule that looks at what is sent is not asked, and nothing locked for its sake.
 */
export function lockStatement(app: AppNames, model: CollectionModel, deletes: boolean): Statement<LockInput> {
  const id = quoteName(idField(model).column)
  const { view, update, delete: remove } = model.rules
  const writing = [update, ...(deletes ? [remove] : [])].filter(({ uses }) => uses.data.size === 0)
  const rules: CheckedExpression[] = [view, ...writing]
  const rows = inputs<LockInput>('x', [
    ...callerColumns(rules),
    { name: 'id', pg: idField(model).type.pg, value: (input) => input.id },
  ])
  const scope = ruleScope(app, { row: 't' })
  const may = writing.length === 0 ? 'false' : `(${writing.map((rule) => condition(rule, scope)).join(' or ')})`
  return {
    text: `select from ${model.table} o where o.${id} in (
select t.${id} from ${rows.from} ${callerJoins(app, rules)} join ${model.table} t on t.${id} = x.id
where ${LIVE} and ${condition(view, scope)} and ${may}) order by o.${id} for ${deletes ? 'update' : 'no key update'}`,
    inputs: rows,
  }
}
