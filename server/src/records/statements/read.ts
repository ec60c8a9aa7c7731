import { quoteName } from '../../db/quote.ts'
import type { Caller } from '../caller.ts'
import type { CollectionModel } from '../model.ts'
import { expandColumns } from './expand-columns.ts'
import { type Inputs, inputs } from './inputs.ts'
import type { AppCollections } from './reference.ts'
import { callerColumns, callerJoins, condition, LIVE, ruleScope } from './scope.ts'
import { type RecordShape, shapeJson, shapeRules } from './shape.ts'

export interface ReadInput {
  readonly caller: Caller
  readonly id: string
  /** One for each parameter of the filters in `expand`; absent where there are none. */
  readonly expandValues?: readonly string[]
}

/** `json` is null where there is no such record for this caller. */
export interface ReadRow {
  /** Position of the request in the batch, from 1. */
  readonly i: number
  readonly live: boolean
  readonly version: string | null
  readonly json: string | null
}

export interface Statement<Input> {
  readonly text: string
  readonly inputs: Inputs<Input>
}

/** The rows of a view have none. */
function versionOf({ view }: CollectionModel): string {
  return view === undefined ? 't.version' : 'case when t.id is not null then 0::bigint end'
}

/** Many reads by id, of different callers, in one statement. */
export function readStatement(app: AppCollections, model: CollectionModel, shape: RecordShape): Statement<ReadInput> {
  const rules = [model.rules.view, ...shapeRules(app, shape)]
  const id = model.fields.get('id')!
  const rows = inputs<ReadInput>('x', [
    ...callerColumns(rules),
    { name: 'id', pg: id.type.pg, value: (input) => input.id },
    ...expandColumns(shape),
  ])
  const view = condition(model.rules.view, ruleScope(app, { row: 't' }))
  return {
    text: `select x.i::int, ${LIVE} as live, ${versionOf(model)} as version, case when t.id is not null then ${shapeJson(app, shape, 't')} end as json
from ${rows.from}
${callerJoins(app, rules)}
left join ${model.table} t on t.${quoteName(id.column)} = x.id and ${view}`,
    inputs: rows,
  }
}
