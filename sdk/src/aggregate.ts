import type { CollectionTypes } from './app-types.ts'
import { type Filter, filterText } from './filter.ts'
import type { CallOptions } from './transport.ts'

type NameIn<T> = keyof T & string
type FieldOf<C extends CollectionTypes> = NameIn<C['record']>
type Scalar = string | number | boolean | null
type Unit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour'

/** `count`, `sum(amount)`, `avg(price)`, `min(dueAt)`, `max(dueAt)`, `count(distinct author)`; of expressions, too. */
export type AggregateText<C extends CollectionTypes> =
  | 'count'
  | `${'count' | 'sum' | 'avg' | 'min' | 'max'}(${FieldOf<C>})`
  | `count(distinct ${FieldOf<C>})`
  | `${'count' | 'sum' | 'avg' | 'min' | 'max'}(${string})`

/** A field, `month(createdAt, 'Europe/Berlin')`, or an expression. */
export type GroupText<C extends CollectionTypes> = FieldOf<C> | `${Unit}(${string})` | (string & {})

/** Results by the names that they get. */
export type Select<C extends CollectionTypes> = Readonly<Record<string, AggregateText<C>>>

/** Names of fields, or keys by the names that they get. */
export type GroupBy<C extends CollectionTypes> =
  | readonly FieldOf<C>[]
  | Readonly<Record<string, GroupText<C>>>
  | undefined

export interface AggregateOptions<C extends CollectionTypes, S extends Select<C>, G extends GroupBy<C>>
  extends CallOptions {
  readonly select: S
  readonly groupBy?: G
  /** Which records count. */
  readonly filter?: Filter | undefined
  /** Only records in which these words are count. */
  readonly search?: string | undefined
  /** Which groups are wanted: a filter over the results, by name. */
  readonly having?: Filter | undefined
  /** Names of results, `-total` for the other way round. Without it, and where they are equal, by the keys of the groups. */
  readonly sort?: string | readonly string[] | undefined
  /** How many of the first, 1 to 1000. Without it all are wanted, and more than 1000 are refused. */
  readonly limit?: number | undefined
}

/** One group: its keys and results. Sums and averages of int64 and decimal are texts, with every digit. */
export type AggregateItem<C extends CollectionTypes, S, G> = Keys<C, G> & {
  readonly [N in NameIn<S>]: ResultOf<C, S[N]>
}

type Keys<C extends CollectionTypes, G> = G extends readonly (infer F)[]
  ? { readonly [N in F & FieldOf<C>]: KeyOf<C, N> }
  : G extends Readonly<Record<string, string>>
    ? { readonly [N in NameIn<G>]: KeyOf<C, G[N]> }
    : unknown

type KeyOf<C extends CollectionTypes, T> =
  T extends FieldOf<C> ? Value<C, T> | null : T extends `${Unit}(${string})` ? string | null : Scalar

type ResultOf<C extends CollectionTypes, T> = T extends 'count' | `count(${string})`
  ? number
  : T extends `${'sum' | 'avg'}(${infer F})`
    ? F extends FieldOf<C>
      ? (Value<C, F> extends number ? number : string) | null
      : number | string | null
    : T extends `${'min' | 'max'}(${infer F})`
      ? F extends FieldOf<C>
        ? Value<C, F> | null
        : Scalar
      : Scalar

type Value<C extends CollectionTypes, F> = NonNullable<C['record'][F & keyof C['record']]>

export interface DistinctOptions extends CallOptions {
  readonly filter?: Filter | undefined
  /** Only in records in which these words are. */
  readonly search?: string | undefined
  /** `desc`: the greatest first. */
  readonly order?: 'asc' | 'desc' | undefined
  /** As of an aggregate. */
  readonly limit?: number | undefined
}

export type AnyAggregateOptions = Omit<
  AggregateOptions<CollectionTypes, Select<CollectionTypes>, undefined>,
  'groupBy'
> & {
  readonly groupBy?: readonly string[] | Readonly<Record<string, string>> | undefined
}

type Query = Record<string, string | number | undefined>

/** The query parameters of an aggregate. */
export function aggregateQuery({ select, groupBy, filter, search, having, sort, limit }: AnyAggregateOptions): Query {
  return {
    select: named(select),
    groupBy: groupBy === undefined || isList(groupBy) ? groupBy?.join(',') : named(groupBy),
    filter: filterText(filter),
    search,
    having: filterText(having),
    sort: typeof sort === 'string' ? sort : sort?.join(','),
    limit,
  }
}

/** The query parameters of a question for the values of a field. */
export function distinctQuery(field: string, { filter, search, order, limit }: DistinctOptions): Query {
  return { field, filter: filterText(filter), search, sort: order === 'desc' ? `-${field}` : undefined, limit }
}

function named(texts: Readonly<Record<string, string>>): string | undefined {
  const items = Object.entries(texts).map(([name, text]) => {
    if (!/^[A-Za-z]\w*$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name for a result`)
    return `${text} as ${name}`
  })
  return items.length === 0 ? undefined : items.join(',')
}

function isList(value: readonly string[] | Readonly<Record<string, string>>): value is readonly string[] {
  return Array.isArray(value)
}
