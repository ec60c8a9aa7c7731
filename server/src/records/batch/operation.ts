import type { Collection } from '../collection.ts'

export const KINDS = ['create', 'update', 'replace', 'upsert', 'delete'] as const

export type Kind = (typeof KINDS)[number]

export type Data = Readonly<Record<string, unknown>> | readonly unknown[]

/** One operation of a batch, well-formed; its values are not looked at yet, and may hold `{"$ref": name}`. */
export interface Operation {
  readonly kind: Kind
  readonly collection: Collection
  /** `/operations/1` */
  readonly pointer: string
  /** By which name later operations refer to the record. */
  readonly as?: string
  /** A list: the JSON patch of an update. */
  readonly data: Data
  /** Of the record that is there: a text, a number, or a reference. */
  readonly id?: unknown
  readonly ifMatch?: string
  readonly by?: string
}
