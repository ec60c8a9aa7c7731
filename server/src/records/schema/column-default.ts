import { quoteText } from '../../db/quote.ts'
import { toSql } from '../../expr/index.ts'
import type { FieldModel } from '../model.ts'
import { rangeText, type StoredRange } from '../range-text.ts'
import { hasSubquery } from './row-sql.ts'

/**
 * A field's default as the column's, so that SQL in documents and psql get it as well: literals, and expressions that read
 * nothing but the time. Undefined for the others: only who sends a record can have them.
 */
export function columnDefault(field: FieldModel): string | undefined {
  const preset = field.default
  if (preset === undefined) return undefined
  if ('literal' in preset) return literalSql(preset.literal, field.type)
  const { uses } = preset.expression
  const others = [uses.auth, uses.data, uses.request, uses.record, uses.settings, uses.collections]
  if (others.some(({ size }) => size > 0)) return undefined
  // The type of other columns cuts the time to milliseconds.
  const now = field.type.end === undefined ? 'now()' : 'now()::timestamptz(3)'
  const sql = toSql(preset.expression, { variables: new Map([['now', { sql: now }]]) })
  return hasSubquery(sql) ? undefined : `(${sql})${cast(field.type)}`
}

/** A value in its stored form, as a constant. */
export function literalSql(value: unknown, type: FieldModel['type']): string {
  // Only the system's own list of strings is an array of PostgreSQL, and it starts empty.
  if (type.format === 'list of strings') return `'{}'${cast(type)}`
  if (typeof value === 'boolean') return String(value)
  if (type.end !== undefined) return `${quoteText(rangeText(value as StoredRange))}${cast(type)}`
  if (type.pg === 'jsonb') return `${quoteText(JSON.stringify(value))}::jsonb`
  return `${quoteText(String(value))}${cast(type)}`
}

/** A collation belongs to the column, not to the value. */
function cast(type: FieldModel['type']): string {
  return `::${type.pg.replace(/ collate .*$/i, '')}`
}
