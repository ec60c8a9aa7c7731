import type { EventTable } from '../telemetry/index.ts'

/** What records report. */
export type RecordsEvent =
  | { readonly type: 'records.sweep_failed'; readonly error: unknown }
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
  'records.sweep_failed': {
    level: 'warn',
    message: 'Old idempotency keys could not be removed; it will be tried again',
  },
}
