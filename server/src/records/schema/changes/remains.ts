import type { Remain } from '../../../apps/section.ts'
import type { ColumnShape, TableShape } from '../table-shape.ts'
import { describeCollection } from './describe-collection.ts'

/**
 * What the plans of an app's collections remember beside the snapshot of what is live: what lies hidden, and what things were
 * called before. Plain JSON, kept by the app from version to version.
 */
export interface CollectionRemains {
  readonly format: 1
  /** Of collections that are live, by name; those with nothing to remember are not in it. */
  readonly live: Readonly<Record<string, CollectionMemory>>
  /** Collections out of sight, the newest last. */
  readonly hidden: readonly HiddenTable[]
}

/** How something came to its name. */
export interface Past {
  /** The first version that had it; absent: it was there from the app's first. */
  readonly since?: number
  /** Its values were free keys before. */
  readonly promoted?: true
  /** Newest first. `until` is the first version that called it otherwise. */
  readonly formerly?: readonly { readonly name: string; readonly until: number }[]
}

export interface CollectionMemory extends Past {
  readonly fields?: Readonly<Record<string, Past>>
  /** Columns of its table that no field has, the newest last. */
  readonly columns?: readonly HiddenColumn[]
  /** The sequence of its versions, from a time when ids were chosen. */
  readonly sequence?: { readonly name: string; readonly version: number }
  /** Where its rows are called otherwise than the collection: the name in PostgreSQL, unquoted. */
  readonly table?: string
}

export interface HiddenColumn {
  /** `values`: what a field held before a change of its type that lost something. */
  readonly kind: 'field' | 'values'
  readonly field: string
  /** Its name in PostgreSQL, unquoted. */
  readonly column: string
  readonly type: ColumnType
  /** Of `values`: the column that they were the values of, by its name in PostgreSQL now. */
  readonly of?: string
  /** Of `values`: the types that they were changed into, one after the other. */
  readonly became?: readonly ColumnType[]
  /** The last version that showed it. */
  readonly version: number
  readonly past?: Past
}

export type ColumnType = Pick<ColumnShape, 'type' | 'json'>

export interface HiddenTable {
  readonly collection: string
  /** Its name in PostgreSQL, unquoted. */
  readonly table: string
  /** The version that hid it: part of the names of its indexes. */
  readonly hiddenIn: number
  /** As it was, under its own names. */
  readonly shape: TableShape
  /** The last version that showed it. */
  readonly version: number
  readonly memory?: CollectionMemory
  /** Of a trash or a history: the table out of sight that it belongs to. Absent: its collection is live. */
  readonly of?: string
}

const NOTHING: CollectionRemains = { format: 1, live: {}, hidden: [] }

export function readRemains(stored: unknown): CollectionRemains {
  return stored === undefined || stored === null ? NOTHING : (stored as CollectionRemains)
}

/** What lies hidden, for people. */
export function listRemains(stored: unknown): Remain[] {
  const { live, hidden } = readRemains(stored)
  return [
    ...hidden.map(({ collection, version }) => {
      const { kind, name } = describeCollection(collection)
      return { kind, name, version }
    }),
    ...Object.entries(live).flatMap(([collection, memory]) => hiddenOf(collection, memory)),
  ]
}

function hiddenOf(collection: string, { columns = [], sequence }: CollectionMemory): Remain[] {
  return [
    ...columns.map(({ kind, field, version }) => ({ kind, name: `${collection}.${field}`, version })),
    ...(sequence === undefined ? [] : [{ kind: 'versions', name: collection, version: sequence.version }]),
  ]
}

/** What is remembered once everything hidden is gone: names. Undoing a rename loses nothing, so it stays possible. */
export function afterPurge(stored: unknown): CollectionRemains {
  const live = Object.entries(readRemains(stored).live).flatMap(([name, memory]) => {
    const { columns: _columns, sequence: _sequence, table: _table, ...past } = memory
    return Object.keys(past).length === 0 ? [] : [[name, past] as const]
  })
  return { format: 1, live: Object.fromEntries(live), hidden: [] }
}
