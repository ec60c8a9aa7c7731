import { quoteName, quoteText } from '../../db/quote.ts'
import { type SqlScope, type SqlVariable, toSql } from '../../expr/index.ts'
import { type ComputedField, computedFields, fieldAt, isComputed } from '../computed.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { objectName } from './naming.ts'
import { rangeConditions } from './range-conditions.ts'
import type { ComputedShape, TableShape } from './table-shape.ts'

type Models = ReadonlyMap<string, CollectionModel>

/** What the field holds, by the record that the scope has; NULL where CEL errs, or the result is none of the field's type. */
export function computedSql(field: ComputedField, scope: SqlScope): string {
  // A collation belongs to columns, and an expression of literals has none.
  return `(${fitted(field, toSql(field.computed, scope))})::${field.type.pg}`
}

function fitted({ type, whenRead }: ComputedField, value: string): string {
  switch (type.format) {
    case 'integer':
      return `roadbase.as_integer(${value})`
    case 'decimal':
      return `roadbase.as_decimal(${value}, ${type.scale ?? 0})`
    case 'date':
      return `roadbase.as_date(${value})`
    case 'duration':
      return `roadbase.as_duration(${value})`
    case 'range':
      return fittedRange(type, value)
    case 'enum':
      // Of a column, a constraint sees to it.
      if (whenRead !== true) return value
      return `(array[${(type.values ?? []).map(quoteText).join(', ')}])[array_position(array[${(type.values ?? []).map(quoteText).join(', ')}], ${value})]`
    default:
      return value
  }
}

/** Rounded to the digits of its decimals; NULL where it is no range that the field can hold. */
function fittedRange(type: ComputedField['type'], value: string): string {
  const { end } = type
  const rounded =
    end?.format === 'decimal'
      ? `roadbase.range(round(lower(r.v), ${end.scale}), round(upper(r.v), ${end.scale}))`
      : 'r.v'
  const held = rangeConditions(type, 'f.v').join(' and ')
  return `(select f.v from (select ${rounded} as v from (select (${value})::${type.pg} as v) r) f where (${held}) is not false)`
}

/** Where `record` is, for a field that is computed when it is read. `caller`: SQL of the caller's id. */
export function readScope(models: Models, record: SqlVariable, caller: string): SqlScope {
  return {
    variables: new Map<string, SqlVariable>([
      ['record', record],
      ['now', { sql: 'now()::timestamptz(3)' }],
      ['auth', { columns: new Map([['id', caller]]) }],
    ]),
    column: readColumn(models, caller),
  }
}

/** SQL of the fields that no column holds, for {@link SqlScope.column}; undefined for the others. */
export function readColumn(models: Models, caller: string): NonNullable<SqlScope['column']> {
  return (collection, name, alias) => {
    const field = fieldAt(models, `${collection}.${name}`)
    return field === undefined ? undefined : readSql(models, field, alias, caller)
  }
}

/** SQL of a field that no column holds, of the row at `alias`; undefined for the others. */
export function readSql(models: Models, field: FieldModel, alias: string, caller: string): string | undefined {
  if (field.whenRead !== true || !isComputed(field)) return undefined
  return computedSql(field, readScope(models, { row: alias }, caller))
}

/** The computed columns, each behind those that it is made of, over the row `new` of a trigger. */
export function computedShapes({ fields }: CollectionModel): Pick<TableShape, 'computed'> {
  const columns = new Map([...fields].map(([name, { column }]) => [name, `new.${quoteName(column)}`]))
  const scope = { variables: new Map([['record', { columns }]]) }
  const stored = computedFields(fields).filter(({ whenRead }) => whenRead !== true)
  const all = stored.map((field): ComputedShape => ({ column: field.column, sql: computedSql(field, scope) }))
  return all.length === 0 ? {} : { computed: all }
}

/** Behind all others: those that number a record and touch it give values that it may be made of. */
export const COMPUTE = '~compute'

/** The function that makes the values, unquoted: one for each table, whose plan PostgreSQL keeps. */
export function computingFunction(table: string): string {
  return objectName(table, 'computed', [])
}
