import { quoteText } from '../../db/quote.ts'

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
  /** `from` with the values in it, for statements that take no parameters (`copy`). */
  inline(inputs: readonly Input[]): string
}

/** `(select $1::uuid as id, $2::text as name) x` */
export interface SingleInput<Input> {
  readonly from: string
  params(input: Input): (string | null)[]
}

export function inputs<Input>(alias: string, columns: readonly InputColumn<Input>[]): Inputs<Input> {
  const names = columns.map((column) => column.name)
  const from = (array: (column: InputColumn<Input>, index: number) => string) => {
    const arrays = columns.map((column, index) => `${array(column, index)}::${elementType(column.pg)}[]`)
    return `unnest(${arrays.join(', ')}) with ordinality as ${alias}(${names.join(', ')}, i)`
  }
  return {
    from: from((_, index) => `$${index + 1}`),
    params: (rows) => columns.map((column) => arrayLiteral(column, rows)),
    inline: (rows) => from((column) => quoteText(arrayLiteral(column, rows))),
  }
}

/**
 * The input of a statement that serves one request: a row of plain parameters, whose values PostgreSQL can plan with, and which do not
 * keep it from working in parallel.
 */
export function singleInput<Input>(alias: string, columns: readonly InputColumn<Input>[]): SingleInput<Input> {
  const values = columns.map(({ name, pg }, index) => `$${index + 1}::${elementType(pg)} as ${name}`)
  return {
    from: `(select ${values.join(', ')}) ${alias}`,
    params: (input) => columns.map((column) => column.value(input)),
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
