import { quoteName } from '../../db/quote.ts'
import { type CheckedExpression, type SqlVariable, toSql } from '../../expr/index.ts'
import type { Caller } from '../caller.ts'
import { type CollectionModel, type FieldModel, idField } from '../model.ts'
import { rowsOf } from '../schema/index.ts'
import { checkConditions } from './check.ts'
import { withComputedValues } from './computed-values.ts'
import { allOf, type Condition, verdictColumns } from './condition-list.ts'
import { expiryCondition } from './expiry.ts'
import { type InputColumn, inputs } from './inputs.ts'
import { overlapConditions } from './overlap.ts'
import type { Statement } from './read.ts'
import { type AppCollections, listCondition, referenceCondition, referencedRules } from './reference.ts'
import { type AppNames, callerColumns, callerJoins, condition, LIVE, NOW, ruleScope } from './scope.ts'
import { type RecordShape, shapeJson, shapeRules } from './shape.ts'
import { tellWriters } from './tell-writers.ts'
import { defaultExpression, defaultLiteral, textOf } from './write-values.ts'

export interface CreateInput {
  readonly caller: Caller
  readonly id: string
  /** Valid values by field name; what was not sent is not in it. */
  readonly values: Readonly<Record<string, unknown>>
}

/** `json` is null where the creator may not view what was created. */
export interface WriteRow {
  readonly id: string
  readonly version: string
  readonly json: string | null
}

/** `made` is a list in JSON of the ids that were made; null where all were. */
export interface ManyRow {
  readonly made: string | null
}

export interface CreateStatements {
  /**
   * The way of nearly every create: inserts what is allowed and leaves out the rest without raising, so that
   * no request fails because of a neighbour. Who gets no row back is asked about with `diagnose`.
   */
  readonly batch: Statement<CreateInput>
  /** The same for one request, raising on a taken unique value, so that PostgreSQL names the constraint. */
  readonly alone: Statement<CreateInput>
  /**
   * As `batch`, for who wants to know no more than which were left out: one row ({@link ManyRow}), however many are made. References of
   * the fields that are `found` are not asked about again: the caller has just found all of them. The foreign keys look all the same.
   */
  many(found: ReadonlySet<string>): Statement<CreateInput>
  /** A verdict for each. */
  readonly diagnose: Statement<CreateInput>
  readonly conditions: readonly Condition[]
}

export function createStatements(app: AppCollections, model: CollectionModel, shape: RecordShape): CreateStatements {
  const columns = newColumns(app, model)
  const resulting = withComputedValues(app, model, resultingRow(model, columns))
  const record: SqlVariable = { columns: resulting }
  const scope = ruleScope(app, record, { columns: sentColumns(model) })
  const conditionsBut = (found: ReadonlySet<string>): Condition[] => [
    { sql: LIVE, code: 'invalid_token' },
    ...columns.flatMap((column) => fieldRule(column, (rule) => condition(rule, scope))),
    ...columns.flatMap(({ field, sql }) =>
      field.owner || found.has(field.name) ? [] : referenceCondition(app, field, sql),
    ),
    ...columns.flatMap(({ field, sql }) => listCondition(app, field, sql)),
    { sql: condition(model.rules.create, scope), code: 'forbidden' },
    ...checkConditions(model, scope),
    ...expiryCondition(model, resulting),
  ]
  const conditions = conditionsBut(new Set())
  const overlaps = overlapConditions(model, resulting, (row) => ruleScope(app, { row }), scope)
  const judging = [
    model.rules.create,
    ...model.checks.map(({ expression }) => expression),
    ...columns.flatMap(({ field }) =>
      [field.rules.create, defaultExpression(field)].filter((rule) => rule !== undefined),
    ),
    ...columns.flatMap(({ field }) => referencedRules(app, field)),
  ]
  const showing = [model.rules.view, ...shapeRules(app, shape)]
  const rows = inputs<CreateInput>('x', [
    ...callerColumns([...judging, ...showing]),
    { name: 'id', pg: idField(model).type.pg, value: (input) => input.id },
    ...columns.flatMap((column) => column.inputs),
  ])
  const view = condition(model.rules.view, ruleScope(app, { row: 't' }))
  const names = [idField(model), ...columns.map(({ field }) => field)].map((field) => quoteName(field.column))
  const writers = tellWriters(model)
  const make = (
    conflict: string,
    returning: string,
    holding = conditions,
  ) => `with x as materialized (select * from ${rows.from})${writers.cte}, made as (
insert into ${rowsOf(model)} as t (${names.join(', ')})
select ${['x.id', ...columns.map(({ sql }) => sql)].join(', ')} from x${writers.join} ${callerJoins(app, judging)}
where ${allOf(holding)}${inOrderOfCounters(model, resulting)} ${conflict} returning ${returning})`
  const insert = (conflict: string) => `${make(conflict, 't.*')}
select t.id::text, t.version, case when ${view} then ${shapeJson(app, shape, 't')} end as json
from made t join x on x.id = t.id ${callerJoins(app, showing)}`
  const many = (found: ReadonlySet<string>) => `${make('on conflict do nothing', 't.id', conditionsBut(found))}
select case when count(*) < cardinality($1::uuid[]) then array_to_json(coalesce(array_agg(id), '{}'))::text end as made from made`
  return {
    batch: { text: insert('on conflict do nothing'), inputs: rows },
    alone: { text: insert(withoutDeadlock(model)), inputs: rows },
    many: (found) => ({ text: many(found), inputs: rows }),
    diagnose: {
      text: `select x.i::int, ${verdictColumns([...conditions, ...overlaps])} from ${rows.from} ${callerJoins(app, judging)}`,
      inputs: rows,
    },
    conditions: [...conditions, ...overlaps],
  }
}

