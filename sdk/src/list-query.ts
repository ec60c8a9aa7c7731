import type { CollectionTypes } from './app-types.ts'
import { Filter } from './filter.ts'
import type { CallOptions } from './transport.ts'

type NameIn<T> = keyof T & string

type FieldOf<C extends CollectionTypes> = NameIn<C['record']>
type ExpandOf<C extends CollectionTypes> = C extends { readonly expand: infer E } ? NameIn<E> : never

type SortableOf<C extends CollectionTypes> = C extends { readonly sort: infer S extends string } ? S : FieldOf<C>

/** `title`, `-createdAt` for the other way round, `due:nullsLast`. */
export type SortKey<C extends CollectionTypes> = `${'' | '-'}${SortableOf<C>}${'' | ':nullsFirst' | ':nullsLast'}`

export type Fields<C extends CollectionTypes> = readonly FieldOf<C>[] | undefined
export type Expand<C extends CollectionTypes> = readonly ExpandOf<C>[] | undefined

/** How records come back. */
export interface ReadOptions<C extends CollectionTypes, F extends Fields<C>, E extends Expand<C>> extends CallOptions {
  /** Only these fields. Default: all that the caller may read. */
  readonly fields?: F
  /** The records that these fields refer to, under `record.expand`. */
  readonly expand?: E
}

export interface ListOptions<C extends CollectionTypes, F extends Fields<C>, E extends Expand<C>>
  extends ReadOptions<C, F, E> {
  readonly filter?: Filter | undefined
  readonly sort?: SortKey<C> | readonly SortKey<C>[] | undefined
  /** Records per page, 1 to 500. Default: 50. */
  readonly limit?: number | undefined
  /** `nextCursor` of the page before; all other options must be the same. */
  readonly cursor?: string | undefined
  /** Adds `total` to the page. */
  readonly count?: 'exact' | 'estimated' | undefined
}

/** A record as the options `fields` and `expand` shape it. A reference that is null or hidden expands to null. */
export type Shaped<C extends CollectionTypes, F, E> = (F extends readonly (infer N)[]
  ? Pick<C['record'], N & keyof C['record']>
  : C['record']) &
  (E extends readonly (infer N)[]
    ? { readonly expand: { readonly [K in N & keyof C['expand']]: C['expand'][K] | null } }
    : unknown)

export type AnyListOptions = Omit<
  ListOptions<{ record: object; create: object; update: object }, undefined, undefined>,
  'sort' | 'fields' | 'expand'
> & {
  readonly sort?: string | readonly string[] | undefined
  readonly fields?: readonly string[] | undefined
  readonly expand?: readonly string[] | undefined
}

/** The query parameters of a list. */
export function listQuery(options: AnyListOptions): Record<string, string | number | undefined> {
  const { filter, sort, limit, cursor, count } = options
  return {
    filter: filterText(filter),
    sort: typeof sort === 'string' ? sort : sort?.join(','),
    ...readQuery(options),
    limit,
    cursor,
    count,
  }
}

/** The query parameters of anything that answers with records. */
export function readQuery(options: Pick<AnyListOptions, 'fields' | 'expand'>): Record<string, string | undefined> {
  return { fields: options.fields?.join(','), expand: options.expand?.join(',') }
}

/** A plain string is refused although it could be sent: it is how values get into expressions unescaped. */
export function filterText(filter: Filter | undefined): string | undefined {
  if (filter === undefined) return undefined
  const source = Filter.sourceOf(filter)
  if (source === undefined) throw new TypeError('A filter is made with filter`…`, or with rawFilter(text)')
  return source
}
