import { quoteName } from '../../../db/quote.ts'
import { constrainEntries, createEntries, linkEntries } from '../entries.ts'
import * as sql from '../sql.ts'
import type { CollectionsSnapshot } from '../table-shape.ts'
import { showLiving } from './change-living.ts'
import { collectionPointer, describeCollection } from './describe-collection.ts'
import { fieldPointer, type Steps } from './table-change.ts'

type Collections = CollectionsSnapshot['collections']

/** A collection that is new. */
export function createTable(name: string, all: Collections, schema: string): Steps[] {
  const shape = all[name]
  if (shape === undefined) return []
  const table = `${quoteName(schema)}.${quoteName(shape.table)}`
  const statements = [
    ...(shape.ids === 'chosen' ? [sql.createVersionSequence(shape, schema)] : []),
    sql.createTable(table, shape),
    ...(shape.ids === 'chosen' ? [sql.ownVersionSequence(table, shape, schema)] : []),
    ...Object.entries(shape.sequences ?? {}).map(([sequence, of]) => sql.createSequence(table, schema, sequence, of)),
    ...Object.entries(shape.indexes).map(([index, of]) => sql.createIndex(table, index, of)),
    ...Object.entries(shape.triggers).map(([trigger, of]) => sql.createTrigger(table, trigger, of)),
    ...(shape.computed === undefined ? [] : [sql.createComputing(schema, shape)]),
    ...(shape.living === undefined ? [] : showLiving(schema, shape, shape.living)),
    ...(shape.isPrivate === true || shape.living !== undefined ? [] : [sql.grantTable(table, schema)]),
  ]
  const { noun, ...told } = describeCollection(name)
  const change = { action: 'create', ...told } as const
  const step = { title: `create ${noun}`, sql: statements.join(';\n'), pointer: collectionPointer(name) }
  return [{ create: [{ ...step, change }] }]
}

/** What a new collection refers to. */
export function referFrom(name: string, all: Collections, schema: string): Steps[] {
  const shape = all[name]
  if (shape === undefined) return []
  const table = `${quoteName(schema)}.${quoteName(shape.table)}`
  const refer = Object.entries(shape.foreignKeys).map(([key, of]) => ({
    title: `let ${name} refer to ${of.table}`,
    sql: sql.addForeignKey(table, key, of, schema),
    pointer: fieldPointer(name, shape.columns[of.column] ?? { field: of.column }),
    blocks: 'writes' as const,
  }))
  const lists = Object.entries(shape.lists ?? {}).map(([of, list]) => {
    const placed = { schema, table: shape.table, name: of, list }
    return {
      title: `let ${name} have a list of ${list.table}`,
      sql: [
        createEntries(placed, shape.storage),
        ...constrainEntries(placed),
        ...linkEntries(placed),
        sql.grantTable(`${quoteName(schema)}.${quoteName(of)}`, schema),
      ].join(';\n'),
      pointer: fieldPointer(name, shape.columns[list.column] ?? { field: list.column }),
      blocks: 'writes' as const,
    }
  })
  return [{ refer: [...refer, ...lists] }]
}
