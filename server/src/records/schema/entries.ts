import { quoteName, quoteText } from '../../db/quote.ts'
import { UUID_PATTERN } from '../../db/uuid.ts'
import { objectName } from './naming.ts'
import type { ListShape, TableShape } from './table-shape.ts'

/**
 * The entries of a list of references: one row for each, with foreign keys to both sides. What triggers do between them and the
 * column of the list: migrations/0015-lists-of-references.sql, 0017 and 0020.
 */
export function listName(table: string, column: string): string {
  return objectName(table, 'list', [column])
}

/** What belongs to a table of entries, by the names in PostgreSQL. */
export function entryNames(entries: string) {
  return {
    primaryKey: objectName(entries, 'pk', []),
    unique: objectName(entries, 'unique', []),
    position: objectName(entries, 'check', ['position']),
    index: objectName(entries, 'index', []),
    owner: objectName(entries, 'fk', ['owner']),
    target: objectName(entries, 'fk', ['target']),
  }
}

/** A list of a table that is there: names unquoted, in the schema. */
export interface PlacedList {
  readonly schema: string
  /** The table that has the list. */
  readonly table: string
  /** The table of the entries. */
  readonly name: string
  readonly list: ListShape
}

export function createEntries({ schema, name, list }: PlacedList, storage: TableShape['storage']): string {
  const { primaryKey, unique, position } = entryNames(name)
  const { types } = list
  const kind = storage === 'memory' ? 'create unlogged table' : 'create table'
  const lines = [
    `owner ${types.owner} not null`,
    'position integer not null',
    `target ${types.target} not null`,
    `constraint ${quoteName(primaryKey)} primary key (owner, position)`,
    `constraint ${quoteName(position)} check (position >= 0)`,
    // Looked at when a statement is over: entries that change places are never twice in the list.
    ...(list.unique ? [`constraint ${quoteName(unique)} unique (owner, target) deferrable`] : []),
  ]
  return `${kind} ${at(schema, name)} (\n  ${lines.join(',\n  ')}\n)`
}

/** Of what the column has. */
export function fillEntries({ schema, table, name, list }: PlacedList): string {
  return `insert into ${at(schema, name)} (owner, position, target)
select t.id, e.n - 1, ${idOf('e.v', list)} from ${at(schema, table)} t, jsonb_array_elements(t.${quoteName(list.column)}) with ordinality e(v, n)`
}

/** Keys and indexes, which are quicker to make once the rows are there. */
export function constrainEntries({ schema, table, name, list }: PlacedList): string[] {
  const { owner, target, index } = entryNames(name)
  const key = (constraint: string, column: string, to: string, action: string) =>
    `alter table ${at(schema, name)} add constraint ${quoteName(constraint)} foreign key (${column}) references ${at(schema, to)} (id) on delete ${action}`
  return [
    `create index ${quoteName(index)} on ${at(schema, name)} (target, owner)`,
    key(owner, 'owner', table, 'cascade'),
    // As of single references, refusing looks when the statement is over.
    key(target, 'target', list.table, list.onDelete === 'remove' ? 'cascade' : 'no action'),
  ]
}

/** On both sides: whichever is written, the other follows. */
export function linkEntries({ schema, table, name, list }: PlacedList): string[] {
  const column = quoteName(list.column)
  const writing = `(${[name, list.column, castType(list.types.target)].map(quoteText).join(', ')})`
  const follow = `execute function roadbase.follow_list(${[table, list.column].map(quoteText).join(', ')})`
  const { inserted, updated } = triggersOf(name)
  const owner = at(schema, table)
  const entries = at(schema, name)
  return [
    `create trigger ${quoteName(inserted)} after insert on ${owner} referencing new table as added for each statement execute function roadbase.write_lists${writing}`,
    `create trigger ${quoteName(updated)} after update on ${owner} for each row when (old.${column} is distinct from new.${column}) execute function roadbase.write_list${writing}`,
    `create trigger follow_insert after insert on ${entries} referencing new table as changed for each statement ${follow}`,
    `create trigger follow_update after update on ${entries} referencing old table as gone new table as changed for each statement ${follow}`,
    `create trigger follow_delete after delete on ${entries} referencing old table as changed for each statement ${follow}`,
    `create trigger follow_truncate after truncate on ${entries} for each statement ${follow}`,
    ...(list.living === undefined ? [] : [refuseExpired(schema, name, list.living)]),
    `comment on table ${entries} is ${quoteText(`The entries of ${table}.${list.column}: whichever is written, the other follows.`)}`,
  ]
}

