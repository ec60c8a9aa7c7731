import type { CollectionTypes } from './app-types.ts'

export type NameIn<T> = keyof T & string

export type FieldOf<C extends CollectionTypes> = NameIn<C['record']>

export type SortableOf<C extends CollectionTypes> = C extends { readonly sort: infer S extends string } ? S : FieldOf<C>

/** `author.name`, `address.city`: what filters may name, one step below a field; further steps, or where that is not told, are not looked at. */
type PathOf<C extends CollectionTypes> = C extends { readonly filter: infer F extends object }
  ? { [K in NameIn<F>]: Below<K, NonNullable<F[K]>> }[NameIn<F>]
  : `${FieldOf<C>}.${string}`

type Below<K extends string, V> = V extends string | number | boolean | readonly unknown[]
  ? never
  : V extends object
    ? `${K}.${NameIn<V>}` | `${K}.${NameIn<V>}.${string}`
    : never

/** `title`, `-createdAt` for the other way round, `due:nullsLast`, `author.name`. */
export type SortKey<C extends CollectionTypes> =
  `${'' | '-'}${SortableOf<C> | PathOf<C>}${'' | ':nullsFirst' | ':nullsLast'}`

/** As the query parameter has it. */
export function sortText(sort: string | readonly string[] | undefined): string | undefined {
  return typeof sort === 'string' ? sort : sort?.join(',')
}
