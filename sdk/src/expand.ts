import type { CollectionTypes } from './app-types.ts'
import { type Filter, filterText } from './filter.ts'
import { type FieldOf, type NameIn, type SortKey, sortText } from './sort-key.ts'

export type Fields<C extends CollectionTypes> = readonly FieldOf<C>[] | undefined

/** Names of relations, or an object that says of each how its records come. */
export type Expand<C extends CollectionTypes> = readonly RelationOf<C>[] | ExpandTree<C> | undefined

/** Not an empty object where there are no relations, which would take anything. */
export type ExpandTree<C extends CollectionTypes> = [RelationOf<C>] extends [never]
  ? never
  : { readonly [K in RelationOf<C>]?: true | ExpandOptions<TargetOf<C, K>, RecordsOf<C>[K]> }

/** `filter`, `fields`, `expand`; of a list of records also `sort` and `limit`. */
export type ExpandOptions<C extends CollectionTypes, R> = RecordOptions<C> &
  (unknown extends R ? ListedOptions<C> : R extends readonly unknown[] ? ListedOptions<C> : unknown)

interface RecordOptions<C extends CollectionTypes> {
  readonly filter?: Filter | undefined
  readonly fields?: Fields<C>
  readonly expand?: Expand<C>
}

interface ListedOptions<C extends CollectionTypes> {
  readonly sort?: SortKey<C> | readonly SortKey<C>[] | undefined
  /** 1 to 100. Default: 20. */
  readonly limit?: number | undefined
}

/** A record as the options `fields` and `expand` shape it. A reference that is null, or to what is hidden, brings nothing. */
export type Shaped<C extends CollectionTypes, F, E> = (F extends readonly (infer N)[]
  ? Pick<C['record'], N & keyof C['record']>
  : C['record']) &
  Expanded<C, E>

type Expanded<C extends CollectionTypes, E> = E extends readonly (infer N)[]
  ? { readonly expand: { readonly [K in N & RelationOf<C>]: Brought<C, K, true> } }
  : E extends object
    ? { readonly expand: { readonly [K in keyof E & RelationOf<C>]: Brought<C, K, E[K]> } }
    : unknown

type Brought<C extends CollectionTypes, K extends RelationOf<C>, O> = RecordsOf<C>[K] extends readonly (infer R)[]
  ? readonly Part<C, K, R, O>[]
  : Part<C, K, RecordsOf<C>[K], O> | undefined

type Part<C extends CollectionTypes, K extends RelationOf<C>, R, O> = O extends
  | { readonly fields: unknown }
  | { readonly expand: unknown }
  ? Shaped<TargetOf<C, K>, Option<O, 'fields'>, Option<O, 'expand'>>
  : R

type Option<O, N extends string> = O extends { readonly [K in N]: infer V } ? V : undefined

/** Refuses names that are no relations, which a type parameter would let pass. */
export type OnlyRelations<C extends CollectionTypes, E> = E extends readonly unknown[]
  ? unknown
  : { readonly [K in Exclude<keyof E, RelationOf<C>>]: never }

type RecordsOf<C extends CollectionTypes> = C extends { readonly expand: infer E } ? E : Record<never, never>
type RelationOf<C extends CollectionTypes> = NameIn<RecordsOf<C>>

/** The collection that a relation leads to; where the types do not tell, what they tell of its record. */
type TargetOf<C extends CollectionTypes, K extends RelationOf<C>> = C extends {
  readonly relations: { readonly [N in K]: infer T extends CollectionTypes }
}
  ? T
  : Untold<RecordsOf<C>[K] extends readonly (infer R)[] ? R : RecordsOf<C>[K]>

interface Untold<R> {
  readonly record: R extends object ? R : Readonly<Record<string, unknown>>
  readonly create: object
  readonly update: object
  readonly expand: Readonly<Record<string, unknown>>
}

export type AnyExpand = readonly string[] | { readonly [relation: string]: true | AnyExpandOptions | undefined }

interface AnyExpandOptions {
  readonly filter?: Filter | undefined
  readonly sort?: string | readonly string[] | undefined
  readonly limit?: number | undefined
  readonly fields?: readonly string[] | undefined
  readonly expand?: AnyExpand | undefined
}

/** As the query parameter has it: `author,comments(filter:status == 'ok';sort:-createdAt;limit:5;expand:author)`. */
export function expandText(expand: AnyExpand | undefined): string | undefined {
  if (expand === undefined) return undefined
  const relations = isNames(expand)
    ? expand
    : Object.entries(expand).flatMap(([name, options]) =>
        options === undefined ? [] : [name + optionsText(options === true ? {} : options)],
      )
  return relations.length === 0 ? undefined : relations.join(',')
}

function isNames(expand: AnyExpand): expand is readonly string[] {
  return Array.isArray(expand)
}

function optionsText({ filter, sort, limit, fields, expand }: AnyExpandOptions): string {
  const options = {
    filter: filterText(filter),
    sort: sortText(sort),
    limit,
    fields: fields?.join(','),
    expand: expandText(expand),
  }
  const texts = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]))
  return texts.length === 0 ? '' : `(${texts.join(';')})`
}
