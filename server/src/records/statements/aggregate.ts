import { quoteName } from '../../db/quote.ts'
import { type CheckedExpression, type SqlScope, toSql } from '../../expr/index.ts'
import type { Caller } from '../caller.ts'
import type { CollectionModel } from '../model.ts'
import { type AggregateQuery, type ResultKey, resultTypes } from '../query/aggregate-query.ts'
import type { GroupKey } from '../query/parse-group-by.ts'
import type { SentValue, ValueType } from '../query/sent-value.ts'
import { aggregateSql } from './aggregate-value.ts'
import { clientRules, clientScope, filterCondition, whereClause } from './client-scope.ts'
import { type SingleInput, singleInput } from './inputs.ts'
import { jsonObject, jsonOfValue } from './record-json.ts'
import type { AppCollections } from './reference.ts'
import { callerColumns, callerJoins, condition, LIVE, ruleScope } from './scope.ts'
import { SEARCHED, searchCondition } from './search.ts'
import { bucketLabel, bucketSql, ordinaryTime } from './time-bucket.ts'

export interface AggregateInput {
  readonly caller: Caller
  /** What tells requests of one form apart: filter and search as they were sent. */
  readonly binding: string
  /** One for each parameter of the filter, as text. */
  readonly values: readonly string[]
  /** What is looked for. */
  readonly search?: string
}

export interface AggregateRow {
  readonly live: boolean
  /** Up to `limit + 1` items as JSON, with commas between them; null where there is none. */
  readonly items: string | null
  readonly n: number
}

export interface AggregateStatement {
  readonly text: string
  readonly input: SingleInput<AggregateInput>
}

/**
 * The groups of one request. It has the statement for itself: its cost is that of the records it reads, and so PostgreSQL plans with its
 * values and may read with several processes. `careful` raises nothing, see {@link aggregateSql}.
 */
export function aggregateStatement(
  app: AppCollections,
  model: CollectionModel,
  query: AggregateQuery,
  careful: boolean,
): AggregateStatement {
  const { groups, aggregates } = query
  const scope = clientScope(app, model, 't', query.parameters)
  const columns = [
    ...groups.map((key, index) => `${keySql(key, scope, careful)} as k${index}`),
    ...aggregates.map((one, index) => {
      const value = one.kind === 'count' ? '' : valueSql(one.of, one.kind === 'sum' || one.kind === 'avg', scope)
      return `${aggregateSql(one, value, careful)} as a${index}`
    }),
  ]
  const by = groups.length === 0 ? '' : ` group by ${groups.map((_, index) => index + 1).join(', ')}`
  return groupedStatement(app, model, query, {
    inner: `select ${columns.join(', ')} from ${model.table} t${whereClause(conditions(app, model, query))}${by}`,
    json: itemJson(query),
  })
}

/** The values that a field has in the records: the groups of one key, without those that have none. */
export function distinctStatement(
  app: AppCollections,
  model: CollectionModel,
  query: AggregateQuery & { readonly groups: readonly [GroupKey] },
): AggregateStatement {
  const [key] = query.groups
  const value = keySql(key, clientScope(app, model, 't', query.parameters), false)
  const where = whereClause([...conditions(app, model, query), `${operand(value)} is not null`])
  return groupedStatement(app, model, query, {
    inner: `select distinct ${value} as k0 from ${model.table} t${where}`,
    json: jsonOfValue(key.of.type, 'g.k0'),
  })
}

function groupedStatement(
  app: AppCollections,
  model: CollectionModel,
  query: AggregateQuery,
  { inner, json }: { readonly inner: string; readonly json: string },
): AggregateStatement {
  const rules = rulesOf(app, model, query)
  const parameters = query.parameters.map(({ name, pg }, index) => ({
    name,
    pg,
    value: (sent: AggregateInput) => sent.values[index] ?? null,
  }))
  const words =
    query.search === undefined ? [] : [{ ...SEARCHED, value: ({ search }: AggregateInput) => search ?? null }]
  const input = singleInput<AggregateInput>('x', [...callerColumns(rules), ...parameters, ...words])
  const having =
    query.having === undefined ? '' : ` where ${filterCondition(query.having, resultScope(app, model, query))}`
  const order = query.sort.length === 0 ? '' : ` order by ${query.sort.map((key) => orderKey(query, key)).join(', ')}`
  return {
    text: `select ${LIVE} as live, l.items, coalesce(l.n, 0)::int as n
from ${input.from}
${callerJoins(app, rules)}
left join lateral (
select string_agg(q.j, E',\\n') as items, count(*) as n from (
select ${json} as j from (
${inner}) g${having}${order} limit ${query.limit + 1}) q) l on ${LIVE}`,
    input,
  }
}

