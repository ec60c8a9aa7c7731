import type { CheckedExpression } from '../../expr/index.ts'

/** `seed.yaml`, checked: sets of records that can be made on demand. */
export type SeedModel = ReadonlyMap<string, SeedSet>

export interface SeedSet {
  readonly name: string
  readonly entries: ReadonlyMap<string, SeedEntry>
  /** The sets that it stands on and itself, each after those that it stands on. */
  readonly sets: readonly string[]
  /** The records of all of these, each after those that it refers to. */
  readonly order: readonly SeedRecord[]
}

export interface SeedEntry {
  readonly name: string
  readonly collection: string
  /** Written as a list, and so answered. */
  readonly many: boolean
  readonly records: readonly SeedRecord[]
}

export interface SeedRecord {
  readonly set: string
  readonly name: string
  /** In the entry's list. */
  readonly position: number
  readonly collection: string
  /** JSON pointer into `seed.yaml`. */
  readonly pointer: string
  readonly values: ReadonlyMap<string, SeedValue>
  /** How many records it has to wait for, one after the other. Known once the order is. */
  readonly level: number
  /** Of a user who can log in with it. */
  readonly password?: string
}

export type SeedValue =
  /** In the form in which it is stored. */
  | { readonly literal: unknown }
  | { readonly expression: CheckedExpression }
  /** A list of references. */
  | { readonly items: readonly SeedReference[] }
  | SeedReference

/** What a seed refers to with. */
export type SeedReference =
  /** The id of a record that is there, in the form in which it is stored. */
  | { readonly literal: unknown }
  /** The id of another record of the sets. */
  | Pick<SeedRecord, 'set' | 'name' | 'position'>

/** The record that an entry has become. */
export interface Planted {
  readonly collection: string
  readonly id: string
}

/** One record among all of an app's sets. */
export function keyOf({ set, name, position }: Pick<SeedRecord, 'set' | 'name' | 'position'>): string {
  return `${set}/${name}/${position}`
}
