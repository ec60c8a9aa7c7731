/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>

/** Runs one statement. `params` are passed as text unless they are null; cast them in the statement. */
export interface Sql {
  query<R extends Row = Row>(text: string, params?: readonly (string | number | boolean | null)[]): Promise<R[]>
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** Tried again on 40001 and 40P01, at most this often (default 5). The function must have no other effects. */
  readonly attempts?: number
}

/** The server's connections to PostgreSQL. Every failure of the connection itself comes out as a `database_unavailable` problem. */
export interface Database extends Sql {
  /**
   * Prepared once per connection under its own text, so only for texts of which there are few.
   * Retried when safe: `idempotent` statements after a lost connection, every statement on 40001 and 40P01.
   */
  query<R extends Row = Row>(text: string, params?: readonly (string | number | boolean | null)[]): Promise<R[]>
  /** A statement that is not worth preparing (one of many texts). */
  once<R extends Row = Row>(text: string, params?: readonly (string | number | boolean | null)[]): Promise<R[]>
  transaction<T>(work: (sql: Sql) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** The version of PostgreSQL as a number, 180004. */
  readonly serverVersion: number
}
