import {
  type AggregateItem,
  type AggregateOptions,
  type AnyAggregateOptions,
  aggregateQuery,
  type DistinctOptions,
  distinctQuery,
  type GroupBy,
  type Select,
} from './aggregate.ts'
import type { CollectionTypes } from './app-types.ts'
import type { Expand, Fields, Shaped } from './expand.ts'
import { createFields, type FieldsOf } from './field-reference.ts'
import { type Filter, filterText } from './filter.ts'
import type { PatchOperation } from './json-patch.ts'
import {
  type AnyListOptions,
  type Found,
  type InTrash,
  type ListOptions,
  listQuery,
  type ReadOptions,
  readQuery,
  type SearchOptions,
} from './list-query.ts'
import type { WithOperators } from './operators.ts'
import { segment } from './path.ts'
import { RoadbaseError } from './roadbase-error.ts'
import {
  type AnyExportOptions,
  type AnyImportOptions,
  type ExportOptions,
  exportFile,
  type ImportFile,
  type ImportOptions,
  type ImportResult,
  importFile,
} from './transfer.ts'
import type { CallOptions, Send } from './transport.ts'

/** One page of a list. */
export interface Page<R> {
  readonly items: readonly R[]
  /** Where the next page starts; null on the last one. */
  readonly nextCursor: string | null
  /** With the option `count`. */
  readonly total?: number
}

/** What a write answers with `prefer: 'minimal'`, and a create whose record the caller may not view. */
export interface Written<Id = string> {
  readonly id: Id
  readonly version: number
}

export interface WriteOptions<P extends Prefer> extends CallOptions {
  /** `minimal`: only id and version come back, which is less work for the server. */
  readonly prefer?: P
}

export interface ChangeOptions<P extends Prefer> extends WriteOptions<P> {
  /** The version that was read: if the record has changed since, nothing happens and the error is `version_mismatch`. */
  readonly ifMatch?: number | undefined
}

export interface CreateOptions<P extends Prefer> extends WriteOptions<P> {
  /**
   * With a key, the record is created once however often the call is made within a day, so it is retried like a read.
   * `true` makes a key for this call. For signed-in callers only: the server keeps keys per user.
   */
  readonly idempotencyKey?: string | true | undefined
}

export interface ExistsOptions extends CallOptions {
  readonly filter?: Filter | undefined
}

export interface UpsertOptions<C extends CollectionTypes, P extends Prefer> extends WriteOptions<P> {
  /** The fields of a unique key: which record it is. */
  readonly by: (keyof C['create'] & string) | readonly (keyof C['record'] & string)[]
}

export interface MatchingOptions extends CallOptions {
  /** Which records are meant. */
  readonly filter: Filter
  /** How many may be changed, 1 to 1,000. */
  readonly limit: number
  /** Changes nothing, and tells what it would. */
  readonly dryRun?: boolean | undefined
}

/** How many records match that the caller sees, and how many of them were changed. */
export interface Matching {
  readonly matched: number
  readonly changed: number
}

type Prefer = 'representation' | 'minimal' | undefined
type IdOf<C extends CollectionTypes> = C['record'] extends { readonly id: infer I extends string | number } ? I : string
type TransitionOf<C extends CollectionTypes> = C extends { readonly transitions: infer N extends string } ? N : never
type WriteAnswer<C extends CollectionTypes, P> = P extends 'minimal' ? Written<IdOf<C>> : C['record']

