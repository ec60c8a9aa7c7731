import type { Readable } from 'node:stream'
import type { Problem } from '../errors/problem.ts'
import type { Administrator, Caller } from '../records/caller.ts'
import type { ImportItem, ImportTable, RunImport } from '../records/transfer/import-types.ts'
import type { Epochs } from './kit/epochs.ts'

/**
 * What the routes call: the operations of the rooms below, narrowed to what HTTP needs of them. `A` is a live app and `C` a
 * collection that is being served; to this room both are opaque.
 */
export interface Ports<A, C> {
  readonly apps: AppsPort<A, C>
  readonly records: RecordsPort<C>
  readonly batches: BatchesPort<A>
  readonly administrators: AdministratorsPort<C>
  readonly accounts: AccountsPort<A>
  readonly contracts: ContractsPort<A>
  readonly system: SystemPort
}

export interface AppsPort<A, C> {
  get(slug: string): A | undefined
  collection(app: A, name: string): C | undefined
  /** Whether another version of the app is served by now, or will be in a moment. */
  isSucceeded(app: A): Promise<boolean>
  /** A request of an app may have to wait for another version first. */
  readonly pauses: { of(slug: string): Promise<void> | undefined }
  /** Counts the requests of apps that are being handled. */
  readonly visits: Pick<Epochs, 'enter' | 'leave'>
  /** Whose access token this is, in this app. Must not wait: it is on the way of every request. */
  identify(app: string, token: string): { readonly userId: string; readonly sessionId: string } | Problem
}

type Prefer = 'minimal' | 'representation' | undefined

export interface ReadAnswer {
  readonly status: 200 | 304
  readonly body: string
  readonly etag: string
}

export interface WriteAnswer {
  readonly status: 200 | 201
  readonly id: string
  readonly body: string
  readonly etag?: string
  readonly replayed?: boolean
}

export interface GetInput {
  readonly id: string
  readonly fields?: string | undefined
  readonly expand?: string | undefined
  readonly ifNoneMatch?: string | undefined
}

export interface ChangeInput {
  readonly id: string
  readonly body: unknown
  readonly ifMatch?: string | undefined
  readonly prefer?: Prefer
}

/** Records as they arrive, a few at a time. */
export interface ImportSource {
  /** Where the items are rows of cells. */
  readonly table?: ImportTable
  readonly items: AsyncIterable<readonly ImportItem[]>
}

interface ReplaceInput extends ChangeInput {
  readonly ifNoneMatch?: string | undefined
}

interface MatchingInput {
  readonly filter: string | undefined
  readonly limit: string | undefined
  readonly dryRun: string | undefined
}

export interface MatchingAnswer {
  readonly matched: number
  readonly changed: number
}

interface UpsertInput {
  readonly by: string
  readonly body: unknown
  readonly prefer?: Prefer
}
type ListParameter = 'filter' | 'sort' | 'fields' | 'expand' | 'limit' | 'cursor' | 'count' | 'search' | 'highlight'

