import { quoteName } from '../../db/quote.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { objectName, snakeCase } from './naming.ts'
import type { TableShape } from './table-shape.ts'

/**
 * Records that expire. Nothing happens in the database when the time of a row comes, so its table has rows that are there for nobody.
 * Under the collection's name there is a view without them, which is what every statement reads; the table is called otherwise.
 * Why not a condition in the statements: docs/decisions/0034-expiring-records.md.
 */
export function rowsName(table: string): string {
  return objectName(table, 'all', [])
}

/** Where all the rows of a collection are, quoted and qualified. */
export function rowsOf(model: Pick<CollectionModel, 'name' | 'table' | 'expires'>): string {
  if (model.expires === undefined) return model.table
  // The schema's name has no point.
  return `${model.table.slice(0, model.table.indexOf('.'))}.${quoteName(rowsName(snakeCase(model.name)))}`
}

/** What the names of indexes, keys and sequences begin with, also where the table has another name. */
export function ownName({ table, living }: Pick<TableShape, 'table' | 'living'>): string {
  return living?.view ?? table
}

/** As `now` is everywhere: one instant for a transaction, in milliseconds as the columns are. */
const NOW = 'now()::timestamptz(3)'

/** Of a column: whether the time of its row has come. */
export function hasCome(column: string): string {
  return `${column} <= ${NOW}`
}

/** Whether it has not, or never comes. */
export function isToCome(column: string): string {
  return `(${column} is null or ${column} > ${NOW})`
}

export function expiryField({ expires, fields }: Pick<CollectionModel, 'expires' | 'fields'>): FieldModel | undefined {
  return expires === undefined ? undefined : fields.get(expires)
}
