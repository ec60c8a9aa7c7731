import type { EventTable } from '../telemetry/index.ts'

/** What records report. */
export type RecordsEvent = { readonly type: 'records.sweep_failed'; readonly error: unknown }

/** How the events read in the log. */
export const recordsEvents: EventTable<RecordsEvent> = {
  'records.sweep_failed': {
    level: 'warn',
    message: 'Old idempotency keys could not be removed; it will be tried again',
  },
}
