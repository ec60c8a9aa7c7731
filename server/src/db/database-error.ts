/**
 * A statement that PostgreSQL refused for a reason that only the room which sent it can put into words:
 * constraints, values out of range, permissions. The message and the detail may hold data, so neither is public.
 */
export class DatabaseError extends Error {
  /** Five characters, https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly sqlState: string
  readonly schema: string | undefined
  readonly table: string | undefined
  readonly column: string | undefined
  readonly constraint: string | undefined
  /** May hold values of the row; never for clients. */
  readonly detail: string | undefined

  constructor(message: string, fields: DatabaseErrorFields, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DatabaseError'
    this.sqlState = fields.sqlState
    this.schema = fields.schema
    this.table = fields.table
    this.column = fields.column
    this.constraint = fields.constraint
    this.detail = fields.detail
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
