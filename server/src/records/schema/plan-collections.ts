import type { Plan, Refusal, Step } from '../../apps/section.ts'
import { quoteName } from '../../db/quote.ts'
import { below } from '../../errors/pointer.ts'
import { changeTable } from './change-table.ts'
import type { CollectionModels } from './check-collections.ts'
import { snapshotCollections } from './describe-table.ts'
import * as sql from './sql.ts'
import type { CollectionsSnapshot, TableShape } from './table-shape.ts'

/**
 * The steps from what is live to what the document says. Everything that keeps the data as they are is done: new collections,
 * fields, indexes and constraints. What rows that are there already could break is looked at in the same transaction, by a
 * step that refuses and says how many they are. What would lose or rewrite data is refused here.
 */
export function planCollections(live: unknown, models: CollectionModels, context: { readonly schema: string }): Plan {
  const { schema } = context
  const before = (live as CollectionsSnapshot | undefined)?.collections ?? {}
  const after = snapshotCollections(models).collections
  const created = Object.entries(after).filter(([name]) => before[name] === undefined)
  const kept = Object.entries(after).flatMap(([name, shape]) => {
    const old = before[name]
    return old === undefined ? [] : [changeTable(name, old, shape, schema)]
  })
  return {
    steps: [
      ...(live === undefined ? [{ title: `let the app's role make ids`, sql: sql.grantDefaults(schema) }] : []),
      ...created.flatMap(([name, shape]) => createCollection(name, shape, schema)),
      ...kept.flatMap(({ steps }) => steps),
      // Last, when every table is there: collections may refer to one another.
      ...created.flatMap(([name, shape]) => references(name, shape, schema)),
    ],
    refusals: [...droppedCollections(before, after), ...kept.flatMap(({ refusals }) => refusals)],
  }
}

function droppedCollections(
  before: CollectionsSnapshot['collections'],
  after: CollectionsSnapshot['collections'],
): Refusal[] {
  return Object.keys(before)
    .filter((name) => after[name] === undefined)
    .map((name) => ({
      pointer: below('/collections', name),
      message: `the collection '${name}' is gone from the document: dropping it would lose its records, and comes with plans and consent`,
    }))
}

function createCollection(name: string, shape: TableShape, schema: string): Step[] {
  const table = `${quoteName(schema)}.${quoteName(shape.table)}`
  const pointer = below('/collections', name)
  const statements = [
    ...(shape.ids === 'chosen' ? [sql.createVersionSequence(shape, schema)] : []),
    sql.createTable(table, shape),
    ...(shape.ids === 'chosen' ? [sql.ownVersionSequence(table, shape, schema)] : []),
    ...Object.entries(shape.indexes).map(([index, of]) => sql.createIndex(table, index, of)),
    ...Object.entries(shape.triggers).map(([trigger, of]) => sql.createTrigger(table, trigger, of)),
    sql.grantTable(table, schema),
  ]
  return [{ title: `create collection ${name}`, sql: statements.join(';\n'), pointer }]
}

function references(name: string, shape: TableShape, schema: string): Step[] {
  const table = `${quoteName(schema)}.${quoteName(shape.table)}`
  return Object.entries(shape.foreignKeys).map(([key, of]) => ({
    title: `let ${name} refer to ${of.table}`,
    sql: sql.addForeignKey(table, key, of, schema),
    pointer: below('/collections', name, 'schema', 'properties', shape.columns[of.column]?.field ?? of.column),
  }))
}
