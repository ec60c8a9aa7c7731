import type { Change, Step } from '../section.ts'
import type { DocumentIssue } from '../source/document-issue.ts'

/** What a load would do, or has done: for people who decide, and for programs. Plain JSON. */
export interface AppPlan {
  readonly app: string
  /** The version that is live; null for a new app. */
  readonly from: number | null
  readonly to: number
  readonly outcome: 'create' | 'update' | 'unchanged'
  readonly steps: readonly PlannedStep[]
  /** How the documents differ. */
  readonly changes: readonly DocumentChange[]
  /** Why it can not be applied. */
  readonly refusals: readonly DocumentIssue[]
  /** What whoever consents to this very plan sends back; null when it loses nothing. */
  readonly consent: string | null
}

export interface PlannedStep {
  readonly title: string
  readonly action: Change['action'] | null
  readonly kind: string | null
  readonly name: string | null
  readonly blocks: 'writes' | 'everything' | null
  readonly work: PlannedWork | null
  readonly when: 'before' | 'transaction'
  readonly consent: string | null
  readonly sql: string
}

/** What a step has to go through, as PostgreSQL's statistics say, and how long that takes about. */
export interface PlannedWork {
  readonly kind: NonNullable<Step['work']>['kind']
  readonly rows: number
  readonly bytes: number
  readonly seconds: number
}

/** The side on which there is nothing is absent. */
export interface DocumentChange {
  readonly pointer: string
  /** The pointer is into `seed.yaml`. */
  readonly in?: 'seed'
  readonly before?: unknown
  readonly after?: unknown
}
