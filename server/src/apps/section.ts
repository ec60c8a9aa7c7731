import type { Sql } from '../db/database.ts'
import type { Parts } from './parts.ts'

/** What is wrong in a document, and where; the loader finds file, line and column. */
export interface Issue {
  /**
   * JSON pointer (RFC 6901) from the root of the document, `/collections/todos/rules/list`.
   * Where nothing is written (a missing key), the nearest place around it is shown.
   */
  readonly pointer: string
  /** The pointer is into `seed.yaml`, beside the document. */
  readonly in?: 'seed'
  /** `key`: the name is what is wrong, not its value. Otherwise scalars are shown themselves, and maps and lists by their key. */
  readonly at?: 'key'
  /** Offset into the scalar at `pointer` (in UTF-16 units), for expressions. */
  readonly offset?: number
  readonly message: string
  /** What to write instead, in words: "did you mean 'maxLength'?" */
  readonly suggestion?: string
}

/**
 * One change of the database that takes what is live to what the document says. What a step says of itself is what people and
 * programs see of a plan before it is done.
 */
export interface Step {
  /** For people: `create collection todos`. */
  readonly title: string
  /** One or more statements. */
  readonly sql: string
  /**
   * What asks for it. When the rows that are there already forbid the step, it is reported here;
   * a step that finds that out by itself raises SQLSTATE `RB002` with a message for the author.
   */
  readonly pointer?: string
  /**
   * One query that only reads, and answers one row `refusal`: why the rows that are there forbid this step (a text for the author),
   * or null. It is asked without locks, by plans and before anything is done: so one learns of it early. The step itself must look
   * again under its lock. A query that fails, because a step before it is not done yet, or takes long, is passed over.
   */
  readonly look?: string
  /** Makes nothing but what ends with the session, and what the looks of later steps stand on. */
  readonly temporary?: boolean
  /** For programs: what happens to what. Steps without one only look, or belong to the step before. */
  readonly change?: Change
  /** Who waits while it runs: those who write to the table, or everybody. Nobody, when absent. */
  readonly blocks?: 'writes' | 'everything'
  /** What its time grows with: the rows of this table (quoted and qualified). Absent: it changes the catalogue only, in milliseconds. */
  readonly work?: { readonly kind: 'scan' | 'build' | 'rewrite'; readonly table: string }
  /** It changes some rows though it rewrites no table: those of {@link work}, or also those that refer to them. What looks later sees others. */
  readonly mends?: 'table' | 'references'
  /** Why it is not done without consent: what is lost or rewritten, in words. */
  readonly consent?: string
  /**
   * Done before the transaction, one statement, while everybody goes on (`create index concurrently`).
   * `undo` takes it back when the load fails, also what a crash has left of it: it runs before the step as well, and one statement, too.
   * It waits for locks as long as it takes, unless `blocks` says that others wait behind it.
   */
  readonly before?: { readonly undo: string }
}

export interface Change {
  /** `hide` puts something out of sight until it is purged, `restore` brings it back. */
  readonly action: 'create' | 'change' | 'rename' | 'hide' | 'restore' | 'drop'
  /** `collection`, `field`, `index`, … */
  readonly kind: string
  /** `todos`, `todos.title`. */
  readonly name: string
}

/** A difference that the rows, or the document, forbid: nothing is applied. */
export interface Refusal {
  readonly pointer: string
  readonly message: string
}

export interface Plan {
  readonly steps: readonly Step[]
  readonly refusals: readonly Refusal[]
  /** What lies hidden afterwards, as plain JSON; as before when absent. */
  readonly remains?: unknown
  /**
   * A statement of the version before may succeed on the schema of this one, and mean something else: no request of the app is let
   * through from before the transaction until this version is served.
   */
  readonly pauses?: boolean
}

export interface PlanContext {
  readonly schema: string
  /** The version that is being made. */
  readonly version: number
  /** What this section's plans have hidden so far, and nobody has purged. */
  readonly remains: unknown
  /** For a rollback: the version whose document this is. Who had which name then is known, so renames are taken back too. */
  readonly restores?: number | undefined
}

