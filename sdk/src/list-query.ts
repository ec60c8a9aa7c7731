import type { CollectionTypes } from './app-types.ts'
import { type AnyExpand, type Expand, expandText, type Fields, type OnlyRelations } from './expand.ts'
import { type Filter, filterText } from './filter.ts'
import { type SortableOf, type SortKey, sortText } from './sort-key.ts'
import type { CallOptions } from './transport.ts'

/** How records come back. */
export interface ReadOptions<C extends CollectionTypes, F extends Fields<C>, E extends Expand<C>> extends CallOptions {
  /** Only these fields. Default: all that the caller may read. */
  readonly fields?: F
  /** Related records, under `record.expand`: `['author']`, or `{ author: true, comments: { sort: '-createdAt', limit: 5 } }`. */
  readonly expand?: E & OnlyRelations<C, E>
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

export interface SearchOptions<C extends CollectionTypes, F extends Fields<C>, E extends Expand<C>>
  extends ListOptions<C, F, E> {
  /** Adds `_highlight` to the records. */
  readonly highlight?: boolean | undefined
}

/** What a search adds to a record. */
export interface Found {
  /** How well it fits what was looked for; records come with the best first, unless `sort` says otherwise. */
  readonly _score: number
  /** With `highlight`: parts of the texts that were searched, as HTML with `<mark>` around what was found. */
  readonly _highlight?: Readonly<Record<string, string | null>>
}

type TrashedOf<C extends CollectionTypes> = C extends { readonly trashed: infer T extends object }
  ? T
  : C['record'] & Deleted

/** What a record has in the trash beside its own fields. */
export interface Deleted {
  readonly deletedAt: string
  /** The user; null where it was nobody of the app. */
  readonly deletedBy: string | null
}

/** The records of a collection as they lie in its trash. */
export interface InTrash<C extends CollectionTypes> {
  readonly record: TrashedOf<C>
  readonly create: C['create']
  readonly update: C['update']
  readonly expand: C extends { readonly expand: infer E extends object } ? E : object
  readonly sort: SortableOf<C> | keyof Deleted
}

export type AnyListOptions = Omit<
  ListOptions<{ record: object; create: object; update: object }, undefined, undefined>,
  'sort' | 'fields' | 'expand'
> & {
  readonly sort?: string | readonly string[] | undefined
  readonly fields?: readonly string[] | undefined
  readonly expand?: AnyExpand | undefined
  readonly search?: string | undefined
  readonly highlight?: boolean | undefined
}

/** The query parameters of a list. */
export function listQuery(options: AnyListOptions): Record<string, string | number | undefined> {
  const { filter, sort, limit, cursor, count, search, highlight } = options
  return {
    filter: filterText(filter),
    sort: sortText(sort),
    ...readQuery(options),
    limit,
    cursor,
    count,
    search,
    highlight: highlight === true ? 'true' : undefined,
  }
}

/** The query parameters of anything that answers with records. */
export function readQuery(options: Pick<AnyListOptions, 'fields' | 'expand'>): Record<string, string | undefined> {
  return { fields: options.fields?.join(','), expand: expandText(options.expand) }
}