/**
 * Two plain inserts into one slot both wait for the other. Told to do nothing about it, the later one waits for the earlier, and gets no row;
 * so it is asked about once more. (Of several exclusions, only one can be named; PostgreSQL ends a deadlock over another, and the
 * statement is tried again.)
 */
function withoutDeadlock({ excludes: [first] }: CollectionModel): string {
  return first === undefined ? '' : `on conflict on constraint ${quoteName(first.name)} do nothing`
}

/**
 * Each number that is counted locks its counter: two batches that take several in another order would wait for one another. Those of one
 * counter are in the order in which they came, so that numbers are, and of two that want the same one the first gets it.
 */
function inOrderOfCounters(model: CollectionModel, record: ReadonlyMap<string, string>): string {
  const counted = [...model.fields.values()].flatMap(({ sequence }) => (sequence?.gapless === true ? sequence.per : []))
  const columns = [...new Set(counted)].flatMap((name) => record.get(name) ?? [])
  return columns.length === 0 ? '' : ` order by ${columns.join(', ')}, x.i`
}

interface NewColumn {
  readonly field: FieldModel
  /** The value that will be stored. */
  readonly sql: string
  /** Condition that the field was sent, where that matters. */
  readonly wasSent?: string
  readonly inputs: readonly InputColumn<CreateInput>[]
}

function newColumns(app: AppNames, model: CollectionModel): NewColumn[] {
  const data = sentColumns(model)
  return ownFields(model).flatMap((field, index) => newColumn(app, field, index, data) ?? [])
}

/** Ids have a column of their own among the inputs, chosen or not. */
function ownFields(model: CollectionModel): FieldModel[] {
  return [...model.fields.values()].filter((field) => !field.system && field.name !== 'id')
}

/** `data` in a create rule: what was sent. */
function sentColumns(model: CollectionModel): Map<string, string> {
  const columns = ownFields(model).map((field, index) => [field, `x.f${index}`] as const)
  return new Map(columns.flatMap(([field, sql]) => (field.owner || field.readonly ? [] : [[field.name, sql]])))
}

function newColumn(
  app: AppNames,
  field: FieldModel,
  index: number,
  data: ReadonlyMap<string, string>,
): NewColumn | undefined {
  if (field.owner) return { field, sql: 'x.uid', inputs: [] }
  const expression = defaultExpression(field)
  // A default sees the caller and what was sent, never the record that is being made.
  const scope = ruleScope(app, { columns: new Map() }, { columns: data })
  const computed = expression === undefined ? undefined : `(${toSql(expression, scope)})`
  const literal = defaultLiteral(field)
  if (field.readonly) {
    if (computed !== undefined) return { field, sql: computed, inputs: [] }
    if (literal === undefined) return undefined
  }
  const value: InputColumn<CreateInput> = {
    name: `f${index}`,
    pg: field.type.pg,
    value: (input) => textOf(field, field.name in input.values ? input.values[field.name] : literal),
  }
  const sql = `x.f${index}`
  if (computed === undefined && field.rules.create === undefined) return { field, sql, inputs: [value] }
  const wasSent: InputColumn<CreateInput> = {
    name: `s${index}`,
    pg: 'boolean',
    value: (input) => (field.name in input.values ? 't' : 'f'),
  }
  return {
    field,
    sql: computed === undefined ? sql : `case when x.s${index} then ${sql} else ${computed} end`,
    wasSent: `x.s${index}`,
    inputs: [value, wasSent],
  }
}

/** `record` in a create rule: the row as it will be stored. */
function resultingRow(model: CollectionModel, columns: readonly NewColumn[]): Map<string, string> {
  const row = new Map<string, string>([
    ['id', 'x.id'],
    ['createdAt', NOW],
    ['updatedAt', NOW],
    ['version', '1::bigint'],
  ])
  for (const field of model.fields.values()) if (!row.has(field.name)) row.set(field.name, `null::${field.type.pg}`)
  for (const { field, sql } of columns) row.set(field.name, sql)
  return row
}

function fieldRule(column: NewColumn, sql: (rule: CheckedExpression) => string): Condition[] {
  const rule = column.field.rules.create
  if (rule === undefined || rule.constant === true || column.wasSent === undefined) return []
  return [
    {
      sql: `(not ${column.wasSent} or ${sql(rule)})`,
      code: 'forbidden',
      detail: `The field '${column.field.name}' may not be set by you`,
      violation: { pointer: `/${column.field.name}`, code: 'forbidden', message: 'may not be set by you' },
    },
  ]
}