/** Something that was dropped from the document, and is kept until it is purged. */
export interface Remain {
  readonly kind: string
  /** `todos`, `todos.title`. */
  readonly name: string
  /** The last version that had it. */
  readonly version: number
}

/** What a section may see of the rest of the document while it is checked. */
export interface CheckContext {
  readonly app: string
  /** The app's own PostgreSQL schema, unquoted. */
  readonly schema: string
  /** The whole raw document, already valid against the JSON Schema. */
  readonly document: Readonly<Record<string, unknown>>
  /** Some of the document was wrong, and is left out here. */
  readonly isPart?: boolean | undefined
  /** What `seed.yaml` says, with keys in their order; absent when there is none. Nothing has checked it yet. */
  readonly seed?: unknown
  /** The checked model of a section that stands before this one. */
  part<M>(section: AnySection<M>): M
  report(issue: Issue): void
}

/**
 * A part of the app document that a room owns: its JSON Schema, its checks, its plan and what serves it.
 * `M` is the checked model (kept by the app while it lives), `R` the running part made of it.
 * Rooms export sections, `main.ts` passes them to the loader in order.
 */
export interface Section<M, R = undefined> {
  /**
   * The keys of the document that belong to this section, each with its JSON Schema (2020-12).
   * The first one also names the section's snapshot in the database, so it stays for good.
   * Descriptions and examples go to editors and to the reference page; a wrong value is explained by `errorMessage` where there is one.
   */
  readonly keys: Readonly<Record<string, object>>
  /** The name of the section's snapshot, when it is not that of its first key: a section may look at `seed.yaml` only. */
  readonly name?: string
  /** From the raw document to the model; everything wrong is reported, never thrown. */
  check(context: CheckContext): M
  /** The same with breaks for requests, for sections that take more than a few milliseconds. */
  checkInParts?(context: CheckContext): Parts<M>
  /**
   * What the database holds for this section beside the app's schema, and the model forbids. Asked before `plan`, while nobody
   * else can load the app.
   */
  examine?(model: M, context: { readonly app: string; readonly sql: Pick<Sql, 'query'> }): Promise<readonly Refusal[]>
  /** The difference between the stored snapshot of what is live (`undefined` for a new app) and the model. */
  plan(live: unknown, model: M, context: PlanContext): Plan
  /** The same with breaks for requests. */
  planInParts?(live: unknown, model: M, context: PlanContext): Parts<Plan>
  /** What lies hidden, from a plan's `remains`. For sections that hide. */
  listRemains?(remains: unknown): readonly Remain[]
  /** Deletes for good what lies hidden. */
  purge?(remains: unknown, context: { readonly schema: string }): readonly Step[]
  /** What is remembered after that, instead of nothing. */
  purged?(remains: unknown): unknown
  /** What is stored with the version, and is given to `plan` as `live` next time: plain JSON. */
  snapshot(model: M): unknown
  /** Starts serving the model. Called after the transaction that applied the plan has committed, and when what it has read then changes. */
  activate(model: M, app: ActivationContext): R | Promise<R>
  /** What administrators should know of an app that is served: sentences, without secrets. */
  warn?(running: R, app: string): readonly string[]
  /** Stops what `activate` started, once no request uses it any more. */
  retire(running: R): void | Promise<void>
}

export interface ActivationContext {
  readonly slug: string
  readonly schema: string
  readonly version: number
  /** The running part of a section that stands before this one. */
  part<M, R>(section: Section<M, R>): R
}

/** A section of which only the model's type matters. */
export type AnySection<M> = Pick<Section<M, never>, 'keys' | 'name' | 'check'>

/** A section in a list of all kinds. What one makes of a document meets only itself again. */
export type SomeSection = Section<unknown, unknown>

/** An app that is being served. Replaced as a whole, atomically, when a new version is loaded. */
export interface LiveApp {
  readonly slug: string
  readonly version: number
  /** The app's PostgreSQL schema, unquoted. */
  readonly schema: string
  readonly title: string
  readonly description: string
  /** The checked model of a section. */
  model<M, R>(section: Section<M, R>): M
  /** The running part of a section. */
  part<M, R>(section: Section<M, R>): R
}
