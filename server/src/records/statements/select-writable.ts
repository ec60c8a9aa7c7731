import { quoteName } from '../../db/quote.ts'
import type { CheckedExpression } from '../../expr/index.ts'
import type { Caller } from '../caller.ts'
import { type CollectionModel, idField } from '../model.ts'
import type { Change } from './change.ts'
import { clientRules, clientScope, filterCondition, type Parameter, whereClause } from './client-scope.ts'
import { type InputColumn, inputs } from './inputs.ts'
import type { Statement } from './read.ts'
import type { AppCollections } from './reference.ts'
import { callerColumns, callerJoins, condition, LIVE, ruleScope } from './scope.ts'
import { updateParts } from './update.ts'

export interface SelectQuery {
  readonly filter: CheckedExpression
  /** Values of the filter that are not part of its text. */
  readonly parameters: readonly Parameter[]
  /** What an update would do; absent: a delete. */
  readonly changes?: readonly Change[]
  readonly limit: number
}

export interface SelectInput {
  readonly caller: Caller
  /** One for each parameter of the filter. */
  readonly filterValues: readonly string[]
  /** Operands of the update by field name. */
  readonly values: Readonly<Record<string, unknown>>
}

export interface SelectStatements {
  /** `{live, matched}`: how many records match that the caller may list and view. */
  readonly count: Statement<SelectInput>
  /** `{id}` of the first of them that the caller may also write, in the order of ids, locked. */
  readonly lock: Statement<SelectInput>
}

export function selectStatements(app: AppCollections, model: CollectionModel, query: SelectQuery): SelectStatements {
  const { filter, parameters, changes, limit } = query
  const id = `t.${quoteName(idField(model).column)}`
  const scope = ruleScope(app, { row: 't' })
  const writing =
    changes === undefined
      ? { rules: [model.rules.delete], rights: [condition(model.rules.delete, scope)], operands: [] }
      : updateRights(app, model, changes)
  const reading = [model.rules.list, model.rules.view, ...clientRules(app, model, filter)]
  const matching = [
    LIVE,
    condition(model.rules.list, scope),
    condition(model.rules.view, scope),
    filterCondition(filter, clientScope(app, model, 't', parameters)),
  ]
  const rules = [...reading, ...writing.rules]
  const rows = inputs<SelectInput>('x', [
    ...callerColumns(rules),
    ...parameters.map(({ name, pg }, index) => ({
      name,
      pg,
      value: (input: SelectInput) => input.filterValues[index] ?? null,
    })),
    ...writing.operands,
  ])
  const from = `${rows.from} ${callerJoins(app, rules)}`
  return {
    count: {
      text: `select ${LIVE} as live, (select count(*) from ${model.table} t${whereClause(matching)})::int as matched from ${from}`,
      inputs: rows,
    },
    lock: {
      text: `select ${id}::text as id from ${from} join ${model.table} t on true${whereClause([...matching, ...writing.rights])}
order by ${id} limit ${limit} for ${changes === undefined ? 'update' : 'no key update'} of t`,
      inputs: rows,
    },
  }
}

interface Rights {
  readonly rules: readonly CheckedExpression[]
  readonly rights: readonly string[]
  readonly operands: readonly InputColumn<SelectInput>[]
}

/** What has to do with rights decides which records are changed; what has to do with values must hold for all of them. */
function updateRights(app: AppCollections, model: CollectionModel, changes: readonly Change[]): Rights {
  const { conditions, operands, rules } = updateParts(app, model, changes)
  return { rules, operands, rights: conditions.filter(({ code }) => code === 'forbidden').map(({ sql }) => sql) }
}
