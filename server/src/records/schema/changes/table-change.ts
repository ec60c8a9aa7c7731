import type { Step } from '../../../apps/section.ts'
import { below } from '../../../errors/pointer.ts'
import { FREE } from '../../model.ts'
import { ownerOf } from '../companions.ts'
import type { ColumnShape, TableShape } from '../table-shape.ts'
import type { CollectionMemory, HiddenColumn } from './remains.ts'

/** A table that is there, and what it is to become. */
export interface TableChange {
  readonly collection: string
  /** What the collection is called in the live version. */
  readonly former: string
  readonly schema: string
  /** The version that is being made. */
  readonly version: number
  /** Quoted and qualified, as it will be called; it is so from the renames on. */
  readonly table: string
  readonly isRestored: boolean
  /** As it is, with the names that things have in PostgreSQL. */
  readonly old: TableShape
  readonly primaryKey: string
  /** The sequence of its versions, where ids are chosen. */
  readonly sequence: string | undefined
  readonly next: TableShape
  /** In the order of the next version. */
  readonly columns: readonly ColumnChange[]
  /** Columns that go out of sight, by their name in PostgreSQL. */
  readonly gone: readonly (readonly [string, ColumnShape])[]
  /** Computed ones that go for good, likewise. */
  readonly dropped: readonly (readonly [string, ColumnShape])[]
  /** Of those that go out of sight, those that were free keys once and are so again. */
  readonly demotes?: readonly (readonly [string, ColumnShape])[]
  readonly memory: CollectionMemory
}

export interface ColumnChange {
  readonly name: string
  readonly column: ColumnShape
  readonly pointer: string
  /** What it is now; absent where it is new. */
  readonly from?: { readonly name: string; readonly column: ColumnShape; readonly hidden?: HiddenColumn }
  /** SQL over the row `t` for records that have no value. */
  readonly fill?: string
  /** Its values were free keys until now. */
  readonly promotes?: true
  /** Its values are computed anew. */
  readonly computes?: true
  /** A query that `fill` speaks of by this name, one row for each `id`. */
  readonly fillFrom?: { readonly name: string; readonly query: string }
}

/**
 * What is done when. In one transaction, all tables together: what one phase does to a table may need what the phase before has done to
 * another (references, and backfills that look things up).
 */
export const phases = ['drop', 'hide', 'rename', 'create', 'type', 'fill', 'require', 'index', 'refer'] as const

export type Phase = (typeof phases)[number]

export type Steps = Partial<Readonly<Record<Phase | 'before', readonly Step[]>>>

export function isRetyped({ column, from }: ColumnChange): boolean {
  return from !== undefined && (from.column.type !== column.type || from.column.json !== column.json)
}

export function fieldPointer(name: string, { field }: Pick<ColumnShape, 'field'>): string {
  const collection = ownerOf(name)
  if (field === 'id') return below('/collections', collection, 'id')
  if (field === FREE) return below('/collections', collection, 'schema', 'additionalProperties')
  return below('/collections', collection, 'schema', 'properties', field)
}
