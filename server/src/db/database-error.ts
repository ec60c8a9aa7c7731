/**
 * A statement that PostgreSQL refused for a reason that only the room which sent it can put into words:
 * constraints, values out of range, permissions. The message may quote what was sent, so it isn't public.
 */
export class DatabaseError extends Error {
  /** Five characters, https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly sqlState: string
  readonly schema: string | undefined
  readonly table: string | undefined
  readonly column: string | undefined
  readonly constraint: string | undefined
  readonly #detail: string | undefined

  constructor(message: string, fields: DatabaseErrorFields) {
    super(message)
    this.name = 'DatabaseError'
    this.sqlState = fields.sqlState
    this.schema = fields.schema
    this.table = fields.table
    this.column = fields.column
    this.constraint = fields.constraint
    this.#detail = fields.detail
  }

  /** Holds values of the row, such as an e-mail address that is taken: not for clients, and out of the sight of loggers. */
  get detail(): string | undefined {
    return this.#detail
  }
}

export interface DatabaseErrorFields {
  readonly sqlState: string
  readonly schema?: string | undefined
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly constraint?: string | undefined
  readonly detail?: string | undefined
}