function conditions(app: AppCollections, model: CollectionModel, query: AggregateQuery): string[] {
  const { filter, parameters, search } = query
  const rule = condition(model.rules.list, ruleScope(app, { row: 't' }))
  const found = search === undefined ? [rule] : [rule, searchCondition(search, 't')]
  return filter === undefined ? found : [...found, filterCondition(filter, clientScope(app, model, 't', parameters))]
}

function rulesOf(app: AppCollections, model: CollectionModel, query: AggregateQuery): CheckedExpression[] {
  const values = query.aggregates.flatMap((one) => (one.kind === 'count' ? [] : [one.of.expression]))
  const sent = [query.filter, query.having, ...query.groups.map(({ of }) => of.expression), ...values]
  return [
    model.rules.list,
    ...sent.flatMap((expression) => (expression === undefined ? [] : clientRules(app, model, expression))),
  ]
}

function keySql({ of, bucket }: GroupKey, scope: SqlScope, careful: boolean): string {
  const value = valueSql(of, false, scope)
  if (bucket === undefined) return value
  return bucketSql(bucket, careful ? ordinaryTime(operand(value)) : operand(value))
}

/** Texts that are no columns get the collation which columns have: by code point. */
function valueSql({ expression, isField }: SentValue, asNumber: boolean, scope: SqlScope): string {
  const sql = toSql(expression, scope)
  return isField || asNumber || expression.type.kind !== 'string' ? sql : `(${sql}) collate "C"`
}

function operand(sql: string): string {
  return /^[\w".]+$/.test(sql) ? sql : `(${sql})`
}

interface Result {
  readonly name: string
  readonly type: ValueType
  /** Column of `g`. */
  readonly column: string
  readonly key?: GroupKey
}

function resultsOf(query: AggregateQuery): Result[] {
  const types = resultTypes(query)
  const typed = ({ name }: { readonly name: string }) => types.get(name) as ValueType
  return [
    ...query.groups.map((key, index) => ({ name: key.name, type: typed(key), column: `g.k${index}`, key })),
    ...query.aggregates.map((one, index) => ({ name: one.name, type: typed(one), column: `g.a${index}` })),
  ]
}

function itemJson(query: AggregateQuery): string {
  const members = resultsOf(query).map(({ name, type, column, key }) => {
    const json =
      key?.bucket === undefined ? jsonOfValue(type, column) : `to_json(${bucketLabel(key.bucket, column)})::text`
    return { name, json: `coalesce(${json}, 'null')` }
  })
  return jsonObject(members)
}

/** The variables of `having`: the results by their names, `auth` and `now`. */
function resultScope(app: AppCollections, model: CollectionModel, query: AggregateQuery): SqlScope {
  const scope = clientScope(app, model, 't', [])
  const variables = new Map(scope.variables)
  for (const field of model.fields.keys()) variables.delete(field)
  for (const { name, type, column, key } of resultsOf(query)) {
    if (key?.bucket !== undefined) variables.set(name, { sql: bucketLabel(key.bucket, column) })
    else variables.set(name, { sql: type.cel.kind === 'int' && key === undefined ? wholeNumber(column) : column })
  }
  return { ...scope, variables }
}

/** Sums of whole numbers have any number of digits; to an expression, what does not fit into 64 bits is an error. */
function wholeNumber(column: string): string {
  return `case when ${column} between -9223372036854775808 and 9223372036854775807 then ${column}::bigint end`
}

function orderKey(query: AggregateQuery, { name, descending, nulls }: ResultKey): string {
  const column = resultsOf(query).find((result) => result.name === name)?.column ?? quoteName(name)
  return `${column}${descending ? ' desc' : ''} nulls ${nulls}`
}
