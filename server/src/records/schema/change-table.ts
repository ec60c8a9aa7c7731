import type { Plan, Refusal, Step } from '../../apps/section.ts'
import { quoteName } from '../../db/quote.ts'
import { below } from '../../errors/pointer.ts'
import * as sql from './sql.ts'
import type { ColumnShape, IndexShape, TableShape } from './table-shape.ts'

interface Change {
  readonly collection: string
  readonly old: TableShape
  readonly next: TableShape
  /** Quoted and qualified. */
  readonly table: string
  readonly schema: string
}

/** The difference of one table. */
export function changeTable(collection: string, old: TableShape, next: TableShape, schema: string): Plan {
  const change: Change = { collection, old, next, table: `${quoteName(schema)}.${quoteName(next.table)}`, schema }
  const refusals = refuse(change)
  if (refusals.length > 0) return { steps: [], refusals }
  return {
    steps: [
      ...dropWhatChanged(change),
      ...columns(change),
      ...addChecks(change),
      ...addIndexes(change),
      ...addForeignKeys(change),
      ...added(old.triggers, next.triggers).map(([name, trigger]) => ({
        title: `add trigger ${name} to ${collection}`,
        sql: sql.createTrigger(change.table, name, trigger),
      })),
    ],
    refusals: [],
  }
}

const LATER = 'and comes with plans and consent'

function refuse({ collection, old, next }: Change): Refusal[] {
  const pointer = below('/collections', collection)
  const refusals: Refusal[] = []
  if (old.storage !== next.storage) {
    refusals.push({
      pointer: below(pointer, 'storage'),
      message: `changing where records are kept rewrites the table, ${LATER}`,
    })
  }
  if (old.ids !== next.ids) {
    refusals.push({
      pointer: below(pointer, 'id'),
      message: `changing where ids come from rewrites the table, ${LATER}`,
    })
  }
  for (const [name, column] of Object.entries(old.columns)) {
    const now = next.columns[name]
    if (now === undefined) {
      const message = `the field '${column.field}' is gone from the document: dropping it would lose its values, ${LATER}`
      refusals.push({ pointer: below(pointer, 'schema', 'properties', column.field), message })
    } else if (now.type !== column.type || now.json !== column.json) {
      const message = `'${now.field}' would change its type from ${typeName(column)} to ${typeName(now)}: that rewrites its values, ${LATER}`
      refusals.push({ pointer: fieldPointer(collection, now), message })
    }
  }
  return refusals
}

function typeName(column: ColumnShape): string {
  return column.json === undefined || column.json === 'any' ? column.type : `${column.type} (${column.json})`
}

function dropWhatChanged({ collection, old, next, table, schema }: Change): Step[] {
  const step = (kind: string, name: string, text: string) => ({
    title: `drop ${kind} ${name} of ${collection}`,
    sql: text,
  })
  return [
    ...removed(old.foreignKeys, next.foreignKeys).map((name) =>
      step('reference', name, sql.dropConstraint(table, name)),
    ),
    ...removed(old.checks, next.checks).map((name) => step('check', name, sql.dropConstraint(table, name))),
    ...removed(old.indexes, next.indexes).map((name) => step('index', name, sql.dropIndex(schema, name))),
    ...removed(old.triggers, next.triggers).map((name) => step('trigger', name, sql.dropTrigger(table, name))),
  ]
}

function columns(change: Change): Step[] {
  return Object.entries(change.next.columns).flatMap(([name, column]) => {
    const before = change.old.columns[name]
    return before === undefined ? newColumn(change, name, column) : changedColumn(change, name, before, column)
  })
}

function newColumn({ collection, table }: Change, name: string, column: ColumnShape): Step[] {
  const pointer = fieldPointer(collection, column)
  const add = { title: `add field ${column.field} to ${collection}`, sql: sql.addColumn(table, name, column), pointer }
  if (!column.notNull || column.default !== undefined) return [add]
  const message = `'${column.field}' is required and has no default; records of ${collection} that are there already: %s`
  return [guard(`see that ${collection} is empty`, table, `select count(*) from ${table}`, message, pointer), add]
}

function changedColumn({ collection, table }: Change, name: string, before: ColumnShape, column: ColumnShape): Step[] {
  const pointer = fieldPointer(collection, column)
  const steps: Step[] = []
  if (before.default !== column.default) {
    steps.push({
      title: `change the default of ${collection}.${column.field}`,
      sql: sql.setDefault(table, name, column.default),
      pointer,
    })
  }
  if (before.notNull === column.notNull) return steps
  if (column.notNull) {
    const count = `select count(*) from ${table} where ${quoteName(name)} is null`
    steps.push(
      guard(
        `see that every record has ${column.field}`,
        table,
        count,
        `records of ${collection} that have no '${column.field}': %s`,
        pointer,
      ),
    )
  }
  const title = `make ${collection}.${column.field} ${column.notNull ? 'required' : 'optional'}`
  return [...steps, { title, sql: sql.setNotNull(table, name, column.notNull), pointer }]
}