/** The records of one collection. Iterating over it gives all of them. */
export interface Collection<C extends CollectionTypes> extends AsyncIterable<C['record']> {
  /** The fields, to be named in filters: ``filter`${books.fields.title} == ${title}` ``. */
  readonly fields: FieldsOf<C>
  list<const F extends Fields<C> = undefined, const E extends Expand<C> = undefined>(
    options?: ListOptions<C, F, E>,
  ): Promise<Page<Shaped<C, F, E>>>
  /** A page of the records in which words are: all of them, `"phrases"`, `or`, `-not`. The best come first. */
  search<const F extends Fields<C> = undefined, const E extends Expand<C> = undefined>(
    words: string,
    options?: SearchOptions<C, F, E>,
  ): Promise<Page<Shaped<C, F, E> & Found>>
  /** All pages, each fetched when it is asked for. */
  pages<const F extends Fields<C> = undefined, const E extends Expand<C> = undefined>(
    options?: ListOptions<C, F, E>,
  ): AsyncGenerator<Page<Shaped<C, F, E>>, void, undefined>
  /** All records, a page at a time behind the scenes. */
  records<const F extends Fields<C> = undefined, const E extends Expand<C> = undefined>(
    options?: ListOptions<C, F, E>,
  ): AsyncGenerator<Shaped<C, F, E>, void, undefined>
  /** All records as the bytes of a file, of one moment, while they arrive. */
  export(options?: ExportOptions<C>): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>
  /** Stores many records, each as `create` or `update` would; what is wrong with one does not keep the others. */
  import(source: ImportFile | readonly C['create'][], options?: ImportOptions<C>): Promise<ImportResult>
  get<const F extends Fields<C> = undefined, const E extends Expand<C> = undefined>(
    id: IdOf<C>,
    options?: ReadOptions<C, F, E>,
  ): Promise<Shaped<C, F, E>>
  /** Counts, sums, averages, least and greatest, of all records or of groups: one item for each group. */
  aggregate<const S extends Select<C>, const G extends GroupBy<C> = undefined>(
    options: AggregateOptions<C, S, G>,
  ): Promise<readonly AggregateItem<C, S, G>[]>
  /** The values that a field has, each once, without null. */
  distinct<const F extends keyof C['record'] & string>(
    field: F,
    options?: DistinctOptions,
  ): Promise<readonly NonNullable<C['record'][F]>[]>
  /** Whether there is a record that the filter holds for. */
  exists(options?: ExistsOptions): Promise<boolean>
  create<P extends Prefer = undefined>(record: C['create'], options?: CreateOptions<P>): Promise<WriteAnswer<C, P>>
  /** Rejects as `create` would, uniqueness included; stores nothing. */
  validate(record: C['create'], options?: CallOptions): Promise<void>
  /** Changes the fields given (JSON merge patch: null takes a value away), each to a value or by an operator. */
  update<P extends Prefer = undefined>(
    id: IdOf<C>,
    changes: WithOperators<C>,
    options?: ChangeOptions<P>,
  ): Promise<WriteAnswer<C, P>>
  /** Does the operations of a JSON patch (RFC 6902) to the record, all of them or none: a `test` that fails is `patch_failed`. */
  patch<P extends Prefer = undefined>(
    id: IdOf<C>,
    operations: readonly PatchOperation<C>[],
    options?: ChangeOptions<P>,
  ): Promise<WriteAnswer<C, P>>
  /** Sets the whole record; fields that are left out get their defaults. */
  replace<P extends Prefer = undefined>(
    id: IdOf<C>,
    record: C['create'],
    options?: ChangeOptions<P>,
  ): Promise<WriteAnswer<C, P>>
  /** Replaces the record with this key, or creates it where there is none. */
  upsert<P extends Prefer = undefined>(record: C['create'], options: UpsertOptions<C, P>): Promise<WriteAnswer<C, P>>
  /** Changes the records that match and that the caller may change, up to the limit: all of those, or none. */
  updateMany(changes: WithOperators<C>, options: MatchingOptions): Promise<Matching>
  /** Deletes them. */
  deleteMany(options: MatchingOptions): Promise<Matching>
  /** Where the collection has a trash (`softDelete`), the record goes there; with `purge` it is gone for good. */
  delete(id: IdOf<C>, options?: DeleteOptions): Promise<void>
  /** Brings a record back from the trash, with all that was deleted with it. */
  restore<P extends Prefer = undefined>(id: IdOf<C>, options?: ChangeOptions<P>): Promise<WriteAnswer<C, P>>
  readonly trash: Trash<C>
  /** What became of a record, the newest version first; for those whom `history` of the collection lets read it. */
  history(id: IdOf<C>, options?: HistoryOptions): Promise<Page<Version<C['record']>>>
  /** Gives the record the values of an earlier version, as a `replace` by whoever calls. */
  revert<P extends Prefer = undefined>(
    id: IdOf<C>,
    version: number,
    options?: ChangeOptions<P>,
  ): Promise<WriteAnswer<C, P>>
  /** Moves the record to another state. What the transition asks of the record or of the caller may refuse it. */
  transition<P extends Prefer = undefined>(
    id: IdOf<C>,
    name: TransitionOf<C>,
    options?: ChangeOptions<P>,
  ): Promise<WriteAnswer<C, P>>
  /** The transitions that would succeed for the caller now. */
  transitions(id: IdOf<C>, options?: CallOptions): Promise<readonly Transition<TransitionOf<C>>[]>
}

