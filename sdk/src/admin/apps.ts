import { segment } from '../path.ts'
import type { CallOptions, Send } from '../transport.ts'
import { type Folder, makeTar } from './make-tar.ts'
import type { DocumentIssue, Plan } from './plan.ts'

/** `folder`: the live version came from the server's apps folder; `api`: it was loaded by a call. */
export type Origin = 'folder' | 'api'

export interface AppSummary {
  readonly slug: string
  readonly title: string | null
  readonly description: string | null
  readonly state: string
  /** The version that is served; null where none is. */
  readonly version: number | null
  readonly origin: Origin | null
  /** Since when it is in this state. */
  readonly since: string
  /** What keeps a newer document from being served. */
  readonly issues: readonly DocumentIssue[]
}

export interface AppDetails extends AppSummary {
  /** The live document; null where none is. */
  readonly document: Readonly<Record<string, unknown>> | null
  /** What was dropped from the document, and is kept until it is purged. */
  readonly remains: readonly Remain[]
  /** What is amiss although the app is served. */
  readonly warnings: readonly string[]
}

export interface Remain {
  /** `collection`, `field`. */
  readonly kind: string
  readonly name: string
  /** The last version that had it. */
  readonly version: number
}

export interface Version {
  readonly version: number
  readonly appliedAt: string
  readonly appliedBy: string | null
  readonly origin: Origin
  readonly current: boolean
}

export interface VersionDetails extends Version {
  readonly document: Readonly<Record<string, unknown>>
}

export interface Loaded {
  readonly outcome: Plan['outcome']
  readonly version: number
  readonly plan: Plan
}

/** A folder of files, or the text of `app.yaml` where the app is nothing more. */
export type AppSource = Folder | string

/** For what can lose data or block: the token of the plan that was seen, or a blank cheque. */
export interface ConsentOptions extends CallOptions {
  readonly consent?: string | undefined
  readonly allowDestructive?: boolean | undefined
}

export interface SeedOptions extends CallOptions {
  /** Default: `default`. Null with `fresh`: none, the app is only emptied. */
  readonly set?: string | null | undefined
  /** The app's slug, to delete all of its records first. */
  readonly fresh?: string | undefined
  /** With `fresh`: ids of users who stay. */
  readonly keepUsers?: readonly string[] | undefined
}

export interface Seeded {
  /** Null where nothing but emptying was asked for. */
  readonly set: string | null
  readonly created: number
  readonly kept: number
  /** By the names of the seed file. Null: deleted since. */
  readonly records: Readonly<Record<string, SeededRecord | null | readonly (SeededRecord | null)[]>>
}

export type SeededRecord = Readonly<Record<string, unknown>> & { readonly id: string }

export interface Setting {
  readonly name: string
  /** Its JSON Schema, as the document has it. */
  readonly schema: Readonly<Record<string, unknown>>
  readonly value: unknown
  readonly default: unknown
  /** False where the default holds. */
  readonly isSet: boolean
}

/** A view that keeps its rows, and how old these are. */
export interface View {
  readonly name: string
  /** How often they are made anew; null: when somebody asks. */
  readonly every: string | null
  readonly refreshedAt: string
  /** How long the last time took; null: the rows are those that loading the app has made. */
  readonly milliseconds: number | null
  /** What has gone wrong since. */
  readonly failedAt: string | null
  readonly error: string | null
}

