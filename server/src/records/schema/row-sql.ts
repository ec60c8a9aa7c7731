import { quoteName } from '../../db/quote.ts'
import { type CheckedExpression, toSql } from '../../expr/index.ts'

/**
 * A check or an index's condition as SQL over the columns of its own table; NULL where CEL errs.
 * PostgreSQL keeps the text, so it names columns without a table.
 */
export function rowSql(
  expression: CheckedExpression,
  fields: ReadonlyMap<string, { readonly column: string }>,
): string {
  const columns = new Map([...fields].map(([name, field]) => [name, quoteName(field.column)]))
  return `(${toSql(expression, { variables: new Map([['record', { columns }]]) })})`
}

/** PostgreSQL takes no subquery in checks, defaults and conditions of indexes; macros over lists become one. */
export function hasSubquery(sql: string): boolean {
  return /\bselect\b/i.test(sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ''))
}
