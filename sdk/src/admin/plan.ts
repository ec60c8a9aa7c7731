import type { FieldError, RoadbaseError } from '../roadbase-error.ts'

/** What loading a document would do, or did. */
export interface Plan {
  readonly app: string
  /** The live version; null for a new app. */
  readonly from: number | null
  readonly to: number
  readonly outcome: 'create' | 'update' | 'unchanged'
  readonly steps: readonly PlanStep[]
  /** Where the documents differ. */
  readonly changes: readonly PlanChange[]
  /** What the rows that are there forbid. A plan that has some can not be carried out. */
  readonly refusals: readonly DocumentIssue[]
  /** To be sent back by who accepts what is lost or blocked; null where nothing needs it. Another plan has another one. */
  readonly consent: string | null
}

/** One change of the database. */
export interface PlanStep {
  /** For people: `create collection todos`. */
  readonly title: string
  /** For programs: what happens to what. Null for a step that belongs to the one before it. */
  readonly action: 'create' | 'change' | 'rename' | 'hide' | 'restore' | 'drop' | null
  /** `collection`, `field`, `index`, … */
  readonly kind: string | null
  /** `todos`, `todos.title`. */
  readonly name: string | null
  /** Who waits while it runs. */
  readonly blocks: 'writes' | 'everything' | null
  /** What takes time: null for steps that change the catalogue only, in milliseconds. */
  readonly work: PlanWork | null
  /** `before`: while everybody goes on; `transaction`: all of these together, or none. */
  readonly when: 'before' | 'transaction'
  /** Why it is not done without consent, in words. */
  readonly consent: string | null
  readonly sql: string
}

export interface PlanWork {
  readonly kind: 'scan' | 'build' | 'rewrite'
  readonly rows: number
  readonly bytes: number
  /** Estimated. */
  readonly seconds: number
}

/** One place where the new document differs from the live one; a side where nothing is written is missing. */
export interface PlanChange {
  readonly pointer: string
  /** The pointer is into `seed.yaml`, instead of the document. */
  readonly in?: 'seed'
  readonly before?: unknown
  readonly after?: unknown
}

/** Something that is wrong in a document, with its place. */
export interface DocumentIssue extends Partial<Pick<FieldError, 'code'>>, Pick<FieldError, 'pointer' | 'message'> {
  readonly file?: string
  /** From 1, as `column` is. */
  readonly line?: number
  readonly column?: number
  /** What to write instead, in words. */
  readonly suggestion?: string
  /** The lines around it, with a mark below the place. */
  readonly excerpt?: string
}

/** The plan that a refused load or rollback carries: to show, and to consent to. */
export function planOf(error: RoadbaseError): Plan | undefined {
  return error.data['plan'] as Plan | undefined
}

/** What is wrong in the document that was refused, with the places: the error's `errors`. */
export function issuesOf(error: RoadbaseError): readonly DocumentIssue[] {
  return error.errors
}
