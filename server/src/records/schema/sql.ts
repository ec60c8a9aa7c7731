import { quoteName, quoteText } from '../../db/quote.ts'
import { rangeSql } from '../exclude-range.ts'
import { fuzzySql, type SearchWeight, vectorSql } from '../search-sql.ts'
import { COMPUTE, computingFunction } from './computed-sql.ts'
import { primaryKeyName, slugOf, versionSequence } from './describe-table.ts'
import { isToCome, ownName } from './expiry.ts'
import type {
  ColumnShape,
  ExcludeShape,
  ForeignKeyShape,
  IndexShape,
  SequenceShape,
  TableShape,
  TriggerShape,
  ViewShape,
} from './table-shape.ts'
import { createFunction, dropFunction } from './trigger-function.ts'

/** Statements that make and change the tables of collections. `table` is quoted and qualified everywhere. */

/** A step that has no more to do. */
export const NOTHING = 'select 1'

export function createTable(table: string, shape: TableShape): string {
  const columns = Object.entries(shape.columns).map(([name, column]) => columnDefinition(name, column))
  const checks = Object.entries(shape.checks).map(([name, { sql }]) => `constraint ${quoteName(name)} check (${sql})`)
  const excludes = Object.entries(shape.excludes ?? {}).map(
    ([name, exclude]) => `constraint ${quoteName(name)} ${exclusion(exclude)}`,
  )
  const key = `constraint ${quoteName(primaryKeyName(ownName(shape)))} primary key (${(shape.key ?? ['id']).map(quoteName).join(', ')})`
  const kind = shape.storage === 'memory' ? 'create unlogged table' : 'create table'
  return `${kind} ${table} (\n  ${[...columns, key, ...checks, ...excludes].join(',\n  ')}\n)`
}

/** One sequence per collection with chosen ids, gone with its table. */
export function createVersionSequence(shape: TableShape, schema: string): string {
  return `create sequence ${versionSequence(ownName(shape), schema)} as bigint`
}

export function ownVersionSequence(table: string, shape: TableShape, schema: string): string {
  return `alter sequence ${versionSequence(ownName(shape), schema)} owned by ${table}.version`
}

/**
 * The sequence of a numbered column, which goes with it. It goes on behind the numbers that are there. What is left of counters whose
 * sequences are gone is cleared away.
 */
export function createSequence(table: string, schema: string, name: string, sequence: SequenceShape): string {
  const { column, start, step, reads } = sequence
  const qualified = `${quoteName(schema)}.${quoteName(name)}`
  return [
    'delete from roadbase.counters c where not exists (select from pg_class where oid = c.sequence)',
    `create sequence ${qualified} as bigint start ${start} minvalue 0 increment ${step} owned by ${table}.${quoteName(column)}`,
    `select setval(${quoteText(qualified)}::regclass, (select coalesce(max(${reads}) + ${step}, ${start}) from ${table}), false)`,
  ].join(';\n')
}

export function dropSequence(schema: string, name: string): string {
  const qualified = `${quoteName(schema)}.${quoteName(name)}`
  return [
    `delete from roadbase.counters where sequence = ${quoteText(qualified)}::regclass`,
    `drop sequence ${qualified}`,
  ].join(';\n')
}

/**
 * SQL of documents runs as the app's role. It reaches whole rows, hidden fields too: rules guard callers, and SQL is written
 * by the app's author. Sessions and passwords are not in these tables.
 */
export function grantTable(table: string, role: string): string {
  return `grant select, insert, update, delete on ${table} to ${quoteName(role)}`
}

/**
 * A view belongs to the app's role and reads with its rights: of this app's tables, and nothing else. PostgreSQL's own names come first, as
 * they did when the query was described.
 */
export function createView(schema: string, { view, query, materialized }: ViewShape): string {
  const [app, name] = [quoteName(schema), `${quoteName(schema)}.${quoteName(view)}`]
  const kind = materialized === undefined ? 'view' : 'materialized view'
  return [
    `set local search_path = pg_catalog, ${app}, pg_temp`,
    `create ${kind} ${name} as\n${query}${materialized === undefined ? '' : '\nwith no data'}`,
    'set local search_path = pg_catalog, pg_temp',
    ...(materialized === undefined ? [] : indexesOfView(name, view, materialized.indexes)),
    `grant create on schema ${app} to ${app}`,
    `alter ${kind} ${name} owner to ${app}`,
    `revoke create on schema ${app} from ${app}`,
    ...(materialized === undefined ? [] : [refreshView(name), noteRefresh(schema, view)]),
  ].join(';\n')
}

