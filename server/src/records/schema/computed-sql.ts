import { quoteName } from '../../db/quote.ts'
import { type SqlScope, toSql } from '../../expr/index.ts'
import { type ComputedField, computedFields } from '../computed.ts'
import type { CollectionModel } from '../model.ts'
import { objectName } from './naming.ts'
import type { ComputedShape, TableShape } from './table-shape.ts'

/** What the field holds, by the record that the scope has; NULL where CEL errs, or the result is none of the field's type. */
export function computedSql({ computed, type }: ComputedField, scope: SqlScope): string {
  const value = toSql(computed, scope)
  switch (type.format) {
    case 'integer':
      return `roadbase.as_integer(${value})`
    case 'decimal':
      return `roadbase.as_decimal(${value}, ${type.scale ?? 0})`
    case 'date':
      return `roadbase.as_date(${value})`
    case 'duration':
      return `roadbase.as_duration(${value})`
    default:
      return `(${value})`
  }
}

/** The computed columns, each behind those that it is made of, over the row `new` of a trigger. */
export function computedShapes({ fields }: CollectionModel): Pick<TableShape, 'computed'> {
  const columns = new Map([...fields].map(([name, { column }]) => [name, `new.${quoteName(column)}`]))
  const scope = { variables: new Map([['record', { columns }]]) }
  const all = computedFields(fields).map(
    (field): ComputedShape => ({ column: field.column, sql: computedSql(field, scope) }),
  )
  return all.length === 0 ? {} : { computed: all }
}

/** Behind all others: those that number a record and touch it give values that it may be made of. */
export const COMPUTE = '~compute'

/** The function that makes the values, unquoted: one for each table, whose plan PostgreSQL keeps. */
export function computingFunction(table: string): string {
  return objectName(table, 'computed', [])
}
