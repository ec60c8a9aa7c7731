/** Where an expression's variables live in the statement that it becomes part of. */
export interface SqlScope {
  readonly variables: ReadonlyMap<string, SqlVariable>
  /**
   * A value that should not be part of the text: gives `$3` or `x.p0`, an expression of the PostgreSQL type.
   * Without it, literals are written into the text, quoted.
   */
  readonly parameter?: (value: string | number | boolean | null, pg: string) => string
  /**
   * A field of a row reached, the first or at each hop, where it is not simply the column; in filters of clients it may be wrapped as
   * `case when rule then field end`.
   */
  readonly column?: (collection: string, field: string, alias: string) => string | undefined
  /** In filters of clients: the condition under which the caller reaches a relation's row. */
  readonly hop?: (collection: string, alias: string) => string
  /** In filters of clients: the condition under which the caller finds a record by a relation back. */
  readonly listed?: (collection: string, alias: string) => string
}

export type SqlVariable =
  /** The alias of a table row of the variable's collection. `stored`: as the table has it, not as a statement is writing it. */
  | { readonly row: string; readonly stored?: boolean }
  /** Field names to SQL expressions of the fields' types. */
  | { readonly columns: ReadonlyMap<string, string> }
  /** A jsonb expression that holds the fields. */
  | { readonly json: string }
  /** A scalar. Of a stored list of references: its entries too, a table and SQL of the id of the record that has them. */
  | { readonly sql: string; readonly entries?: { readonly table: string; readonly owner: string } }