function addChecks({ collection, old, next, table }: Change): Step[] {
  return added(old.checks, next.checks).flatMap(([name, check]) => {
    const column = Object.values(next.columns).find(({ field }) => field === check.field)
    const pointer = column === undefined ? below('/collections', collection, 'check') : fieldPointer(collection, column)
    const add = { title: `add check ${name} to ${collection}`, sql: sql.addCheck(table, name, check), pointer }
    const isNew = column !== undefined && !Object.values(old.columns).some(({ field }) => field === column.field)
    if (isNew && column.default === undefined) return [add]
    const what = column === undefined ? 'break the check' : `have a '${column.field}' that the schema no longer allows`
    // As a constraint, true and unknown pass.
    const count = `select count(*) from ${table} where (${check.sql}) is false`
    return [
      guard(
        `see that records of ${collection} meet ${name}`,
        table,
        count,
        `records of ${collection} that ${what}: %s`,
        pointer,
      ),
      add,
    ]
  })
}

function addIndexes({ collection, old, next, table }: Change): Step[] {
  return added(old.indexes, next.indexes).flatMap(([name, index]) => {
    const pointer = below('/collections', collection, index.unique ? 'unique' : 'index')
    const add = {
      title: `add ${index.unique ? 'unique ' : ''}index ${name} to ${collection}`,
      sql: sql.createIndex(table, name, index),
      pointer,
    }
    if (!index.unique) return [add]
    const fields = index.columns.map(({ column }) => next.columns[column]?.field ?? column).join(', ')
    const message = `records of ${collection} that have the same ${fields} as another: %s`
    return [
      guard(`see that ${fields} is unique in ${collection}`, table, countDoubles(table, index), message, pointer),
      add,
    ]
  })
}

function countDoubles(table: string, index: IndexShape): string {
  const columns = index.columns.map(({ column }) => quoteName(column))
  const conditions = [
    ...columns.map((column) => `${column} is not null`),
    ...(index.where === undefined ? [] : [index.where]),
  ]
  const groups = `select count(*) - 1 as more from ${table} where ${conditions.join(' and ')} group by ${columns.join(', ')} having count(*) > 1`
  return `select coalesce(sum(more), 0) from (${groups}) as doubles`
}

function addForeignKeys({ collection, old, next, table, schema }: Change): Step[] {
  return added(old.foreignKeys, next.foreignKeys).flatMap(([name, key]) => {
    const field = next.columns[key.column]?.field ?? key.column
    const pointer = below('/collections', collection, 'schema', 'properties', field)
    const add = {
      title: `let ${collection}.${field} refer to ${key.table}`,
      sql: sql.addForeignKey(table, name, key, schema),
      pointer,
    }
    if (old.foreignKeys[name]?.table === key.table || old.columns[key.column] === undefined) return [add]
    const target = `${quoteName(schema)}.${quoteName(key.table)}`
    const column = `t.${quoteName(key.column)}`
    const count = `select count(*) from ${table} as t where ${column} is not null and not exists (select from ${target} as r where r.id = ${column})`
    const message = `records of ${collection} whose '${field}' is no record of ${key.table}: %s`
    return [guard(`see that every ${collection}.${field} is there`, table, count, message, pointer), add]
  })
}

function guard(title: string, table: string, count: string, message: string, pointer: string): Step {
  return { title, sql: sql.refuseWhile(table, count, message), pointer }
}

function fieldPointer(collection: string, column: ColumnShape): string {
  if (column.field === 'id') return below('/collections', collection, 'id')
  return below('/collections', collection, 'schema', 'properties', column.field)
}

type Named<T> = Readonly<Record<string, T>>

/** What is there no more, or not as it was. */
function removed<T>(old: Named<T>, next: Named<T>): string[] {
  return Object.keys(old).filter((name) => !isSame(old[name], next[name]))
}

function added<T>(old: Named<T>, next: Named<T>): [string, T][] {
  return Object.entries(next).filter(([name, value]) => !isSame(old[name], value))
}

/** Both are made by the same code, so equal shapes have equal texts; a stored one comes back from `jsonb` with its keys in another order. */
function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      isPlain(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner,
    ) ?? ''
  )
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
