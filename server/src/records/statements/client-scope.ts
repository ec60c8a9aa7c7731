import { quoteName } from '../../db/quote.ts'
import { type CheckedExpression, type SqlScope, type SqlVariable, toSql } from '../../expr/index.ts'
import { type CollectionModel, type FieldModel, FREE, idField } from '../model.ts'
import type { AppCollections } from './reference.ts'
import { condition, fieldSql, ruleScope } from './scope.ts'

/** A value of a client's expression that is sent beside the statement. */
export interface Parameter {
  /** As the expression calls it. */
  readonly name: string
  /** The column of the input `x` that has it; absent: called the same. */
  readonly column?: string
  readonly pg: string
}

/** A column as the caller may see it: under a field rule it is null for those who may not. */
export function maskedColumn(app: AppCollections, field: FieldModel, alias: string): string {
  const column = fieldSql(app, field, alias)
  const rule = field.rules.read
  if (rule === undefined || rule.constant === true) return column
  return `case when ${condition(rule, ruleScope(app, { row: alias }))} then ${column} end`
}

/**
 * The variables of an expression that a client has sent, over the row at `alias`: fields by their bare names, the parameters (as columns
 * of the input `x`), `auth`, `now`; each hop to another record is guarded by that collection's rules.
 */
export function clientScope(
  app: AppCollections,
  model: CollectionModel,
  alias: string,
  parameters: readonly Pick<Parameter, 'name' | 'column'>[],
): SqlScope {
  const scope = ruleScope(app, { row: alias })
  const variables = new Map(scope.variables)
  variables.delete('record')
  variables.delete('request')
  variables.delete('settings')
  variables.set('auth', { columns: visibleCaller(app) })
  for (const field of model.fields.values()) {
    if (!field.hidden || field.name === FREE) variables.set(field.name, visibleField(app, model, field, alias))
  }
  for (const { name, column = name } of parameters) variables.set(name, { sql: `x.${column}` })
  return {
    variables,
    column: (collection, name, inner) => {
      const field = app.collections.get(collection)?.fields.get(name)
      if (field === undefined) throw new Error(`No field ${collection}.${name}`)
      return maskedColumn(app, field, inner)
    },
    hop: (collection, inner) => {
      const target = app.collections.get(collection)
      return target === undefined ? 'false' : condition(target.rules.view, ruleScope(app, { row: inner }))
    },
    listed: (collection, inner) => {
      const target = app.collections.get(collection)
      return target === undefined ? 'false' : condition(target.rules.list, ruleScope(app, { row: inner, stored: true }))
    },
  }
}

/** Of a list of references also where its entries are, unless a rule hides it from some. */
function visibleField(app: AppCollections, model: CollectionModel, field: FieldModel, alias: string): SqlVariable {
  const sql = maskedColumn(app, field, alias)
  if (field.list === undefined || sql.startsWith('case ')) return { sql }
  return { sql, entries: { table: field.list.entries, owner: `${alias}.${quoteName(idField(model).column)}` } }
}

/** The rules that {@link clientScope} puts into the statement of such an expression, and the expression itself. */
export function clientRules(app: AppCollections, model: CollectionModel, sent: CheckedExpression): CheckedExpression[] {
  const reached = [...sent.uses.collections].flatMap((name) => {
    const target = app.collections.get(name)
    return target === undefined ? [] : [target.rules.view, ...fieldRules(target)]
  })
  const listed = [...sent.uses.listed].flatMap((name) => app.collections.get(name)?.rules.list ?? [])
  const caller = sent.uses.auth.size > 0 ? [app.users.rules.view, ...fieldRules(app.users)] : []
  return [sent, ...fieldRules(model), ...reached, ...listed, ...caller]
}

/** The rules by which a collection's fields may be read. */
export function fieldRules(model: CollectionModel): CheckedExpression[] {
  return [...model.fields.values()].flatMap((field) => (field.rules.read === undefined ? [] : [field.rules.read]))
}

/** A client's filter as a condition of a `where`. */
export function filterCondition(filter: CheckedExpression, scope: SqlScope): string {
  if (filter.constant !== undefined) return condition(filter, scope)
  // Without `is true`, which would keep an index from serving it; a where takes NULL as false anyhow.
  return `(${toSql(filter, scope)})`
}

/** ` where a and b`, or nothing where there is nothing to ask. */
export function whereClause(parts: readonly string[]): string {
  const needed = parts.filter((part) => part !== 'true')
  return needed.length === 0 ? '' : ` where ${needed.join(' and ')}`
}

/** What callers may see of their own user: a rule reads all of `auth`, a filter no more than a read of the user shows. */
function visibleCaller(app: AppCollections): Map<string, string> {
  const view = condition(app.users.rules.view, ruleScope(app, { row: 'u' }))
  const columns = new Map([['id', 'x.uid']])
  for (const field of app.users.fields.values()) {
    if (field.name === 'id') continue
    const column = maskedColumn(app, field, 'u')
    columns.set(field.name, view === 'true' ? column : `case when ${view} then ${column} end`)
  }
  return columns
}
