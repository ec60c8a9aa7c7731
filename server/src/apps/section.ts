/** What is wrong in a document, and where; the loader finds file, line and column. */
export interface Issue {
  /**
   * JSON pointer (RFC 6901) from the root of the document, `/collections/todos/rules/list`.
   * Where nothing is written (a missing key), the nearest place around it is shown.
   */
  readonly pointer: string
  /** `key`: the name is what is wrong, not its value. Otherwise scalars are shown themselves, and maps and lists by their key. */
  readonly at?: 'key'
  /** Offset into the scalar at `pointer` (in UTF-16 units), for expressions. */
  readonly offset?: number
  readonly message: string
  /** What to write instead, in words: "did you mean 'maxLength'?" */
  readonly suggestion?: string
}

/** One change of the database that takes what is live to what the document says. */
export interface Step {
  /** For people: `create table todos`. */
  readonly title: string
  readonly sql: string
  /**
   * What asks for it. When the rows that are there already forbid the step, it is reported here;
   * a step that finds that out by itself raises SQLSTATE `RB002` with a message for the author.
   */
  readonly pointer?: string
}

/** A difference that would lose or rewrite data, and so is not applied. */
export interface Refusal {
  readonly pointer: string
  readonly message: string
}

export interface Plan {
  readonly steps: readonly Step[]
  readonly refusals: readonly Refusal[]
}

/** What a section may see of the rest of the document while it is checked. */
export interface CheckContext {
  readonly app: string
  /** The app's own PostgreSQL schema, unquoted. */
  readonly schema: string
  /** The whole raw document, already valid against the JSON Schema. */
  readonly document: Readonly<Record<string, unknown>>
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
  /** From the raw document to the model; everything wrong is reported, never thrown. */
  check(context: CheckContext): M
  /** The difference between the stored snapshot of what is live (`undefined` for a new app) and the model. */
  plan(live: unknown, model: M, context: { readonly schema: string }): Plan
  /** What is stored with the version, and is given to `plan` as `live` next time: plain JSON. */
  snapshot(model: M): unknown
  /** Starts serving the model. Called after the transaction that applied the plan has committed. */
  activate(model: M, app: { readonly slug: string; readonly schema: string; readonly version: number }): R
  /** Stops what `activate` started, once no request uses it any more. */
  retire(running: R): void | Promise<void>
}

/** A section of which only the model's type matters. */
export type AnySection<M> = Pick<Section<M, never>, 'keys' | 'check'>

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
