import { quoteName } from '../../db/quote.ts'
import { fieldType, referenceType } from '../../expr/index.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { companionName, tableNameOf } from './companions.ts'
import type { RawCollection } from './draft.ts'
import { entryId } from './entries.ts'
import { expiryField, isToCome } from './expiry.ts'
import { USERS } from './users.ts'

/**
 * The trash of a collection is a table of its own, with the same columns: what is deleted leaves the collection's table, so unique keys
 * and references hold among the living by themselves. In plans it goes as a collection with a point in its name, which no
 * collection of a document has.
 */
export function trashName(collection: string): string {
  return companionName(collection, 'trash')
}

export function isSoft({ softDelete }: Pick<RawCollection, 'softDelete'>): boolean {
  return softDelete !== undefined && softDelete !== false
}

/** Columns that no record has: all that was deleted together, and whether this is what somebody deleted, or went with it. */
export const DELETION = 'deletion__id'
export const ROOT = 'deletion__root'

/** What a record has in the trash beside its own fields. */
export function trashFields(): readonly FieldModel[] {
  const plain = { system: true, readonly: true, hidden: false, immutable: false, owner: false, rules: {} }
  const time = { type: 'string', format: 'date-time' }
  const user = { type: 'string', format: 'uuid' }
  return [
    {
      ...plain,
      name: 'deletedAt',
      column: 'deleted_at',
      type: fieldType(time),
      required: true,
      schema: time,
      documented: { ...time, description: 'When the record was deleted.' },
    },
    {
      ...plain,
      name: 'deletedBy',
      column: 'deleted_by',
      type: referenceType(USERS, fieldType(user)),
      required: false,
      reference: { collection: USERS, onDelete: 'setNull', visible: false },
      schema: user,
      documented: { ...user, description: 'The user who deleted it; null where it was nobody of the app.' },
    },
  ]
}

/**
 * The trash as a collection to be listed. Only what somebody deleted is shown: what went with it comes back with it. A chosen id may be
 * deleted again and again; the newest is what a restore brings back, so it is the one that is shown.
 */
export function trashModel(model: CollectionModel): CollectionModel {
  const { softDelete, ids } = model
  const expiry = expiryField(model)
  if (softDelete === undefined) throw new Error(`The collection '${model.name}' has no trash`)
  const table = trashTable(model)
  const newest = `not exists (select from ${table} n where n.id = o.id and n.${ROOT} and (n.deleted_at, n.${DELETION}) > (o.deleted_at, o.${DELETION}))`
  const shown = [
    `o.${ROOT}`,
    ...(ids === 'chosen' ? [newest] : []),
    ...(expiry === undefined ? [] : [isToCome(`o.${quoteName(expiry.column)}`)]),
  ]
  const { trash } = softDelete
  const lying = `(select o.* from ${table} o where ${shown.join(' and ')})`
  return {
    name: trashName(model.name),
    table: lying,
    fields: new Map(
      [...model.fields.values(), ...trashFields()].map((field) => [field.name, withEntriesIn(lying, field)]),
    ),
    ids,
    unique: [],
    indexes: [],
    checks: [],
    excludes: [],
    appendOnly: false,
    inverses: new Map(),
    rules: { ...model.rules, list: trash, view: trash },
    storage: model.storage,
    builtin: false,
  }
}

/** Entries go with their record; what they were, the record's own column still says. */
function withEntriesIn(lying: string, field: FieldModel): FieldModel {
  if (field.list === undefined) return field
  const target = entryId('e.v', field.list.ids.pg)
  const elements = `jsonb_array_elements(l.${quoteName(field.column)}) with ordinality e(v, n)`
  const entries = `(select l.id as owner, (e.n - 1)::integer as position, ${target} as target from ${lying} l, ${elements})`
  return { ...field, list: { ...field.list, entries } }
}

/** Quoted and qualified. */
export function trashTable(model: CollectionModel): string {
  // `model.table` is quoted and qualified, and its schema's name has no point.
  return `${model.table.slice(0, model.table.indexOf('.'))}."${tableNameOf(trashName(model.name))}"`
}