/** A refresh beside readers tells rows apart by a unique index. */
function indexesOfView(name: string, view: string, indexes: Readonly<Record<string, IndexShape>>): string[] {
  return [
    `create unique index ${quoteName(primaryKeyName(view))} on ${name} (id)`,
    ...Object.entries(indexes).map(([index, shape]) => createIndex(name, index, shape)),
  ]
}

/** `concurrently`: others read it meanwhile, as it was. */
export function refreshView(name: string, how: '' | 'concurrently' = ''): string {
  return `refresh materialized view ${how === '' ? '' : 'concurrently '}${name}`
}

function noteRefresh(schema: string, view: string): string {
  return (
    `insert into roadbase.view_refreshes (app, view, refreshed_at) values (${quoteText(slugOf(schema))}, ${quoteText(view)}, now()) ` +
    'on conflict (app, view) do update set refreshed_at = now(), failed_at = null, error = null'
  )
}

export function dropView(schema: string, view: string): string {
  return `drop view ${quoteName(schema)}.${quoteName(view)}`
}

export function dropQuery(schema: string, { view, materialized }: ViewShape): string {
  if (materialized === undefined) return dropView(schema, view)
  const name = `${quoteName(schema)}.${quoteName(view)}`
  const forget = `delete from roadbase.view_refreshes where app = ${quoteText(slugOf(schema))} and view = ${quoteText(view)}`
  return `drop materialized view ${name};\n${forget}`
}

/** The default of id columns: defaults run as whoever inserts. */
export function grantDefaults(role: string): string {
  return `grant execute on function roadbase.uuid_v7() to ${quoteName(role)}`
}

export function addColumn(table: string, name: string, column: ColumnShape): string {
  return `alter table ${table} add column ${columnDefinition(name, column)}`
}

export function setNotNull(table: string, column: string, notNull: boolean): string {
  return `alter table ${table} alter column ${quoteName(column)} ${notNull ? 'set' : 'drop'} not null`
}

export function setDefault(table: string, column: string, value: string | undefined): string {
  const change = value === undefined ? 'drop default' : `set default ${value}`
  return `alter table ${table} alter column ${quoteName(column)} ${change}`
}

export function createIndex(table: string, name: string, index: IndexShape, how: '' | 'concurrently' = ''): string {
  if (index.search !== undefined) {
    return `create index${how === '' ? '' : ` ${how}`} ${quoteName(name)} on ${table} using gin (${searched(index, index.search)})`
  }
  const columns = index.columns.map(({ column, descending }) => `${quoteName(column)}${descending ? ' desc' : ''}`)
  const where = index.where === undefined ? '' : ` where ${index.where}`
  if (index.ranges === true) {
    return `create index${how === '' ? '' : ` ${how}`} ${quoteName(name)} on ${table} using brin (${columns.join(', ')}) with (autosummarize = on)`
  }
  if (index.overlaps === true) {
    return `create index${how === '' ? '' : ` ${how}`} ${quoteName(name)} on ${table} using gist (${columns.join(', ')})${where}`
  }
  const kind = `${index.unique ? 'unique ' : ''}index${how === '' ? '' : ` ${how}`}`
  return `create ${kind} ${quoteName(name)} on ${table} (${columns.join(', ')})${where}`
}

function searched({ columns }: IndexShape, search: NonNullable<IndexShape['search']>): string {
  const names = columns.map(({ column }) => column)
  if (search === 'trigrams') return `${fuzzySql(names)} roadbase.gin_trgm_ops`
  const weighted = names.map((column, index) => ({ column, weight: search.weights[index] as SearchWeight }))
  return vectorSql({ language: search.language, columns: weighted })
}

export function dropIndex(schema: string, name: string): string {
  return `drop index ${quoteName(schema)}.${quoteName(name)}`
}

/** `not valid` holds from now on, and looks at no row that is there. */
export function addCheck(table: string, name: string, sql: string, how: '' | 'not valid' = ''): string {
  return `alter table ${table} add constraint ${quoteName(name)} check (${sql})${how === '' ? '' : ` ${how}`}`
}

/** Can't be built while others write, as an index can: PostgreSQL makes no exclusion constraint of an index that is there. */
export function addExclude(table: string, name: string, exclude: ExcludeShape): string {
  return `alter table ${table} add constraint ${quoteName(name)} ${exclusion(exclude)}`
}

function exclusion(exclude: ExcludeShape): string {
  const elements = [...exclude.key.map((column) => `${quoteName(column)} with =`), `${rangeOf(exclude)} with &&`]
  const where = exclude.where === undefined ? '' : ` where (${exclude.where})`
  return `exclude using gist (${elements.join(', ')})${where}`
}

/** Over columns of the row. */
export function rangeOf(exclude: ExcludeShape): string {
  return rangeSql(exclude, exclude.range.map(quoteName))
}

