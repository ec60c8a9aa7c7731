import type { RangeBounds, RangeType } from '../model.ts'

/**
 * What the database has of a collection, as plain JSON: stored with each version of an app, and compared with the next one.
 * It holds names and SQL, so that no later change of the code can mistake what is live.
 */
export interface TableShape {
  /** Unquoted, in the app's schema. */
  readonly table: string
  /** As the document had it; a rename that the live version tells has been done. */
  readonly renamedFrom?: string
  readonly storage: 'durable' | 'memory'
  readonly ids: 'generated' | 'chosen'
  /** Columns of the primary key; absent = `id`. */
  readonly key?: readonly string[]
  /** Not for SQL of documents. */
  readonly isPrivate?: true
  readonly columns: Readonly<Record<string, ColumnShape>>
  readonly indexes: Readonly<Record<string, IndexShape>>
  readonly checks: Readonly<Record<string, CheckShape>>
  readonly foreignKeys: Readonly<Record<string, ForeignKeyShape>>
  /** By name: what stands after `create trigger <name>` up to `on`, and after `for each row`. */
  readonly triggers: Readonly<Record<string, TriggerShape>>
  /** Exclusion constraints; absent where there are none. */
  readonly excludes?: Readonly<Record<string, ExcludeShape>>
  /** Of numbered columns; absent where there are none. */
  readonly sequences?: Readonly<Record<string, SequenceShape>>
  /** What triggers hold to zero; absent where there is nothing. */
  readonly ledger?: LedgerShape
  /** What a trigger makes of the other columns, each behind those that it is made of. Absent where there is nothing. */
  readonly computed?: readonly ComputedShape[]
  /** Of records that expire: `table` has all of them, and a view under the collection's name those whose time has not come. */
  readonly living?: LivingShape
  /** Lists of references, by the table of their entries (unquoted). Absent where there are none. */
  readonly lists?: Readonly<Record<string, ListShape>>
}

export interface ColumnShape {
  /** The field's name in the document. */
  readonly field: string
  readonly renamedFrom?: string
  readonly type: string
  /** Tells objects from arrays, which are both `jsonb`. */
  readonly json?: 'object' | 'array' | 'any'
  readonly notNull: boolean
  readonly default?: string
}

export interface IndexShape {
  readonly unique: boolean
  /** An inverted index of what is in the columns: their words, or the trigrams of their texts. */
  readonly search?: { readonly language: string; readonly weights: string } | 'trigrams'
  /** What is least and most in each range of pages (BRIN), of columns that grow as rows are added. */
  readonly ranges?: true
  /** By what overlaps and what holds a value (GiST), of ranges. */
  readonly overlaps?: true
  readonly columns: readonly { readonly column: string; readonly descending: boolean }[]
  readonly where?: string
}

export interface CheckShape {
  readonly sql: string
  /** The field it belongs to; absent for the document's own checks. */
  readonly field?: string
}

export interface ForeignKeyShape {
  readonly column: string
  /** The table it points to. */
  readonly table: string
  readonly onDelete: 'cascade' | 'restrict' | 'setNull'
}

export interface LivingShape {
  /** Unquoted, in the app's schema: what the table would be called without it. */
  readonly view: string
  /** The time of a row. */
  readonly column: string
}

export interface ListShape {
  /** Of the owner: the ids in their order. */
  readonly column: string
  /** The table that the entries point to. */
  readonly table: string
  /** Types of the ids, of the owner and of the target. */
  readonly types: { readonly owner: string; readonly target: string }
  readonly unique: boolean
  readonly onDelete: 'remove' | 'restrict'
  /** The view of its living rows, where those of the target expire. */
  readonly living?: string
}

export interface TriggerShape {
  readonly event: string
  readonly action: string
  /** PL/pgSQL: the function in `action` is its own, see `trigger-function.ts`. */
  readonly body?: string
  /** Absent: for each row. */
  readonly each?: 'statement'
  /** The tables that hold what a statement has changed: `new table as new_rows`. */
  readonly referencing?: string
}

export interface ComputedShape {
  readonly column: string
  /** Over the row `new`. */
  readonly sql: string
}

export interface SequenceShape {
  readonly column: string
  readonly start: number
  readonly step: number
  /** SQL over the row: the number in what it has. */
  readonly reads: string
  /** Counted without gaps: by these columns and parts of the time. */
  readonly per?: readonly string[]
}

/** Columns: rows with equal `per` have values of `sum` that add up to zero. */
export interface LedgerShape {
  readonly sum: string
  readonly per: readonly string[]
}

/** No two rows that meet `where` have equal keys and ranges that overlap. A NULL in the key is equal to nothing, one in the range is no bound. */
export interface ExcludeShape {
  /** Columns. */
  readonly key: readonly string[]
  /** Two columns, or one that is a range. */
  readonly range: readonly [from: string, until: string] | readonly [range: string]
  readonly type: RangeType
  readonly bounds: RangeBounds
  readonly where?: string
}

/** A collection whose records are the rows of a query. */
export interface ViewShape {
  /** Unquoted, in the app's schema. */
  readonly view: string
  /** Names tables without their schema. */
  readonly query: string
  /** The tables and views that it reads, unquoted. */
  readonly reads: readonly string[]
  /** Its rows are kept, with these indexes beside that of the ids. */
  readonly materialized?: { readonly indexes: Readonly<Record<string, IndexShape>> }
}

/** Tables by collection name. Format 1 was the same without `renamedFrom`. */
export interface CollectionsSnapshot {
  readonly format: 2
  readonly collections: Readonly<Record<string, TableShape>>
  /** Absent where there are none. */
  readonly views?: Readonly<Record<string, ViewShape>>
}

/** What was stored with the live version, by this server or an older one; undefined for a new app. */
export function readSnapshot(live: unknown): CollectionsSnapshot | undefined {
  if (live === undefined || live === null) return undefined
  const { format, collections, views } = live as { readonly format: number } & Omit<CollectionsSnapshot, 'format'>
  if (format !== 1 && format !== 2) throw new Error(`The collections were stored by a newer server (format ${format})`)
  return { format: 2, collections, ...(views === undefined ? {} : { views }) }
}
