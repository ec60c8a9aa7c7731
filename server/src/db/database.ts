import type { Readable } from 'node:stream'
import type { CopyOptions } from './copy-out.ts'

/** A row as the driver gives it: every value is the text PostgreSQL sent, but for small integers, doubles (numbers) and booleans. */
export type Row = Readonly<Record<string, unknown>>

export type Param = string | number | boolean | null

export interface QueryOptions {
  /** Running it twice does no harm, so it may be tried again after the connection was lost on the way. */
  readonly idempotent?: boolean
}

/** Runs statements. `params` are passed as text unless they are null; cast them in the statement. */
export interface Sql {
  /** Prepared once per connection under its own text, so only for texts of which there are few. */
  query<R extends Row = Row>(text: string, params?: readonly Param[], options?: QueryOptions): Promise<R[]>
  /**
   * A statement that is not worth preparing (one of many texts).
   * Without parameters the text may hold several statements; the rows are then those of the last one.
   */
  once<R extends Row = Row>(text: string, params?: readonly Param[], options?: QueryOptions): Promise<R[]>
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** Tried again on 40001 and 40P01, at most this often (default 5). The function must have no other effects. */
  readonly attempts?: number
  /** How long each statement may take, in milliseconds; 0 is without limit. Default: the setting for requests. */
  readonly timeout?: number
}

/** A few connections of their own for the statements of requests, planned once per connection for any parameter. */
interface HotPath {
  /** More statements at once than this wait for one another, so callers that coalesce gather requests instead. */
  readonly size: number
  /** Prepared, as `query` of `Sql`. */
  query<R extends Row = Row>(text: string, params?: readonly Param[], options?: QueryOptions): Promise<R[]>
  /** Not prepared, as `once` of `Sql`. */
  once<R extends Row = Row>(text: string, params?: readonly Param[], options?: QueryOptions): Promise<R[]>
}

/**
 * One connection that is its own for the time of some long work: statements have no timeout, and what belongs to a session of
 * PostgreSQL, such as an advisory lock, holds from one to the next. Nothing is sent twice: when the connection breaks, everything after
 * that fails.
 */
export interface Session extends Pick<Sql, 'query' | 'once'> {
  transaction<T>(work: (sql: Sql) => Promise<T>, options?: Pick<TransactionOptions, 'attempts'>): Promise<T>
}

/**
 * The server's connections to PostgreSQL. Every failure of the connection itself comes out as a `database_unavailable`
 * problem, a timeout as `query_too_costly`, and what a room should map itself as a `DatabaseError`.
 * Each statement of `query` and `once` is a transaction of its own: it is tried again on 40001 and 40P01,
 * and after a lost connection when it is marked `idempotent`.
 */
export interface Database extends Sql {
  readonly hot: HotPath
  transaction<T>(work: (sql: Sql) => Promise<T>, options?: TransactionOptions): Promise<T>
  /**
   * For work that takes longer than any request may. The connection is made for it, beside those of the requests, and closed
   * after it; who finds too many of them waits in line.
   */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** The bytes of a `copy (…) to stdout`, on a connection of its own. */
  copyOut(text: string, options: CopyOptions): Promise<Readable>
  /** The version of PostgreSQL as a number, 180004. */
  readonly serverVersion: number
}
