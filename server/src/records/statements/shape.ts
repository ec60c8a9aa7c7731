import { quoteName, quoteText } from '../../db/quote.ts'
import type { CheckedExpression } from '../../expr/index.ts'
import { type CollectionModel, type FieldModel, FREE, idField } from '../model.ts'
import type { SortKey } from '../query/parse-sort.ts'
import { orderBy } from './after-position.ts'
import { clientRules, clientScope, filterCondition, type Parameter, whereClause } from './client-scope.ts'
import { type JsonMember, jsonObject, jsonOfField } from './record-json.ts'
import type { AppCollections } from './reference.ts'
import { condition, fieldSql, ruleScope } from './scope.ts'
import { type RecordSearch, searchMembers } from './search.ts'
import type { FreePart, ShownPart } from './shown-part.ts'
import { sortRules, sortSql } from './sort-sql.ts'

/** Which part of a record is asked for. */
export interface RecordShape extends ShownPart {
  readonly expand: readonly Expansion[]
  /** Of what is searched: adds `_score`, and `_highlight`. */
  readonly search?: RecordSearch
}

/**
 * A relation that is followed: to the record that a field refers to (`one`), to those that its list refers to (`list`), or back to those
 * whose field refers to it (`many`).
 */
export type Expansion = ToOneExpansion | ListExpansion | ToManyExpansion

interface AnyExpansion {
  /** Under which the answer has it. */
  readonly name: string
  readonly target: CollectionModel
  readonly shape: RecordShape
  readonly filter: ExpansionFilter | undefined
}

export interface ToOneExpansion extends AnyExpansion {
  readonly kind: 'one'
  /** The reference, of the record that is expanded. */
  readonly field: FieldModel
}

export interface ListExpansion extends AnyExpansion {
  readonly kind: 'list'
  /** The list of references, of the record that is expanded. */
  readonly field: FieldModel
  /** Absent: the order of the list. */
  readonly sort: readonly SortKey[] | undefined
  readonly limit: number
}

export interface ToManyExpansion extends AnyExpansion {
  readonly kind: 'many'
  /** The reference, of the records that it brings. */
  readonly field: FieldModel
  readonly sort: readonly SortKey[]
  readonly limit: number
}

export interface ExpansionFilter {
  readonly expression: CheckedExpression
  readonly parameters: readonly Parameter[]
}

/** Everything of a record that may be seen, nothing expanded. */
export function wholeRecord(model: CollectionModel): RecordShape {
  const free = model.fields.get(FREE)
  return {
    fields: [...model.fields.values()].filter((field) => !field.hidden),
    expand: [],
    ...(free === undefined ? {} : { free: { field: free } }),
  }
}

/**
 * SQL for the record at `alias` as JSON text, under the field rules of the caller `x`; those of a version also hold for the row at
 * `present`.
 */
export function shapeJson(app: AppCollections, shape: RecordShape, alias: string, present?: string): string {
  const found = shape.search === undefined ? [] : searchMembers(shape.search, alias)
  const members = [...membersOf(app, shape.fields, present === undefined ? [alias] : [alias, present]), ...found]
  const all = shape.expand.length === 0 ? members : [...members, expandMember(app, shape.expand, alias)]
  return jsonObject(all, shape.free && freeSql(shape.free, alias))
}

/** The object of free keys, or those of them that are asked for. */
export function freeSql({ field, keys }: FreePart, alias: string): string {
  const object = `${alias}.${quoteName(field.column)}`
  if (keys === undefined) return object
  const names = keys.map(quoteText).join(', ')
  return `(select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(${object}) e where e.key in (${names}))`
}

/** The rules that {@link shapeJson} puts into the statement. */
export function shapeRules(app: AppCollections, shape: RecordShape): CheckedExpression[] {
  return [...readRules(shape.fields), ...shape.expand.flatMap((expansion) => expansionRules(app, expansion))]
}

/** The parameters of the filters in it, in the order of their values. */
export function shapeParameters(shape: RecordShape): Parameter[] {
  return shape.expand.flatMap((expansion) => [
    ...(expansion.filter?.parameters ?? []),
    ...shapeParameters(expansion.shape),
  ])
}

function expansionRules(app: AppCollections, expansion: Expansion): CheckedExpression[] {
  const { field, target, filter, shape } = expansion
  return [
    ...(field.rules.read === undefined ? [] : [field.rules.read]),
    // What is reached by its id is viewed.
    expansion.kind === 'many' ? target.rules.list : target.rules.view,
    ...(expansion.kind === 'one' ? [] : sortRules(app, target, expansion.sort ?? [])),
    ...(filter === undefined ? [] : clientRules(app, target, filter.expression)),
    ...shapeRules(app, shape),
  ]
}

function readRules(fields: readonly FieldModel[]): CheckedExpression[] {
  return fields.flatMap((field) => (field.rules.read === undefined ? [] : [field.rules.read]))
}