export interface HistoryOptions extends CallOptions {
  /** Entries per page: 1 to 500, 50 when absent. */
  readonly limit?: number | undefined
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined
}

/** An entry of the history of a record. */
export interface Version<R = object> {
  readonly version: number
  readonly at: string
  /** The user who wrote it; null where it was nobody of the app. */
  readonly by: string | null
  /** A delete shows the record as it was last, and so does `expire`, the end of its time. */
  readonly action: 'create' | 'update' | 'delete' | 'restore' | 'expire'
  /** As it was. Fields that are required since may be null in it. */
  readonly record: R
}

/** The records of a view: what reads them. */
export type ViewCollection<C extends CollectionTypes> = Pick<
  Collection<C>,
  | ('fields' | 'list' | 'pages' | 'records' | 'get' | 'aggregate' | 'distinct' | 'exists' | 'export')
  | typeof Symbol.asyncIterator
>

/** A collection with the operations that it has. */
export type ServedCollection<C extends CollectionTypes> = [C] extends [{ readonly view: true }]
  ? ViewCollection<C>
  : [Missing<C>] extends [never]
    ? Collection<C>
    : Omit<Collection<C>, Missing<C>>

/** What the collection's keywords do not give. */
type Missing<C extends CollectionTypes> =
  | (C extends { readonly trashed: object } ? never : 'trash' | 'restore')
  | (C extends { readonly history: true } ? never : 'history' | 'revert')
  | (C extends { readonly transitions: string } ? never : 'transition' | 'transitions')
  | (C extends { readonly appendOnly: true }
      ? 'update' | 'patch' | 'updateMany' | 'deleteMany' | 'delete' | 'revert'
      : never)

/** Something that can be done with a record now. */
export interface Transition<N extends string = string> {
  readonly name: N
  /** The state that it leads to. */
  readonly to: string
}

/** What was deleted and can come back. */
export interface Trash<C extends CollectionTypes> {
  /** The newest deletion first, unless a sort is asked for. */
  list<const F extends Fields<InTrash<C>> = undefined, const E extends Expand<InTrash<C>> = undefined>(
    options?: ListOptions<InTrash<C>, F, E>,
  ): Promise<Page<Shaped<InTrash<C>, F, E>>>
}

export interface DeleteOptions extends ChangeOptions<undefined> {
  /** For good, also what lies in the trash already. */
  readonly purge?: boolean | undefined
}

