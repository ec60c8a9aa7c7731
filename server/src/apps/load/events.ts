import type { EventTable } from '../../telemetry/index.ts'

/** Everything the loader tells. */
export type AppEvent =
  | {
      readonly type: 'app.created' | 'app.updated'
      readonly app: string
      readonly version: number
      readonly by: string | null
      readonly steps: readonly string[]
    }
  | { readonly type: 'app.unchanged'; readonly app: string; readonly version: number }
  | {
      readonly type: 'app.rejected'
      readonly app: string
      /** A line each: `file:line:column: message`. */
      readonly issues: readonly string[]
      /** The version that is served instead, if any. */
      readonly serving: number | undefined
    }
  | { readonly type: 'app.broke'; readonly app: string; readonly error: unknown }
  | { readonly type: 'app.removed'; readonly app: string }
  | { readonly type: 'app.retired' | 'app.dropped'; readonly app: string; readonly by: string | null }
  | {
      readonly type: 'app.purged'
      readonly app: string
      readonly by: string | null
      /** `field todos.due`. */
      readonly purged: readonly string[]
    }
  | { readonly type: 'app.retire_failed'; readonly app: string; readonly version: number; readonly error: unknown }
  | { readonly type: 'apps.scan_failed'; readonly error: unknown }

export type ReportApps = (event: AppEvent) => void

/** How the events read in the log. */
export const appEvents: EventTable<AppEvent> = {
  'app.created': { level: 'info', message: 'A new app is served' },
  'app.updated': { level: 'info', message: 'A new version of the app is served' },
  'app.unchanged': { level: 'debug', message: 'The app is served as before' },
  'app.rejected': { level: 'error', message: 'The app document is not applied' },
  'app.broke': { level: 'error', message: 'Loading the app broke off; this is a defect' },
  'app.removed': { level: 'warn', message: 'The folder of the app is gone: it is not served, its data stays' },
  'app.retired': { level: 'warn', message: 'The app is retired: it is not served, its data stays' },
  'app.dropped': { level: 'warn', message: 'The app and its data are deleted' },
  'app.purged': { level: 'warn', message: 'What the app had hidden is deleted' },
  'app.retire_failed': { level: 'error', message: 'The former version of the app could not be put away' },
  'apps.scan_failed': { level: 'error', message: 'The folder of the apps could not be read; trying again' },
}
