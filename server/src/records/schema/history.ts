import { fieldType } from '../../expr/index.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { companionName, tableNameOf } from './companions.ts'

/** In plans: see `companions.ts`. */
export function historyName(collection: string): string {
  return companionName(collection, 'history')
}

/** Quoted and qualified. */
export function historyTable({ name, table }: CollectionModel): string {
  // `table` is quoted and qualified, and its schema's name has no point.
  return `${table.slice(0, table.indexOf('.'))}."${tableNameOf(historyName(name))}"`
}

/** Columns that no record has: one name for each entry, in their order; when, who, and what was done. */
export const ENTRY = 'history__id'
export const AT = 'history__at'
export const BY = 'history__by'
export const ACTION = 'history__action'

/** Of the newest entry of a record; 0 where there is none. What is newer is not in its history. */
export function lastVersion(model: CollectionModel, id: string): string {
  return `coalesce((select v.version from ${historyTable(model)} v where v.id = ${id} order by v.${ENTRY} desc limit 1), 0)`
}

/** What was done to a row that is there, as far as it shows. */
export const FOUND = `case when created_at = updated_at then 'create' else 'update' end`

/** The fields as a version has them: what is required now may be missing in what was written before. */
export function pastFields(model: CollectionModel): ReadonlyMap<string, FieldModel> {
  return new Map(
    [...model.fields.values()].map((field) => [
      field.name,
      field.system || field.name === 'id' ? field : { ...field, required: false },
    ]),
  )
}

export const timeType = fieldType({ type: 'string', format: 'date-time' })
