/**
 * The inputs of a coalesced statement: one row per request, sent as one array per column.
 *
 * Arrays through `unnest` were measured against `jsonb_to_recordset`: the same cost in PostgreSQL,
 * no JSON in between, and every value keeps its own type and digits.
 */
export interface InputColumn<Input> {
  /** Column name in the row set, unquoted, lower case. */
  readonly name: string
  /** PostgreSQL type of one element: `uuid`, `text`, `numeric(12,2)`. */
  readonly pg: string
  /** The value as PostgreSQL reads it from text; null is NULL. */
  readonly value: (input: Input) => string | null
}

export interface Inputs<Input> {
  /** `unnest($1::uuid[], $2::text[]) with ordinality as x(id, name, i)`; `i` counts from 1. */
  readonly from: string
  /** The arrays, in order, as PostgreSQL array literals. */
  params(inputs: readonly Input[]): string[]
}

export function inputs<Input>(alias: string, columns: readonly InputColumn<Input>[]): Inputs<Input> {
  const arrays = columns.map((column, index) => `$${index + 1}::${elementType(column.pg)}[]`)
  const names = columns.map((column) => column.name)
  return {
    from: `unnest(${arrays.join(', ')}) with ordinality as ${alias}(${names.join(', ')}, i)`,
    params: (rows) => columns.map((column) => arrayLiteral(column, rows)),
  }
}

/** A collation belongs to the column, not to the array's type. */
function elementType(pg: string): string {
  return pg.replace(/ collate .*$/i, '')
}

/** Every element is quoted, whatever its type: nothing in a value can then change the array's shape. */
function arrayLiteral<Input>(column: InputColumn<Input>, rows: readonly Input[]): string {
  let literal = '{'
  for (let index = 0; index < rows.length; index++) {
    const value = column.value(rows[index] as Input)
    if (index > 0) literal += ','
    literal += value === null ? 'NULL' : quoteElement(value)
  }
  return `${literal}}`
}

const ESCAPED = /["\\]/
const ESCAPED_ALL = /["\\]/g

function quoteElement(value: string): string {
  return ESCAPED.test(value) ? `"${value.replace(ESCAPED_ALL, '\\$&')}"` : `"${value}"`
}
