import type { CheckedExpression } from '../../expr/index.ts'
import type { Caller } from '../caller.ts'
import type { CollectionModel } from '../model.ts'
import type { Position } from '../query/cursor.ts'
import type { SortKey } from '../query/parse-sort.ts'
import { afterPosition, orderBy } from './after-position.ts'
import { clientRules, clientScope, fieldRules, filterCondition, type Parameter, whereClause } from './client-scope.ts'
import { expandColumns } from './expand-columns.ts'
import { type InputColumn, inputs } from './inputs.ts'
import type { Statement } from './read.ts'
import type { AppCollections } from './reference.ts'
import { callerColumns, callerJoins, condition, LIVE, ruleScope } from './scope.ts'
import { SEARCHED, searchCondition } from './search.ts'
import { type RecordShape, shapeJson, shapeRules } from './shape.ts'
import { sortRules, sortSql } from './sort-sql.ts'

/** Everything of a list that is part of the statement's text. Lists that differ only in values share one. */
export interface ListQuery {
  readonly shape: RecordShape
  readonly filter: CheckedExpression | undefined
  /** Values of the filter that are not part of its text, by variable name, with their PostgreSQL types. */
  readonly parameters: readonly Parameter[]
  readonly sort: readonly SortKey[]
  readonly limit: number
  /** Which values of the cursor are null; undefined = first page. */
  readonly position: readonly boolean[] | undefined
  readonly count: boolean
}

export interface ListInput {
  readonly caller: Caller
  /** What a cursor of this list is bound to: whose list it is, and which. */
  readonly binding: string
  /** One for each parameter, as text. */
  readonly values: readonly string[]
  /** One for each parameter of the filters in `expand`. */
  readonly expandValues: readonly string[]
  readonly position: Position | undefined
  /** What is looked for. */
  readonly search?: string
}

/** What every row of a coalesced statement says. */
export interface LaneRow {
  /** Position of the request in the batch, from 1. */
  readonly i: number
  /** False where the caller's session has ended. */
  readonly live: boolean
}

export interface ListRow extends LaneRow {
  /** Up to `limit + 1` records as JSON, with {@link SEPARATOR} between them; null where there is none. */
  readonly items: string | null
  readonly n: number
  /** The sort keys of the record at `limit`, where the answer does not hold them itself. */
  readonly keys: string | null
  readonly total: string | null
}

/** A comma for JSON, and a newline that no JSON text of PostgreSQL has inside: so records can be told apart unparsed. */
export const SEPARATOR = ',\n'

/** Lists of different callers in one statement, each as one text that becomes the body as it is. */
export function listStatement(app: AppCollections, model: CollectionModel, query: ListQuery): Statement<ListInput> {
  const { sort, limit, shape } = query
  const visible = sortSql(app, model, 't')
  const rules = listRules(app, model, query)
  const matching = filterConditions(app, model, query)
  const after = query.position === undefined ? 'true' : afterPosition(sort, visible, query.position)
  const keys = keysInAnswer(query)
    ? undefined
    : `json_build_array(${sort.map((key) => exactKey(key, visible(key))).join(', ')})::text`
  const total = query.count ? `(select count(*) from ${model.table} t${whereClause(matching)})` : 'null::bigint'
  const rows = inputs<ListInput>('x', [
    ...callerColumns(rules),
    ...parameterColumns(query),
    ...expandColumns(shape),
    ...positionColumns(query),
  ])
  return {
    text: `select x.i::int, ${LIVE} as live, l.items, coalesce(l.n, 0)::int as n, l.keys, case when ${LIVE} then ${total} end as total
from ${rows.from}
${callerJoins(app, rules)}
left join lateral (
select string_agg(q.j, E',\\n') as items, count(*) as n, ${keys === undefined ? 'null::text' : `(array_agg(q.k))[${limit}]`} as keys from (
select ${shapeJson(app, shape, 't')} as j${keys === undefined ? '' : `, ${keys} as k`}
from ${model.table} t${whereClause([...matching, after])}
order by ${orderBy(sort, visible)} limit ${limit + 1}) q) l on ${LIVE}`,
    inputs: rows,
  }
}

