import { quoteName, quoteText } from '../../db/quote.ts'
import { versionSequence } from './describe-table.ts'
import { objectName } from './naming.ts'
import type { CheckShape, ColumnShape, ForeignKeyShape, IndexShape, TableShape, TriggerShape } from './table-shape.ts'

/** Statements that make and change the tables of collections. `table` is quoted and qualified everywhere. */

export function createTable(table: string, shape: TableShape): string {
  const columns = Object.entries(shape.columns).map(([name, column]) => columnDefinition(name, column))
  const checks = Object.entries(shape.checks).map(([name, { sql }]) => `constraint ${quoteName(name)} check (${sql})`)
  const key = `constraint ${quoteName(objectName(shape.table, 'pk', []))} primary key (id)`
  const kind = shape.storage === 'memory' ? 'create unlogged table' : 'create table'
  return `${kind} ${table} (\n  ${[...columns, key, ...checks].join(',\n  ')}\n)`
}

/** One sequence per collection with chosen ids, gone with its table. */
export function createVersionSequence(shape: TableShape, schema: string): string {
  return `create sequence ${versionSequence(shape.table, schema)} as bigint`
}

export function ownVersionSequence(table: string, shape: TableShape, schema: string): string {
  return `alter sequence ${versionSequence(shape.table, schema)} owned by ${table}.version`
}

/**
 * SQL of documents runs as the app's role. It reaches whole rows, hidden fields too: rules guard callers, and SQL is written
 * by the app's author. Sessions and passwords are not in these tables.
 */
export function grantTable(table: string, role: string): string {
  return `grant select, insert, update, delete on ${table} to ${quoteName(role)}`
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

export function createIndex(table: string, name: string, index: IndexShape): string {
  const columns = index.columns.map(({ column, descending }) => `${quoteName(column)}${descending ? ' desc' : ''}`)
  const where = index.where === undefined ? '' : ` where ${index.where}`
  return `create ${index.unique ? 'unique ' : ''}index ${quoteName(name)} on ${table} (${columns.join(', ')})${where}`
}

export function dropIndex(schema: string, name: string): string {
  return `drop index ${quoteName(schema)}.${quoteName(name)}`
}

export function addCheck(table: string, name: string, check: CheckShape): string {
  return `alter table ${table} add constraint ${quoteName(name)} check (${check.sql})`
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
  return `create trigger ${quoteName(name)} ${trigger.event} on ${table} for each row ${trigger.action}`
}

export function dropTrigger(table: string, name: string): string {
  return `drop trigger ${quoteName(name)} on ${table}`
}

/** Our own, so that the loader shows the message as it is: it counts rows and holds none of their data. */
const REFUSED = 'RB002'

/**
 * Stops the load when rows that are there already forbid what follows, and says how many.
 * It locks the table first: no row can come between the count and the change. `message` has one `%s` for the count.
 */
export function refuseWhile(table: string, count: string, message: string): string {
  return `do $guard$
declare
  rows bigint;
begin
  lock table ${table} in access exclusive mode;
  rows := (${count});
  if rows > 0 then
    raise exception using errcode = '${REFUSED}', message = format(${quoteText(message)}, rows);
  end if;
end
$guard$`
}

function columnDefinition(name: string, column: ColumnShape): string {
  const preset = column.default === undefined ? '' : ` default ${column.default}`
  return `${quoteName(name)} ${column.type}${column.notNull ? ' not null' : ''}${preset}`
}