/**
 * An extension that comes with PostgreSQL, for what `user` names. Who owns the database may make it. Two loads at once may both find it
 * missing.
 */
export function makeExtension(extension: 'btree_gist' | 'pg_trgm', user: string): string {
  const message = `${user} needs an extension of PostgreSQL: run CREATE EXTENSION ${extension} WITH SCHEMA roadbase; in this database as a superuser, and load the app again`
  return `do $extension$
begin
  if not exists (select from pg_extension where extname = '${extension}') then
    create extension ${extension} with schema roadbase;
  end if;
exception
  when unique_violation or duplicate_object then null;
  when insufficient_privilege or undefined_file or feature_not_supported then
    raise exception using errcode = '${REFUSED}', message = ${quoteText(message)};
end
$extension$`
}

/**
 * `restrict` is `no action`: both refuse, but this one looks when the statement is over, so that one delete may take
 * both ends of a reference with it.
 */
export function addForeignKey(table: string, name: string, key: ForeignKeyShape, schema: string): string {
  const target = `${quoteName(schema)}.${quoteName(key.table)}`
  const action = { cascade: 'cascade', restrict: 'no action', setNull: 'set null' }[key.onDelete]
  return `alter table ${table} add constraint ${quoteName(name)} foreign key (${quoteName(key.column)}) references ${target} (id) on delete ${action}`
}

export function dropConstraint(table: string, name: string): string {
  return `alter table ${table} drop constraint ${quoteName(name)}`
}

export function createTrigger(table: string, name: string, trigger: TriggerShape): string {
  const rows = trigger.referencing === undefined ? '' : ` referencing ${trigger.referencing}`
  return [
    ...createFunction(trigger),
    `create trigger ${quoteName(name)} ${trigger.event} on ${table}${rows} for each ${trigger.each ?? 'row'} ${trigger.action}`,
  ].join(';\n')
}

/**
 * The trigger that makes the computed columns, whoever writes, and its function. Texts of SQL that our own code has made, as an
 * assignment each: PL/pgSQL evaluates what has no subselect without a query (measured in docs/decisions/0031-computed-fields.md). As the
 * owner: the role of an app, which writes too, reaches no function of the system.
 */
export function createComputing(schema: string, shape: TableShape): string {
  const name = `${quoteName(schema)}.${quoteName(computingFunction(shape.table))}`
  const lines = (shape.computed ?? []).map(({ column, sql }) => `  new.${quoteName(column)} := ${sql};\n`)
  const body = `\nbegin\n${lines.join('')}  return new;\nend\n`
  return [
    `create function ${name}() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as ${quoteText(body)}`,
    `revoke all on function ${name}() from public`,
    `create trigger ${quoteName(COMPUTE)} before insert or update on ${quoteName(schema)}.${quoteName(shape.table)} for each row execute function ${name}()`,
  ].join(';\n')
}

export function dropComputing(schema: string, table: string): string {
  return [
    `drop trigger ${quoteName(COMPUTE)} on ${quoteName(schema)}.${quoteName(table)}`,
    `drop function ${quoteName(schema)}.${quoteName(computingFunction(table))}()`,
  ].join(';\n')
}

/** Of the rows that are there, by that trigger alone: nobody has changed these records. */
export function computeAll(table: string): string {
  return [
    `alter table ${table} disable trigger user`,
    `alter table ${table} enable trigger ${quoteName(COMPUTE)}`,
    `update ${table} set id = id`,
    `alter table ${table} enable trigger user`,
  ].join(';\n')
}

export function dropTrigger(table: string, name: string, trigger: TriggerShape): string {
  return [`drop trigger ${quoteName(name)} on ${table}`, ...dropFunction(trigger)].join(';\n')
}

/** `column`: the time of a row, from which on it is not shown. */
export function createLivingView(view: string, table: string, columns: readonly string[], column: string): string {
  return `create view ${view} as select ${columns.map(quoteName).join(', ')} from ${table} where ${isToCome(quoteName(column))}`
}

/** Our own, so that the loader shows the message as it is: it counts rows and holds none of their data. */
const REFUSED = 'RB002'

/**
 * Stops the load when rows that are there already forbid what follows, and says how many.
 * It locks the table first: no row can come between the count and the change. `message` has one `%s` for the count.
 */
export function refuseWhile(table: string, count: string, message: string): string {
  return refusing(count, message, [`lock table ${table} in access exclusive mode`])
}

/** The same while everybody goes on, and then a statement. (No column of a document has two underscores side by side, as our variable.) */
export function refuseOr(count: string, message: string, then?: string): string {
  return refusing(count, message, [], then)
}

