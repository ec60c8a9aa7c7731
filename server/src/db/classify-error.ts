import { Problem } from '../errors/problem.ts'
import { DatabaseError } from './database-error.ts'

/**
 * What a failed statement means for whoever sent it.
 * - `unreachable`: no connection was made, so nothing ran.
 * - `lost`: the connection broke; whether the statement ran is unknown.
 * - `conflict`: PostgreSQL rolled it back and says that trying again may work.
 * - `stalePlan`: the prepared statement no longer fits its tables; nothing ran.
 * - `final`: the same statement would fail again.
 */
export interface Verdict {
  readonly kind: 'unreachable' | 'lost' | 'conflict' | 'stalePlan' | 'final'
  /** What to throw when it is not tried again. */
  readonly error: Error
}

/** The one place where errors of the driver and of PostgreSQL get a meaning. */
export function classifyError(error: unknown): Verdict {
  if (error instanceof Problem || error instanceof DatabaseError || !(error instanceof Error)) {
    return { kind: 'final', error: error instanceof Error ? error : new Error(String(error)) }
  }
  const code = codeOf(error)
  if (UNREACHABLE.has(code) || code.startsWith('28')) return { kind: 'unreachable', error: unavailable(error) }
  if (LOST.has(code) || code.startsWith('08')) return { kind: 'lost', error: unavailable(error) }
  if (CONFLICT.has(code)) return { kind: 'conflict', error: conflict(error) }
  // "cached plan must not change result type"; the text may be in any language, the routine isn't.
  if (code === '0A000' && fieldsOf(error).routine === 'RevalidateCachedQuery')
    return { kind: 'stalePlan', error: conflict(error) }
  return { kind: 'final', error: finalError(code, error) }
}

/** True for a failure of the connection, after which it can't be used any more. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  return UNREACHABLE.has(code) || LOST.has(code) || code.startsWith('08') || fieldsOf(error).severity === 'FATAL'
}

/** No connection was made: the server isn't there, isn't ready, is full, or refuses us. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'EPERM',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'CONNECT_TIMEOUT',
  '57P03', // cannot_connect_now: starting up or shutting down
  '53300', // too_many_connections
  '3D000', // the database doesn't exist (any more)
])

const LOST = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01', // admin_shutdown, also pg_terminate_backend
  '57P02', // crash_shutdown
  '57P05', // idle_session_timeout
  '25P03', // idle_in_transaction_session_timeout
])

/** serialization_failure, deadlock_detected */
const CONFLICT = new Set(['40001', '40P01'])

export const unavailable = (cause: unknown) => new Problem('database_unavailable', undefined, { retryAfter: 1, cause })

const conflict = (cause: unknown) =>
  new Problem('unavailable', 'The request kept colliding with others; it changed nothing.', { retryAfter: 1, cause })

function finalError(code: string, error: Error): Error {
  switch (code) {
    case '57014': // query_canceled: statement_timeout
      return new Problem('query_too_costly', 'The query took longer than is allowed.', { cause: error })
    case '54001': // statement_too_complex: the stack depth limit
      return new Problem('query_too_costly', 'The query is nested too deeply.', { cause: error })
    case '53100': // disk_full
      return new Problem('unavailable', 'There is no space left on the disk of the database.', {
        retryAfter: 30,
        cause: error,
      })
    case '53200': // out_of_memory
      return new Problem('unavailable', 'The database is out of memory.', { retryAfter: 5, cause: error })
    case '25006': // read_only_sql_transaction: we are connected to a standby, as during a failover
      return unavailable(error)
  }
  if (!/^[0-9A-Z]{5}$/.test(code)) return error // A defect of ours, such as an undefined parameter.
  const { schema_name, table_name, column_name, constraint_name, detail, position, hint } = fieldsOf(error)
  return new DatabaseError(error.message, {
    sqlState: code,
    schema: schema_name,
    table: table_name,
    column: column_name,
    constraint: constraint_name,
    detail,
    position: position === undefined ? undefined : Number(position),
    hint,
  })
}

interface PostgresFields {
  readonly schema_name?: string
  readonly table_name?: string
  readonly column_name?: string
  readonly constraint_name?: string
  readonly detail?: string
  readonly position?: string
  readonly hint?: string
  readonly severity?: string
  readonly routine?: string
}

const fieldsOf = (error: Error) => error as unknown as PostgresFields

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : ''
}
