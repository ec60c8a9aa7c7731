import { quoteName } from '../../db/quote.ts'
import type { Caller } from '../caller.ts'
import { type CollectionModel, idField } from '../model.ts'
import { allOf, type Condition, verdictColumns } from './condition-list.ts'
import { inputs } from './inputs.ts'
import type { Statement } from './read.ts'
import { type AppNames, callerColumns, callerJoins, condition, LIVE, ruleScope } from './scope.ts'
import { tellDeleters } from './tell-writers.ts'

export interface DeleteInput {
  readonly caller: Caller
  readonly id: string
  /** `If-Match`: the version that the caller has seen. */
  readonly version: string | null
}

export interface DeleteStatements {
  readonly batch: Statement<DeleteInput>
  readonly alone: Statement<DeleteInput>
  readonly diagnose: Statement<DeleteInput>
  readonly conditions: readonly Condition[]
}

const DELETED_BY = `, w as materialized (
select set_config('roadbase.deleted_by', coalesce((select jsonb_object_agg(x.id, x.uid) from x where x.uid is not null)::text, ''), true))`

export function deleteStatements(app: AppNames, model: CollectionModel): DeleteStatements {
  const id = quoteName(idField(model).column)
  const scope = ruleScope(app, { row: 't' })
  const rules = [model.rules.view, model.rules.delete]
  const conditions: Condition[] = [
    { sql: LIVE, code: 'invalid_token' },
    { sql: 't.id is not null', code: 'not_found' },
    { sql: condition(model.rules.view, scope), code: 'not_found' },
    { sql: condition(model.rules.delete, scope), code: 'forbidden' },
    {
      sql: '(x.version is null or x.version = t.version)',
      code: 'version_mismatch',
      detail: 'The record has another version than If-Match says',
    },
  ]
  const rows = inputs<DeleteInput>('x', [
    ...callerColumns(rules),
    { name: 'id', pg: idField(model).type.pg, value: (input) => input.id },
    { name: 'version', pg: 'bigint', value: (input) => input.version },
  ])
  // The trigger that puts rows into the trash knows no callers: it is told who deletes which.
  const isSoft = model.softDelete !== undefined
  const told = isSoft ? DELETED_BY : ''
  const writers = tellDeleters(app, model)
  const remove = (locking: string) => `with x as materialized (select * from ${rows.from}), l as materialized (
select o.${id} as id from ${model.table} o where o.${id} in (select x.id from x) order by o.${id} for update${locking})${told}${writers.cte}
delete from ${model.table} as t using x join l on l.id = x.id${isSoft ? ' cross join w' : ''}${writers.join} ${callerJoins(app, rules)}
where t.${id} = x.id and ${allOf(conditions)}
returning t.${id}::text as id`
  return {
    batch: { text: remove(' skip locked'), inputs: rows },
    alone: { text: remove(''), inputs: rows },
    diagnose: {
      text: `select x.i::int, ${verdictColumns(conditions)} from ${rows.from} ${callerJoins(app, rules)} left join ${model.table} t on t.${id} = x.id`,
      inputs: rows,
    },
    conditions,
  }
}
