import type { EventTable } from '../telemetry/index.ts'

/** What the HTTP kit reports. */
export type HttpEvent =
  | { readonly type: 'http_listening'; readonly host: string; readonly port: number }
  /**
   * A defect, or something the request needed was not there: the client was told nothing but the request's id. The latter is not loud,
   * for what is not there says so itself, and once, where every request would.
   */
  | {
      readonly type: 'request_failed' | 'request_unavailable'
      readonly requestId: string
      readonly method: string
      readonly route: string
      readonly status: number
      readonly error: unknown
    }
  /** Not answered in time: the client was too slow to send or to read, or the handler to answer. */
  | {
      readonly type: 'request_timed_out'
      readonly requestId: string
      readonly method: string
      readonly route: string
      readonly phase: 'receiving' | 'handling' | 'sending'
    }
  | { readonly type: 'request_refused'; readonly requestId: string }
  | { readonly type: 'http_draining'; readonly requests: number }
  | { readonly type: 'http_drained'; readonly cut: number }

export type ReportHttpEvent = (event: HttpEvent) => void

export const httpEvents: EventTable<HttpEvent> = {
  http_listening: { level: 'debug', message: 'Listening' },
  request_failed: { level: 'error', message: 'A request failed on the server' },
  request_unavailable: { level: 'debug', message: 'A request could not be served at the moment' },
  request_timed_out: { level: 'warn', message: 'A request took too long' },
  request_refused: { level: 'warn', message: 'A request was refused, for too many are under way' },
  http_draining: { level: 'info', message: 'No new connections are taken' },
  http_drained: { level: 'info', message: 'All connections are closed' },
}