/** The apps of a server. */
export interface Apps {
  list(options?: CallOptions): Promise<readonly AppSummary[]>
  get(app: string, options?: CallOptions): Promise<AppDetails>
  /** What loading it would do; nothing is done. */
  plan(app: string, source: AppSource, options?: CallOptions): Promise<Plan>
  /** Serves the document from now on. Takes as long as its plan says: unless told otherwise, up to an hour. */
  load(app: string, source: AppSource, options?: ConsentOptions): Promise<Loaded>
  versions(app: string, options?: CallOptions): Promise<readonly Version[]>
  version(app: string, version: number, options?: CallOptions): Promise<VersionDetails>
  /** What going back to that version would do. */
  planRollback(app: string, version: number, options?: CallOptions): Promise<Plan>
  rollback(app: string, version: number, options?: ConsentOptions): Promise<Loaded>
  /** Deletes for good what was dropped from the document. */
  purge(app: string, options?: CallOptions): Promise<readonly Remain[]>
  /** No longer serves the app; its data stays. */
  retire(app: string, options?: CallOptions): Promise<void>
  /** Deletes the app with all its records, accounts and versions. */
  drop(app: string, options?: CallOptions): Promise<void>
  seed(app: string, options?: SeedOptions): Promise<Seeded>
  settings(app: string, options?: CallOptions): Promise<readonly Setting[]>
  /** Sets these; null goes back to the default. Others stay. */
  set(app: string, values: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<readonly Setting[]>
  /** The views that keep their rows. */
  views(app: string, options?: CallOptions): Promise<readonly View[]>
  /** Makes the rows of a view anew. Takes as long as its query: unless told otherwise, up to an hour. */
  refreshView(app: string, view: string, options?: CallOptions): Promise<View>
  /** The app's types as TypeScript source. */
  types(app: string, options?: CallOptions): Promise<string>
  /** The app's OpenAPI 3.1 document. */
  openapi(app: string, options?: CallOptions): Promise<Readonly<Record<string, unknown>>>
  /** The same as a collection for Postman (v2.1). */
  postman(app: string, options?: CallOptions): Promise<Readonly<Record<string, unknown>>>
}

/** Indexes of large tables take their time, and who waits wants to know how it ended. */
const LONG = 3_600_000

export function createApps(send: Send): Apps {
  const pathOf = (app: string, rest = '') => `/admin/api/apps/${segment(app, 'app')}${rest}`
  const publicPathOf = (app: string, rest: string) => `/api/${segment(app, 'app')}${rest}`

  async function read<T>(path: string, options: CallOptions = {}, query: Record<string, string> = {}): Promise<T> {
    return (await send({ ...timing(options), method: 'GET', path, query, repeatable: true })) as T
  }

  async function items<T>(path: string, options?: CallOptions): Promise<readonly T[]> {
    return (await read<{ items: readonly T[] }>(path, options)).items
  }

  function put(app: string, source: AppSource, query: Record<string, string | undefined>, options: CallOptions) {
    const [body, contentType] =
      typeof source === 'string' ? [source, 'application/yaml'] : [makeTar(source), 'application/x-tar']
    const repeatable = query['plan'] !== undefined
    return send({ ...timing(options), method: 'PUT', path: pathOf(app), query, raw: body, contentType, repeatable })
  }

  async function post<T>(app: string, act: string, body: object, options: CallOptions, repeatable = false): Promise<T> {
    return (await send({ ...timing(options), method: 'POST', path: pathOf(app, act), body, repeatable })) as T
  }

  async function remove(app: string, query: Record<string, string>, options: CallOptions) {
    await send({ ...long(options), method: 'DELETE', path: pathOf(app), query, repeatable: true })
  }

  return {
    list: (options) => items('/admin/api/apps', options),
    get: (app, options) => read(pathOf(app), options),
    plan: async (app, source, options = {}) => (await put(app, source, { plan: 'true' }, options)) as Plan,
    load: async (app, source, options = {}) =>
      (await put(
        app,
        source,
        { consent: options.consent, allowDestructive: options.allowDestructive === true ? 'true' : undefined },
        long(options),
      )) as Loaded,
    versions: (app, options) => items(pathOf(app, '/versions'), options),
    version: (app, version, options) => read(pathOf(app, `/versions/${segment(version, 'version')}`), options),
    planRollback: (app, version, options = {}) => post(app, '/rollback', { version, plan: true }, options, true),
    rollback: (app, version, options = {}) => {
      const { consent, allowDestructive } = options
      return post(app, '/rollback', { version, consent, allowDestructive }, long(options))
    },
    purge: async (app, options = {}) =>
      (await post<{ purged: readonly Remain[] }>(app, '/purge', {}, long(options))).purged,
    retire: async (app, options = {}) => remove(app, {}, options),
    drop: async (app, options = {}) => remove(app, { drop: 'true' }, options),
    seed: (app, options = {}) =>
      post(app, '/seed', { set: options.set, fresh: options.fresh, keepUsers: options.keepUsers }, long(options)),
    settings: (app, options) => items(pathOf(app, '/settings'), options),
    async set(app, values, options = {}) {
      const path = pathOf(app, '/settings')
      const answer = await send({ ...timing(options), method: 'PUT', path, body: values, repeatable: true })
      return (answer as { items: readonly Setting[] }).items
    },
    views: (app, options) => items(pathOf(app, '/views'), options),
    refreshView: (app, view, options = {}) => post(app, `/views/${segment(view, 'view')}/refresh`, {}, long(options)),
    types: async (app, options = {}) =>
      (await send({
        ...timing(options),
        method: 'GET',
        path: publicPathOf(app, '/types'),
        answer: 'text',
        repeatable: true,
      })) as string,
    openapi: (app, options) => read(publicPathOf(app, '/openapi.json'), options),
    postman: (app, options) => read(publicPathOf(app, '/openapi.json'), options, { format: 'postman' }),
  }
}

function timing({ signal, timeout }: CallOptions): CallOptions {
  return { signal, timeout }
}

function long({ signal, timeout }: CallOptions): CallOptions {
  return { signal, timeout: timeout ?? LONG }
}