/** They speak of both tables and of the column by name. */
export function unlinkEntries({ schema, table, name }: Omit<PlacedList, 'list'>): string[] {
  const { inserted, updated } = triggersOf(name)
  return [
    ...[inserted, updated].map((trigger) => `drop trigger ${quoteName(trigger)} on ${at(schema, table)}`),
    ...['insert', 'update', 'delete', 'truncate'].map((event) => `drop trigger follow_${event} on ${at(schema, name)}`),
    `drop trigger if exists expired_target on ${at(schema, name)}`,
  ]
}

/** No entry is made of a record that has expired, as {@link referenceTrigger} has it of single references. */
function refuseExpired(schema: string, name: string, living: string): string {
  const args = [at(schema, living), 'target', entryNames(name).target].map(quoteText).join(', ')
  return `create trigger expired_target after insert or update of target on ${at(schema, name)} for each row execute function roadbase.refuse_reference_to_expired(${args})`
}

export function dropEntries({ schema, table, name }: Omit<PlacedList, 'list'>): string[] {
  const { inserted, updated } = triggersOf(name)
  return [
    ...[inserted, updated].map((trigger) => `drop trigger ${quoteName(trigger)} on ${at(schema, table)}`),
    `drop table ${at(schema, name)}`,
  ]
}

/** How many records have a list with something in it that is no entry. */
export function countUnfit({ schema, table, list }: PlacedList): string {
  const column = `t.${quoteName(list.column)}`
  const doubles = `(select count(*) <> count(distinct e.v) from jsonb_array_elements(${column}) e(v))`
  const unfit = [`exists (${lostElements(schema, column, list)})`, ...(list.unique ? [doubles] : [])]
  return `select count(*) from ${at(schema, table)} t where case jsonb_typeof(${column}) when 'array' then ${unfit.join(' or ')} else true end`
}

/** The column without what refers to nothing, each id as the target has it; and where something has to be done for it. */
export function withoutLost(schema: string, list: ListShape): { readonly value: string; readonly where: string } {
  const column = `t.${quoteName(list.column)}`
  const found = `(select coalesce(jsonb_agg(r.id order by e.n), '[]') from jsonb_array_elements(${column}) with ordinality e(v, n) join ${at(schema, list.table)} r on r.id = ${idOf('e.v', list)})`
  return { value: found, where: `${column} is distinct from ${found}` }
}

function lostElements(schema: string, column: string, list: ListShape): string {
  return `select from jsonb_array_elements(${column}) e(v) where not exists (select from ${at(schema, list.table)} r where r.id = ${idOf('e.v', list)})`
}

function idOf(element: string, { types }: Pick<ListShape, 'types'>): string {
  return entryId(element, types.target)
}

/** An element as an id of the target's type; NULL for what is none. */
export function entryId(element: string, target: string): string {
  const text = `(${element} #>> '{}')`
  const type = castType(target)
  if (type === 'uuid') return `substring(lower(${text}) from ${quoteText(UUID_PATTERN)})::uuid`
  return type === 'bigint' ? `substring(${text} from '^-?[0-9]{1,18}$')::bigint` : text
}

/** A collation belongs to the column. */
function castType(type: string): string {
  return type.replace(/ collate .*$/, '')
}

/** On the table that has the list. */
function triggersOf(name: string) {
  return { inserted: objectName(name, 'list', ['inserted']), updated: objectName(name, 'list', ['updated']) }
}

function at(schema: string, name: string): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}