/** Of the first row; the field's rule must hold for each of them. */
function membersOf(
  app: AppCollections,
  fields: readonly FieldModel[],
  rows: readonly [string, ...string[]],
): JsonMember[] {
  return fields.map((field) => {
    const { read } = field.rules
    const member = { name: field.name, json: jsonOfField(field, fieldSql(app, field, rows[0])) }
    if (read === undefined || read.constant === true) return member
    return { ...member, when: rows.map((row) => condition(read, ruleScope(app, { row }))).join(' and ') }
  })
}

/** `"expand":{"author":{…},"comments":[…]}`; a record that the caller may not view, or that is null, is simply not in it. */
function expandMember(app: AppCollections, expansions: readonly Expansion[], alias: string): JsonMember {
  const pieces = expansions.map((expansion, index) => {
    // Rows within rows, each with a name that none around it has.
    const inner = `${alias === 't' ? 'e' : `${alias}_`}${index}`
    if (expansion.kind === 'one') return oneSql(app, expansion, alias, inner)
    return expansion.kind === 'list' ? listSql(app, expansion, alias, inner) : manySql(app, expansion, alias, inner)
  })
  return { name: 'expand', json: `'{' || substr(${pieces.join(' || ')}, 2) || '}'` }
}

function oneSql(app: AppCollections, expansion: ToOneExpansion, alias: string, inner: string): string {
  const { name, target, field, shape } = expansion
  const where = whereClause([
    `${idOf(target, inner)} = ${alias}.${quoteName(field.column)}`,
    condition(target.rules.view, ruleScope(app, { row: inner })),
    readable(app, field, alias),
    filterSql(app, expansion, inner),
  ])
  return `coalesce((select ${memberName(name)} || ${shapeJson(app, shape, inner)} from ${target.table} ${inner}${where}), '')`
}

/** The records that the list of the one at `alias` refers to, in its order and as often as they are in it. */
function listSql(app: AppCollections, expansion: ListExpansion, alias: string, inner: string): string {
  const { name, target, field, shape, sort, limit } = expansion
  const entry = `${inner}n`
  const where = whereClause([
    `${entry}.owner = ${alias}.id`,
    condition(target.rules.view, ruleScope(app, { row: inner })),
    readable(app, field, alias),
    filterSql(app, expansion, inner),
  ])
  const order = [...(sort === undefined ? [] : [orderBy(sort, sortSql(app, target, inner))]), `${entry}.position`]
  const from = `${field.list?.entries ?? ''} ${entry} join ${target.table} ${inner} on ${idOf(target, inner)} = ${entry}.target`
  return asArray(
    name,
    `${shapeJson(app, shape, inner)} as j from ${from}${where} order by ${order.join(', ')} limit ${limit}`,
  )
}

/**
 * The records that refer to the one at `alias`, as a scalar subselect: it is run for each record of the page, and an index on the
 * reference finds the few that are asked for. A window over all of the page's reads and numbers every one, which no index helps.
 */
function manySql(app: AppCollections, expansion: ToManyExpansion, alias: string, inner: string): string {
  const { name, target, field, shape, sort, limit } = expansion
  const where = whereClause([
    refersTo(field, target, inner, `${alias}.id`),
    condition(target.rules.list, ruleScope(app, { row: inner, stored: true })),
    readable(app, field, inner),
    filterSql(app, expansion, inner),
  ])
  const order = orderBy(sort, sortSql(app, target, inner))
  return asArray(
    name,
    `${shapeJson(app, shape, inner)} as j from ${target.table} ${inner}${where} order by ${order} limit ${limit}`,
  )
}

function asArray(name: string, rows: string): string {
  return `${memberName(name)} || '[' || coalesce((select string_agg(q.j, ',') from (select ${rows}) q), '') || ']'`
}

/** That the reference, or the list, of the record at `alias` holds an id. */
function refersTo({ column, list }: FieldModel, model: CollectionModel, alias: string, id: string): string {
  if (list === undefined) return `${alias}.${quoteName(column)} = ${id}`
  return `${idOf(model, alias)} in (select n.owner from ${list.entries} n where n.target = ${id})`
}

function memberName(name: string): string {
  return quoteText(`,${JSON.stringify(name)}:`)
}

function idOf(model: CollectionModel, alias: string): string {
  return `${alias}.${quoteName(idField(model).column)}`
}

/** Who may not read the reference does not learn where it leads, from neither side. */
function readable(app: AppCollections, { rules }: FieldModel, alias: string): string {
  return rules.read === undefined ? 'true' : condition(rules.read, ruleScope(app, { row: alias }))
}

function filterSql(app: AppCollections, { target, filter }: Expansion, alias: string): string {
  if (filter === undefined) return 'true'
  const { expression, parameters } = filter
  return filterCondition(expression, clientScope(app, target, alias, parameters))
}
