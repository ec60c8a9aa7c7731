import { quoteName, quoteText } from '../../db/quote.ts'
import { type CollectionModel, expressionsOfStates, idField, type StatesModel } from '../model.ts'
import { inputs } from './inputs.ts'
import type { ReadInput, Statement } from './read.ts'
import { type AppNames, callerColumns, callerJoins, condition, LIVE, ruleScope } from './scope.ts'
import { possible } from './transition.ts'

/** What the caller could do with a record now: `{items: [{name, to}]}` in place of the record of a read. */
export function possibleTransitionsStatement(
  app: AppNames,
  model: CollectionModel,
  states: StatesModel,
): Statement<ReadInput> {
  const id = idField(model)
  const scope = ruleScope(app, { row: 't' })
  const rules = [model.rules.view, ...expressionsOfStates(states)]
  const rows = inputs<ReadInput>('x', [
    ...callerColumns(rules),
    { name: 'id', pg: id.type.pg, value: (input) => input.id },
  ])
  const items = [...states.transitions.values()].flatMap((transition) => {
    const { name, to, allow } = transition
    if (allow.constant === false) return []
    const conditions = possible(model, states, transition, scope).filter((sql) => sql !== 'true')
    return [`case when ${conditions.join(' and ')} then ${quoteText(`,${JSON.stringify({ name, to })}`)} else '' end`]
  })
  const list = items.length === 0 ? `''` : `substr(${items.join(' || ')}, 2)`
  return {
    text: `select x.i::int, ${LIVE} as live, t.version, case when t.id is not null then '{"items":[' || ${list} || ']}' end as json
from ${rows.from}
${callerJoins(app, rules)}
left join ${model.table} t on t.${quoteName(id.column)} = x.id and ${condition(model.rules.view, scope)}`,
    inputs: rows,
  }
}
