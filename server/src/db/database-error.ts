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
  /** Where in the statement, in characters from 1. */
  readonly position: number | undefined
  /** What PostgreSQL would try. */
  readonly hint: string | undefined
  readonly #detail: string | undefined

  constructor(message: string, fields: DatabaseErrorFields) {
    super(message)
    this.name = 'DatabaseError'
    this.sqlState = fields.sqlState
    this.schema = fields.schema
    this.table = fields.table
    this.column = fields.column
    this.constraint = fields.constraint
    this.position = fields.position
    this.hint = fields.hint
    this.#detail = fields.detail
  }

  /** Holds values of the row, such as an e-mail address that is taken: not for clients, and out of the sight of loggers. */
  get detail(): string | undefined {
    return this.#detail
  }
}

/**
 * The statement names a table or a column that is not there, or takes it for another type: it was made for another version of
 * the schema. Nothing ran.
 */
export function isForeignSchema(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && FOREIGN.has(error.sqlState)
}

const FOREIGN = new Set([
  '42P01', // undefined_table
  '42703', // undefined_column
  '42804', // datatype_mismatch
  '42846', // cannot_coerce
  '42883', // undefined_function: no operator for these types
  '42P18', // indeterminate_datatype
  '0A000', // a cached plan whose result would change
])

export interface DatabaseErrorFields {
  readonly sqlState: string
  readonly schema?: string | undefined
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly constraint?: string | undefined
  readonly detail?: string | undefined
  readonly position?: number | undefined
  readonly hint?: string | undefined
}
