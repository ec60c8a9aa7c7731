import type { EventTable } from '../telemetry/index.ts'

/** What records report. */
export type RecordsEvent =
  | { readonly type: 'records.sweep_failed'; readonly error: unknown }
  | { readonly type: 'view.refreshed'; readonly app: string; readonly view: string; readonly milliseconds: number }
  /** Rows that are there make the SQL of one of these views fail: PostgreSQL's code for how. */
  | {
      readonly type: 'view.failed'
      readonly app: string
      readonly views: readonly string[]
      readonly sqlState: string
    }
  /** Its rows stay as they were. */
  | { readonly type: 'view.refresh_failed'; readonly app: string; readonly view: string; readonly error: unknown }
  /** A setting is required, and nobody has set it: what reads it sees null. */
  | { readonly type: 'settings.missing'; readonly app: string; readonly settings: readonly string[] }
  /** What is set for a setting does not hold. */
  | { readonly type: 'settings.ignored'; readonly app: string; readonly setting: string; readonly why: string }
  | {
      readonly type: 'seed.planted'
      readonly app: string
      readonly set: string | null
      readonly created: number
      readonly kept: number
      /** The app was emptied first. */
      readonly fresh: boolean
    }
  /** An import ended before its last record, through no fault of its sender. */
  | {
      readonly type: 'records.import_stopped'
      readonly app: string
      readonly collection: string
      readonly requestId: string
      readonly error: unknown
    }
  /** In development: somebody was shown an empty list although there is something. */
  | {
      readonly type: 'records.hidden_by_rule'
      readonly app: string
      readonly collection: string
      /** Up to 1,000. */
      readonly hidden: number
    }

export type ReportRecords = (event: RecordsEvent) => void

/** How the events read in the log. */
export const recordsEvents: EventTable<RecordsEvent> = {
  'records.hidden_by_rule': { level: 'info', message: 'An empty list was answered: the list rule hides what is there' },
  'settings.missing': {
    level: 'warn',
    message: 'The app is served, but misses settings that it requires: set them with `roadbase apps set`',
  },
  'settings.ignored': { level: 'error', message: 'What is set for a setting does not hold; its default is used' },
  'seed.planted': { level: 'info', message: 'The app was seeded' },
  'records.import_stopped': { level: 'error', message: 'An import was stopped' },
  'view.refreshed': { level: 'debug', message: 'The rows of a view were made anew' },
  'view.failed': { level: 'error', message: 'A view could not be computed from the records that are there' },
  'view.refresh_failed': {
    level: 'error',
    message: 'The rows of a view could not be made anew: they stay as they were, and it will be tried again',
  },
  'records.sweep_failed': {
    level: 'warn',
    message: 'What is past its time could not be removed; it will be tried again',
  },
}
