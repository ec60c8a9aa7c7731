import { quoteText } from '../../db/quote.ts'
import type { NodeOf } from '../check/node.ts'
import type { SqlScope } from '../sql-scope.ts'
import { printDecimal } from '../values/decimal.ts'
import { printTimestamp } from '../values/instants.ts'
import { atom, type Fragment, NULL } from './fragment.ts'

const TYPES: Readonly<Record<string, string>> = {
  int: 'bigint',
  double: 'double precision',
  decimal: 'numeric',
  string: 'text',
  uuid: 'uuid',
  timestamp: 'timestamptz',
  duration: 'interval',
  date: 'date',
  time: 'time',
}

/** A value of the expression: in the text of the statement, or beside it where the scope has a place for it. */
export function literalSql(node: NodeOf<'literal'>, scope: SqlScope): Fragment {
  const { value } = node
  if (value === null) return NULL
  if (typeof value === 'boolean') return atom(String(value))
  const type = TYPES[node.type.kind] ?? 'text'
  const text = printed(node)
  if (scope.parameter !== undefined) return atom(scope.parameter(text, type))
  return atom(typeof value === 'bigint' && value >= 0n ? `${text}::${type}` : `${quoteText(text)}::${type}`)
}

/** The value as PostgreSQL reads it. */
function printed({ value, type }: NodeOf<'literal'>): string {
  if (typeof value === 'object' && value !== null) return printDecimal(value)
  if (typeof value !== 'number') return String(value)
  if (type.kind === 'timestamp') return printTimestamp(value)
  return type.kind === 'duration' ? `${value / 1000} seconds` : String(value)
}

/** A literal as a constant of `jsonb`. */
export function literalJson(node: NodeOf<'literal'>): Fragment {
  const { value } = node
  if (value === null) return atom(`'null'::jsonb`)
  const json =
    typeof value === 'bigint' ? String(value) : JSON.stringify(typeof value === 'object' ? printDecimal(value) : value)
  return atom(`${quoteText(json)}::jsonb`)
}
