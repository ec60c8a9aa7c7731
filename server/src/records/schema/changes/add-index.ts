import type { Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import { companionOf } from '../companions.ts'
import * as sql from '../sql.ts'
import type { IndexShape } from '../table-shape.ts'
import { collectionPointer } from './describe-collection.ts'
import { guard } from './guard.ts'
import { comingName } from './names.ts'
import type { TableChange } from './table-change.ts'

/** Everybody goes on meanwhile. One that broke off is left as an invalid index, which `undo` drops. */
export function buildBefore(change: TableChange, now: string, name: string, index: IndexShape): Step[] {
  const coming = comingName(name)
  const pointer = indexPointer(change, index)
  const { count, message, title } = doubles(change, now, index)
  const look: Step = {
    title,
    sql: sql.refuseOr(count, message),
    pointer,
    look: sql.lookFor(count, message),
    work: { kind: 'scan', table: now },
    before: { undo: sql.NOTHING },
  }
  return [
    ...(index.unique ? [look] : []),
    {
      title: `build ${index.unique ? 'unique ' : ''}index ${name} of ${change.collection}`,
      sql: sql.createIndex(now, coming, index, 'concurrently'),
      pointer,
      work: { kind: 'build', table: now },
      before: { undo: sql.dropIndexConcurrently(change.schema, coming) },
    },
  ]
}

/** What `buildBefore` has made gets its name. */
export function takeIndex(change: TableChange, name: string, index: IndexShape): Step {
  return {
    title: indexTitle(change, name, index),
    sql: sql.renameIndex(change.schema, comingName(name), name),
    pointer: indexPointer(change, index),
    change: { action: 'create', kind: 'index', name: `${change.collection}.${name}` },
  }
}

/** In the transaction, of columns that change in it. */
export function addIndex(change: TableChange, name: string, index: IndexShape): Step[] {
  const { table, collection } = change
  const pointer = indexPointer(change, index)
  const add: Step = {
    title: indexTitle(change, name, index),
    sql: sql.createIndex(table, name, index),
    pointer,
    change: { action: 'create', kind: 'index', name: `${collection}.${name}` },
    blocks: 'writes',
    work: { kind: 'build', table },
  }
  if (!index.unique) return [add]
  const { count, message, title } = doubles(change, table, index)
  return [guard(title, table, count, message, pointer), add]
}

function indexTitle({ collection }: TableChange, name: string, { unique }: IndexShape): string {
  return `add ${unique ? 'unique ' : ''}index ${name} to ${collection}`
}

function indexPointer({ collection }: TableChange, { unique, search }: IndexShape): string {
  if (companionOf(collection) !== undefined) return collectionPointer(collection)
  if (search !== undefined) return below('/collections', collection, 'search')
  return below('/collections', collection, unique ? 'unique' : 'index')
}

function doubles({ collection, next }: TableChange, table: string, index: IndexShape) {
  const columns = index.columns.map(({ column }) => quoteName(column))
  const conditions = [
    ...columns.map((column) => `${column} is not null`),
    ...(index.where === undefined ? [] : [index.where]),
  ]
  const groups = `select count(*) - 1 as more from ${table} where ${conditions.join(' and ')} group by ${columns.join(', ')} having count(*) > 1`
  const fields = index.columns.map(({ column }) => next.columns[column]?.field ?? column).join(', ')
  return {
    count: `select coalesce(sum(more), 0) from (${groups}) as doubles`,
    message: `records of ${collection} that have the same ${fields} as another: %s`,
    title: `see that ${fields} is unique in ${collection}`,
  }
}