/** The operations of a collection, each one call of `send`. */
export function createCollection<C extends CollectionTypes>(send: Send, name: string): ServedCollection<C> {
  const path = `/${segment(name, 'collection')}`
  const pathOf = (id: string | number) => `${path}/${segment(id, 'id')}`

  async function* pages(options: AnyListOptions = {}): AsyncGenerator<Page<never>, void, undefined> {
    let cursor = options.cursor
    do {
      const page = (await list({ ...options, cursor })) as Page<never>
      yield page
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  }

  async function* records(options?: AnyListOptions): AsyncGenerator<never, void, undefined> {
    for await (const page of pages(options)) yield* page.items
  }

  const list = lister(path)

  function lister(from: string) {
    return async (options: AnyListOptions = {}): Promise<unknown> =>
      send({ ...callOptions(options), method: 'GET', path: from, query: listQuery(options), repeatable: true })
  }

  const operations: Operations = {
    fields: createFields(),
    list,
    search: (words, options) => list({ ...options, search: words }),
    pages,
    records,
    [Symbol.asyncIterator]: () => records(),
    async get(id, options = {}) {
      return send({
        ...callOptions(options),
        method: 'GET',
        path: pathOf(id),
        query: readQuery(options),
        repeatable: true,
      })
    },
    async aggregate(options) {
      const query = aggregateQuery(options)
      const call = {
        ...callOptions(options),
        method: 'GET',
        path: `${path}/-aggregate`,
        query,
        repeatable: true,
      } as const
      return ((await send(call)) as Items).items
    },
    async distinct(field, options = {}) {
      const query = distinctQuery(field, options)
      const call = {
        ...callOptions(options),
        method: 'GET',
        path: `${path}/-distinct`,
        query,
        repeatable: true,
      } as const
      return ((await send(call)) as Items).items
    },
    async exists(options = {}) {
      const query = { filter: filterText(options.filter) }
      try {
        await send({ ...callOptions(options), method: 'HEAD', path, query, repeatable: true })
        return true
      } catch (error) {
        if (!(error instanceof RoadbaseError) || error.code !== 'invalid_response') throw error
        if (error.status === 404) return false
        // An answer to HEAD has no body that says what is wrong. One to GET has, and renews a token that is.
        const { items } = (await list({ ...options, limit: 1, fields: ['id'] })) as Items
        return items.length > 0
      }
    },
    export: (options) => exportFile(send, path, options),
    import: (source, options) => importFile(send, path, source, options),
    async create(body, options = {}) {
      const key = options.idempotencyKey === true ? randomKey() : options.idempotencyKey
      const headers = { ...writeHeaders(options), 'idempotency-key': key }
      return send({ ...callOptions(options), method: 'POST', path, headers, body, repeatable: key !== undefined })
    },
    async validate(body, options = {}) {
      await send({ ...callOptions(options), method: 'POST', path, query: { validate: 'only' }, body, repeatable: true })
    },
    async update(id, body, options = {}) {
      // Not repeatable: an operator would count twice, and a second If-Match would fail on the first one's success.
      return send({
        ...callOptions(options),
        method: 'PATCH',
        path: pathOf(id),
        headers: writeHeaders(options),
        body,
        contentType: 'application/merge-patch+json',
        repeatable: false,
      })
    },
    async patch(id, body, options = {}) {
      return send({
        ...callOptions(options),
        method: 'PATCH',
        path: pathOf(id),
        headers: writeHeaders(options),
        body,
        contentType: 'application/json-patch+json',
        repeatable: false,
      })
    },
    async replace(id, body, options = {}) {
      const repeatable = options.ifMatch === undefined
      return send({
        ...callOptions(options),
        method: 'PUT',
        path: pathOf(id),
        headers: writeHeaders(options),
        body,
        repeatable,
      })
    },
    async upsert(body, options) {
      const by = typeof options.by === 'string' ? options.by : options.by.join(',')
      const headers = writeHeaders(options)
      return send({ ...callOptions(options), method: 'PUT', path, query: { by }, headers, body, repeatable: true })
    },
    async updateMany(body, options) {
      const query = matchingQuery(options)
      const contentType = 'application/merge-patch+json'
      return send({ ...callOptions(options), method: 'PATCH', path, query, body, contentType, repeatable: false })
    },
    async deleteMany(options) {
      const query = matchingQuery(options)
      return send({ ...callOptions(options), method: 'DELETE', path, query, repeatable: false })
    },
    async delete(id, options = {}) {
      await send({
        ...callOptions(options),
        method: 'DELETE',
        path: pathOf(id),
        query: { purge: options.purge === true ? 'true' : undefined },
        headers: writeHeaders(options),
        repeatable: true,
      })
    },
    async restore(id, options = {}) {
      // Not repeatable: what is back already is not found in the trash.
      return send({
        ...callOptions(options),
        method: 'POST',
        path: `${pathOf(id)}/-restore`,
        headers: writeHeaders(options),
        repeatable: false,
      })
    },
    async history(id, options = {}) {
      const { limit, cursor } = options
      return send({
        ...callOptions(options),
        method: 'GET',
        path: `${pathOf(id)}/-history`,
        query: { limit, cursor },
        repeatable: true,
      })
    },
    async revert(id, version, options = {}) {
      return send({
        ...callOptions(options),
        method: 'POST',
        path: `${pathOf(id)}/-revert`,
        headers: writeHeaders(options),
        body: { version },
        repeatable: false,
      })
    },
    async transition(id, transition, options = {}) {
      return send({
        ...callOptions(options),
        method: 'POST',
        path: `${pathOf(id)}/${segment(transition, 'transition')}`,
        headers: writeHeaders(options),
        repeatable: false,
      })
    },
    async transitions(id, options = {}) {
      const path = `${pathOf(id)}/-transitions`
      const { items } = (await send({ ...callOptions(options), method: 'GET', path, repeatable: true })) as {
        readonly items: readonly Transition[]
      }
      return items
    },
    trash: { list: lister(`${path}/-trash`) },
  }
  // The one place where the server's word is taken for the shape of its answers.
  return operations as unknown as ServedCollection<C>
}

/** What the operations are at run time; {@link Collection} says more to the compiler. */
interface Operations extends AsyncIterable<unknown> {
  readonly fields: object
  list(options?: AnyListOptions): Promise<unknown>
  search(words: string, options?: AnyListOptions): Promise<unknown>
  pages(options?: AnyListOptions): AsyncGenerator<unknown, void, undefined>
  records(options?: AnyListOptions): AsyncGenerator<unknown, void, undefined>
  get(id: string | number, options?: AnyListOptions): Promise<unknown>
  export(options?: AnyExportOptions): Promise<unknown>
  import(source: ImportFile | readonly object[], options?: AnyImportOptions): Promise<ImportResult>
  aggregate(options: AnyAggregateOptions): Promise<unknown>
  distinct(field: string, options?: DistinctOptions): Promise<unknown>
  exists(options?: ExistsOptions): Promise<boolean>
  create(body: object, options?: CreateOptions<Prefer>): Promise<unknown>
  validate(body: object, options?: CallOptions): Promise<void>
  update(id: string | number, body: object, options?: ChangeOptions<Prefer>): Promise<unknown>
  patch(id: string | number, operations: readonly object[], options?: ChangeOptions<Prefer>): Promise<unknown>
  replace(id: string | number, body: object, options?: ChangeOptions<Prefer>): Promise<unknown>
  upsert(body: object, options: AnyUpsertOptions): Promise<unknown>
  updateMany(body: object, options: MatchingOptions): Promise<unknown>
  deleteMany(options: MatchingOptions): Promise<unknown>
  delete(id: string | number, options?: DeleteOptions): Promise<void>
  restore(id: string | number, options?: ChangeOptions<Prefer>): Promise<unknown>
  readonly trash: { list(options?: AnyListOptions): Promise<unknown> }
  history(id: string | number, options?: HistoryOptions): Promise<unknown>
  revert(id: string | number, version: number, options?: ChangeOptions<Prefer>): Promise<unknown>
  transition(id: string | number, name: string, options?: ChangeOptions<Prefer>): Promise<unknown>
  transitions(id: string | number, options?: CallOptions): Promise<readonly Transition[]>
}

interface Items {
  readonly items: readonly unknown[]
}

interface AnyUpsertOptions extends WriteOptions<Prefer> {
  readonly by: string | readonly string[]
}

function matchingQuery({ filter, limit, dryRun }: MatchingOptions): Record<string, string | number | undefined> {
  return { ...listQuery({ filter, limit }), dryRun: dryRun === undefined ? undefined : String(dryRun) }
}

/** Not `randomUUID`, which browsers have on https pages only. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function callOptions({ signal, timeout }: CallOptions): CallOptions {
  return { signal, timeout }
}

function writeHeaders({ prefer, ifMatch }: ChangeOptions<Prefer>): Record<string, string | undefined> {
  return {
    prefer: prefer === undefined ? undefined : `return=${prefer}`,
    'if-match': ifMatch === undefined ? undefined : `"${ifMatch}"`,
  }
}