/** Operations on records: `(collection, caller, input) -> result`. Parameters and headers arrive as they were sent. */
export interface RecordsPort<C> {
  get(collection: C, caller: Caller, input: GetInput): Promise<ReadAnswer>
  list(
    collection: C,
    caller: Caller,
    input: Readonly<Partial<Record<ListParameter, string>>>,
  ): Promise<{ readonly body: string; readonly hiddenByRule?: number }>
  /** Resolves with the first bytes; `signal` says that nobody wants the rest. */
  export(
    collection: C,
    caller: Caller,
    input: Readonly<Partial<Record<'format' | 'filter' | 'search' | 'fields' | 'sort', string>>>,
    signal: AbortSignal,
  ): Promise<{ readonly format: 'jsonl' | 'csv' | 'json'; readonly name: string; readonly bytes: Readable }>
  aggregate(
    collection: C,
    caller: Caller,
    input: Readonly<Partial<Record<'select' | 'groupBy' | 'filter' | 'search' | 'having' | 'sort' | 'limit', string>>>,
  ): Promise<{ readonly body: string }>
  distinct(
    collection: C,
    caller: Caller,
    input: Readonly<Partial<Record<'field' | 'filter' | 'search' | 'sort' | 'limit', string>>>,
  ): Promise<{ readonly body: string }>
  exists(collection: C, caller: Caller, input: { readonly filter?: string | undefined }): Promise<boolean>
  create(
    collection: C,
    caller: Caller,
    input: { readonly body: unknown; readonly prefer?: Prefer; readonly idempotencyKey?: string | undefined },
  ): Promise<WriteAnswer>
  /** Throws what a create with this body would throw for its values; stores nothing. */
  validate(
    collection: C,
    caller: Caller,
    input: { readonly body: unknown; readonly idempotencyKey?: string | undefined },
  ): Promise<void>
  import(
    collection: C,
    caller: Caller,
    input: Readonly<Partial<Record<'mode' | 'by' | 'atomic', string>>>,
    table: ImportTable | undefined,
  ): RunImport
  update(collection: C, caller: Caller, input: ChangeInput): Promise<WriteAnswer>
  replace(collection: C, caller: Caller, input: ReplaceInput): Promise<WriteAnswer>
  upsert(collection: C, caller: Caller, input: UpsertInput): Promise<WriteAnswer>
  /** Many at once, by filter. */
  updateMatching(
    collection: C,
    caller: Caller,
    input: MatchingInput & { readonly body: unknown },
  ): Promise<MatchingAnswer>
  deleteMatching(collection: C, caller: Caller, input: MatchingInput): Promise<MatchingAnswer>
  /** As `validate`, for these. */
  validateUpdate(collection: C, caller: Caller, input: ChangeInput): Promise<void>
  validateReplace(collection: C, caller: Caller, input: ReplaceInput): Promise<void>
  validateUpsert(collection: C, caller: Caller, input: UpsertInput): Promise<void>
  delete(
    collection: C,
    caller: Caller,
    input: { readonly id: string; readonly ifMatch?: string | undefined; readonly purge?: string | undefined },
  ): Promise<void>
  /** Moves a record to another state. */
  transition(
    collection: C,
    caller: Caller,
    input: ChangeInput & {
      readonly transition: string
      readonly body: Readonly<Record<string, unknown>> | undefined
    },
  ): Promise<WriteAnswer>
  /** JSON text. */
  listHistory(
    collection: C,
    caller: Caller,
    input: { readonly id: string; readonly limit?: string | undefined; readonly cursor?: string | undefined },
  ): Promise<string>
  /** Gives a record the values of an earlier version. */
  revert(collection: C, caller: Caller, input: ChangeInput): Promise<WriteAnswer>
  /** JSON text. */
  listTransitions(collection: C, caller: Caller, input: { readonly id: string }): Promise<string>
  /** What was deleted and lies in the trash; 404 where the collection has none. */
  listTrash(
    collection: C,
    caller: Caller,
    input: Readonly<Partial<Record<'filter' | 'sort' | 'fields' | 'expand' | 'limit' | 'cursor' | 'count', string>>>,
  ): Promise<{ readonly body: string }>
  restore(collection: C, caller: Caller, input: Omit<ChangeInput, 'body'>): Promise<WriteAnswer>
}

/** Writes to several collections of an app that happen together. */
export interface BatchesPort<A> {
  run(
    app: A,
    caller: Caller,
    input: {
      readonly body: Readonly<Record<string, unknown>>
      readonly prefer?: Prefer
      readonly idempotencyKey?: string | undefined
      readonly validateOnly: boolean
      readonly isAborted: () => boolean
    },
  ): Promise<{
    readonly body: string
    readonly writes: readonly {
      readonly kind: 'create' | 'update' | 'replace' | 'upsert' | 'delete'
      readonly created: boolean
      readonly collection: string
      readonly id: string
      readonly fields: readonly string[]
    }[]
    readonly replayed?: boolean
  }>
}

/** What those who administer the server do with the records of its apps. */
export interface AdministratorsPort<C> {
  /** Who sends this header; throws for who is no administrator or may not do this. */
  admit(request: {
    readonly authorization: string
    readonly app: string
    readonly collection: string
    readonly writes: boolean
  }): Promise<Administrator>
  /** The collection as administrators use it: no rule is asked. */
  open(collection: C): C
  /** Keeps what was done. It has happened by then, so this does not fail. */
  audit(act: {
    readonly by: Administrator
    readonly action: string
    readonly app: string
    readonly target: string
    readonly details: Readonly<Record<string, unknown>>
    readonly ip: string
    readonly requestId: string
  }): Promise<void>
}

/** Operations on accounts. What signs somebody in answers with JSON text. */
export interface AccountsPort<A> {
  signUp(app: A, caller: Caller, body: unknown): Promise<string>
  logIn(app: A, caller: Caller, body: unknown): Promise<string>
  refresh(app: A, caller: Caller, body: unknown): Promise<string>
  logOut(app: A, caller: Caller, body: unknown): Promise<void>
  getMe(app: A, caller: Caller, input: Omit<GetInput, 'id'>): Promise<ReadAnswer>
  updateMe(app: A, caller: Caller, input: Omit<ChangeInput, 'id'>): Promise<WriteAnswer>
  /** Sets a new password with the token of a one-time link. */
  resetPassword(app: A, caller: Caller, body: unknown): Promise<void>
  /** JSON Web Key Set of the access tokens. */
  jwks(): { readonly body: unknown; readonly headers: Readonly<Record<string, string>> }
}

/** A text that describes an app, with the tag that changes when it does. */
export interface Contract {
  readonly body: string
  readonly etag: string
  readonly contentType: string
}

/** What an app tells of itself. */
export interface ContractsPort<A> {
  types(app: A): Contract
  openapi(app: A): Contract
  postman(app: A): Contract
  /** The page that shows the API; what it may load is among the headers. */
  page(app: A): { readonly body: string; readonly headers: Readonly<Record<string, string>> }
}

export interface SystemPort {
  /** What has to work before requests are sent here, each with what is wrong with it, if anything is. */
  readiness(): Promise<readonly { readonly name: string; readonly problem?: string }[]>
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>
}