/** How many records the list rule keeps from the caller, up to a thousand: a hint for developers. */
export function hiddenStatement(app: AppCollections, model: CollectionModel, query: ListQuery): Statement<ListInput> {
  const { filter } = query
  const rules = listRules(app, model, query)
  const rows = inputs<ListInput>('x', [...callerColumns(rules), ...parameterColumns(query)])
  const { search } = query.shape
  const found = search === undefined ? [] : [searchCondition(search, 't')]
  const matching = [
    ...found,
    ...(filter === undefined ? [] : [condition(filter, clientScope(app, model, 't', query.parameters))]),
  ]
  return {
    text: `select (select count(*) from (select from ${model.table} t${whereClause(matching)} limit 1000) h)::int as hidden
from ${rows.from} ${callerJoins(app, rules)}`,
    inputs: rows,
  }
}

/** Asks the planner how many records match; for collections that everybody may list. */
export function estimateStatement(app: AppCollections, model: CollectionModel, query: ListQuery): Statement<ListInput> {
  const rules = listRules(app, model, query)
  const rows = inputs<ListInput>('x', [...callerColumns(rules), ...parameterColumns(query)])
  return {
    text: `explain (format json) select from ${rows.from} ${callerJoins(app, rules)} cross join ${model.table} t${whereClause(filterConditions(app, model, query))}`,
    inputs: rows,
  }
}

/** What a record must satisfy to be in the list. */
export function filterConditions(app: AppCollections, model: CollectionModel, query: ListQuery): string[] {
  const rule = condition(model.rules.list, ruleScope(app, { row: 't', stored: true }))
  const { filter } = query
  const { search } = query.shape
  const found = search === undefined ? [] : [searchCondition(search, 't')]
  if (filter === undefined) return [rule, ...found]
  return [rule, ...found, filterCondition(filter, clientScope(app, model, 't', query.parameters))]
}

/** Whether the sort keys of a record can be read from its JSON. */
export function keysInAnswer(query: ListQuery): boolean {
  return query.sort.every(({ of }) => 'field' in of && query.shape.fields.includes(of.field))
}

/** A key of a cursor: numbers that JavaScript would round travel as text, or pages would repeat and skip records. */
function exactKey({ of }: SortKey, column: string): string {
  if ('score' in of) return column
  const { kind } = 'field' in of ? of.field.type.cel : of.path.type
  const isLong = (kind === 'int' || kind === 'decimal') && ('path' in of || of.field.type.json === 'string')
  // What may be a list or an object, too, travels as its text.
  return isLong || kind === 'dyn' ? `(${column})::text` : column
}

/** The rules that a list puts into its statement. */
export function listRules(app: AppCollections, model: CollectionModel, query: ListQuery): CheckedExpression[] {
  const { filter, shape } = query
  const sent = filter === undefined ? fieldRules(model) : clientRules(app, model, filter)
  return [model.rules.list, ...shapeRules(app, shape), ...sortRules(app, model, query.sort), ...sent]
}

/** The values of the filter that are not part of the text. */
export function parameterColumns(query: ListQuery): InputColumn<ListInput>[] {
  const { parameters, shape } = query
  const columns = parameters.map(({ name, pg }, index): InputColumn<ListInput> => {
    return { name, pg, value: ({ values }) => values[index] ?? null }
  })
  if (shape.search === undefined) return columns
  return [...columns, { ...SEARCHED, value: ({ search }) => search ?? null }]
}

function positionColumns(query: ListQuery): InputColumn<ListInput>[] {
  if (query.position === undefined) return []
  return query.sort.map(({ pg }, index) => ({
    name: `c${index}`,
    pg,
    value: ({ position }) => textOf(position?.[index]),
  }))
}

function textOf(value: Position[number] | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}
