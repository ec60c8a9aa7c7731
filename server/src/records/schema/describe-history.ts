import { quoteName } from '../../db/quote.ts'
import { storedFields } from '../computed.ts'
import type { CollectionModel } from '../model.ts'
import { tableNameOf } from './companions.ts'
import { expiryField, hasCome, rowsOf } from './expiry.ts'
import { ACTION, AT, BY, ENTRY, FOUND, historyName, historyTable, lastVersion, timeType } from './history.ts'
import { objectName } from './naming.ts'
import type { ColumnShape, IndexShape, TableShape, TriggerShape } from './table-shape.ts'
import { ownFunction } from './trigger-function.ts'

/** The history as the database is to have it: the collection's columns, any of which may be empty, and what is known of the write. */
export function describeHistory(
  model: CollectionModel,
  { columns, storage, renamedFrom }: TableShape,
): [string, TableShape] {
  const name = historyName(model.name)
  const table = tableNameOf(name)
  const kept = Object.entries(columns).map(([column, { default: _, ...shape }]): [string, ColumnShape] => [
    column,
    { ...shape, notNull: column === 'id' },
  ])
  const own = (column: string, type: string, notNull: boolean): [string, ColumnShape] => [
    column,
    { field: column, type, notNull },
  ]
  return [
    name,
    {
      table,
      ...(renamedFrom === undefined ? {} : { renamedFrom: historyName(renamedFrom) }),
      storage,
      ids: 'generated',
      key: ['id', ENTRY],
      isPrivate: true,
      columns: Object.fromEntries([
        ...kept,
        own(ENTRY, 'bigint generated always as identity', true),
        own(AT, timeType.pg, true),
        own(BY, 'uuid', false),
        own(ACTION, 'text', true),
      ]),
      indexes: model.history?.keep === undefined ? {} : { [objectName(table, 'index', [ENTRY, AT])]: SWEPT },
      checks: {},
      foreignKeys: {},
      triggers: {},
    },
  ]
}

/** For the sweep, which goes through the entries as they were written: a few bytes for each megabyte, and next to nothing for a write. */
const SWEPT: IndexShape = {
  unique: false,
  ranges: true,
  columns: [ENTRY, AT].map((column) => ({ column, descending: false })),
}

/** For each statement: one insert keeps all that it has written. */
export function historyTriggers(model: CollectionModel): Record<string, TriggerShape> {
  if (model.history === undefined) return {}
  const schema = model.table.slice(1, model.table.indexOf('".'))
  const trigger = (event: string, referencing: string, body: string): TriggerShape => ({
    event: `after ${event}`,
    each: 'statement',
    referencing,
    ...ownFunction(schema, `history_${event}`, body),
  })
  return {
    history_insert: trigger(
      'insert',
      'new table as written',
      keeping(model, keptRows(model, INSERTED) + isLast(model)),
    ),
    history_update: trigger(
      'update',
      'old table as replaced new table as written',
      keeping(model, `${unknownRows(model)}\n  union all ${keptRows(model, `'update'`)}${isLast(model)}`),
    ),
    history_delete: trigger('delete', 'old table as written', keeping(model, endedRows(model, 'written'))),
    history_truncate: {
      event: 'before truncate',
      each: 'statement',
      ...ownFunction(schema, 'history_truncate', keeping(model, endedRows(model, rowsOf(model)))),
    },
  }
}

/** One insert, in the order of its rows. No column of a document has two underscores side by side, as the variable. */
function keeping(model: CollectionModel, rows: string): string {
  const columns = storedFields(model.fields).map(({ column }) => quoteName(column))
  return `declare
  writers__ constant jsonb := nullif(current_setting('roadbase.written_by', true), '')::jsonb;
${isFollowing(model) ? CAUSER : ''}begin
  insert into ${historyTable(model)} (${columns.join(', ')}, ${AT}, ${BY}, ${ACTION})
  ${rows};
  return null;
end`
}

/** What comes back, from the trash or in an import, was made before it was last written. */
const INSERTED = `case when created_at = updated_at then 'create' else 'restore' end`

function keptRows(model: CollectionModel, action: string): string {
  return `select ${columnsOf(model, 'w')}, now(), ${writerOf(model)}, ${action} from written w`
}

/** Who writes the record, or has deleted what it goes with or lets go of. */
function writerOf(model: CollectionModel): string {
  const own = '(writers__ ->> w.id::text)::uuid'
  return isFollowing(model) ? `coalesce(${own}, causer__)` : own
}

const CAUSER = `  causer__ constant uuid := nullif(current_setting('roadbase.caused_by', true), '')::uuid;\n`

/** Whether the delete of another record may delete or change it. */
function isFollowing({ fields }: CollectionModel): boolean {
  return [...fields.values()].some(
    ({ reference, list }) => ((reference ?? list)?.onDelete ?? 'restrict') !== 'restrict',
  )
}

/** Records that expire end when their time comes, by nobody: whoever happens to need their place only sweeps them. */
function endedRows(model: CollectionModel, from: string): string {
  const field = expiryField(model)
  const of = `from ${from} w`
  if (field === undefined) return `select ${columnsOf(model, 'w')}, now(), ${writerOf(model)}, 'delete' ${of}`
  const column = `w.${quoteName(field.column)}`
  const choose = (expired: string, deleted: string) =>
    `case when ${hasCome(column)} then ${expired} else ${deleted} end`
  const known = [choose(column, 'now()'), choose('null', writerOf(model)), choose(`'expire'`, `'delete'`)]
  return `select ${columnsOf(model, 'w')}, ${known.join(', ')} ${of}`
}

/**
 * What a record was like before the history knew of it: from before there was one, or from a time without. It is found when it is
 * replaced, so that the way back is there from the first write on.
 */
function unknownRows(model: CollectionModel): string {
  return `select ${columnsOf(model, 'r')}, r.updated_at, null::uuid, ${FOUND}
  from replaced r where r.version > ${lastVersion(model, 'r.id')}`
}

/**
 * The entries of a list, as they are written, may write the record again, which is over before this statement is: nobody ever saw the
 * version in between.
 */
function isLast(model: CollectionModel): string {
  if (![...model.fields.values()].some(({ list }) => list !== undefined)) return ''
  return `\n  where exists (select from ${rowsOf(model)} t where t.id = w.id and t.version = w.version)`
}

function columnsOf({ fields }: CollectionModel, alias: string): string {
  return storedFields(fields)
    .map(({ column }) => `${alias}.${quoteName(column)}`)
    .join(', ')
}