function refusing(count: string, message: string, first: readonly string[], then?: string): string {
  return `do $guard$
declare
  counted__rows bigint;
begin
${first.map((statement) => `  ${statement};\n`).join('')}  counted__rows := (${count});
  if counted__rows > 0 then
    raise exception using errcode = '${REFUSED}', message = format(${quoteText(message)}, counted__rows);
  end if;
${then === undefined ? '' : `  ${then};\n`}end
$guard$`
}

/** What the same count says without a lock: one row, `refusal`. */
export function lookFor(count: string, message: string): string {
  return `select case when found.rows > 0 then format(${quoteText(message)}, found.rows) end as refusal from (select (${count}) as rows) as found`
}

export function renameTable(table: string, to: string): string {
  return `alter table ${table} rename to ${quoteName(to)}`
}

export function renameColumn(table: string, from: string, to: string): string {
  return `alter table ${table} rename column ${quoteName(from)} to ${quoteName(to)}`
}

export function renameConstraint(table: string, from: string, to: string): string {
  return `alter table ${table} rename constraint ${quoteName(from)} to ${quoteName(to)}`
}

export function renameTrigger(table: string, from: string, to: string): string {
  return `alter trigger ${quoteName(from)} on ${table} rename to ${quoteName(to)}`
}

export function renameIndex(schema: string, from: string, to: string): string {
  return `alter index ${quoteName(schema)}.${quoteName(from)} rename to ${quoteName(to)}`
}

export function renameSequence(schema: string, from: string, to: string): string {
  return `alter sequence ${quoteName(schema)}.${quoteName(from)} rename to ${quoteName(to)}`
}

/** Records from before a time with chosen ids keep theirs; what comes is above all of them, and above what the sequence gave. */
export function advanceVersions(table: string, sequence: string): string {
  return `select setval(${quoteText(sequence)}::regclass, greatest((select coalesce(max(version), 0) from ${table}), (select last_value from ${sequence})) + 1, false)`
}

export function primaryKeyOf(shape: TableShape): string {
  return primaryKeyName(ownName(shape))
}

/** A create that is sent again is known by the collection's name. Together, for two may be exchanged for one another. */
export function renameIdempotencyKeys(
  app: string,
  renames: readonly { readonly from: string; readonly to: string }[],
): string {
  const cases = renames.map(({ from, to }) => `when ${quoteText(from)} then ${quoteText(to)}`).join(' ')
  const names = renames.map(({ from }) => quoteText(from)).join(', ')
  // A new name may be one that keys of a collection gone for long still have.
  const others = renames.map(({ to }) => quoteText(to)).join(', ')
  return `delete from roadbase.idempotency_keys where app = ${quoteText(app)} and route in (${others}) and route not in (${names});
update roadbase.idempotency_keys set route = case route ${cases} end where app = ${quoteText(app)} and route in (${names})`
}

export function revokeTable(table: string, role: string): string {
  return `revoke all on ${table} from ${quoteName(role)}`
}

export function setStorage(table: string, storage: TableShape['storage']): string {
  return `alter table ${table} set ${storage === 'memory' ? 'unlogged' : 'logged'}`
}

export function dropColumn(table: string, name: string): string {
  return `alter table ${table} drop column ${quoteName(name)}`
}

/**
 * Values of rows that are there, written behind the back of our triggers: nobody has changed these records. `from` is another query
 * with an `id`, which `value` may speak of.
 */
export function fillColumn(
  table: string,
  column: string,
  value: string,
  where: string,
  from?: { readonly name: string; readonly query: string },
): string {
  const joined = from === undefined ? '' : ` from (${from.query}) as ${from.name}`
  const condition = from === undefined ? where : `${from.name}.id = t.id and ${where}`
  return behindTriggers(table, `update ${table} as t set ${quoteName(column)} = ${value}${joined} where ${condition}`)
}

export function behindTriggers(table: string, statement: string): string {
  return [`alter table ${table} disable trigger user`, statement, `alter table ${table} enable trigger user`].join(
    ';\n',
  )
}

function columnDefinition(name: string, column: ColumnShape): string {
  const preset = column.default === undefined ? '' : ` default ${column.default}`
  return `${quoteName(name)} ${column.type}${column.notNull ? ' not null' : ''}${preset}`
}

export function validateConstraint(table: string, name: string): string {
  return `alter table ${table} validate constraint ${quoteName(name)}`
}

export function dropConstraintIfThere(table: string, name: string): string {
  return `alter table if exists ${table} drop constraint if exists ${quoteName(name)}`
}

export function dropIndexConcurrently(schema: string, name: string): string {
  return `drop index concurrently if exists ${quoteName(schema)}.${quoteName(name)}`
}
