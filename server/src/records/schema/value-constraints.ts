import { quoteName, quoteText } from '../../db/quote.ts'
import type { FieldModel } from '../model.ts'
import type { DigitSpec } from '../validate/digits.ts'
import { objectName } from './naming.ts'
import { rangeConditions } from './range-conditions.ts'

export interface ValueConstraint {
  /** Unquoted. */
  readonly name: string
  readonly sql: string
  /** What a caller is told whose write breaks it. */
  readonly code: string
  readonly message: string
}

const BROKEN: Readonly<Record<'range' | 'values' | 'items' | 'ends', Pick<ValueConstraint, 'code' | 'message'>>> = {
  range: { code: 'out_of_range', message: 'would be out of the range of the field' },
  values: { code: 'enum', message: 'is not one of the values of the field' },
  ends: { code: 'range', message: 'would be no range that the field can hold' },
  items: { code: 'too_many', message: 'would have too many or too few items' },
}

/**
 * What of a field's schema the database holds too: whatever an atomic operator can break, because its result is computed in
 * the statement (bounds of numbers, lengths of lists), the values of enums, which types of clients rely on, and what ranges are like: PostgreSQL
 * has more of them than clients.
 * Lengths, patterns and formats of texts are held where records are validated: a pattern costs more than the row's insert.
 */
export function valueConstraints(table: string, field: FieldModel): ValueConstraint[] {
  if (field.system || field.reference !== undefined || field.whenRead === true) return []
  const column = quoteName(field.column)
  const named = (kind: keyof typeof BROKEN, conditions: readonly string[]) =>
    conditions.length === 0
      ? []
      : [{ name: objectName(table, kind, [field.column]), sql: conditions.join(' and '), ...BROKEN[kind] }]
  return [
    ...named('range', range(field, column)),
    ...named('values', values(field.schema, column)),
    ...named('items', items(field.schema, column)),
    ...named('ends', rangeConditions(field.type, column)),
  ]
}

const LARGEST = '1.7976931348623157e308'

function range(field: FieldModel, column: string): string[] {
  const { schema } = field
  if (schema['type'] === 'integer')
    return [`${column} between ${schema['minimum']} and ${schema['maximum']}`, ...exclusive(schema, column, '')]
  if (schema['type'] === 'number') {
    const cast = '::double precision'
    const literal = (bound: unknown, none: string) => `${quoteText(bound === undefined ? none : String(bound))}${cast}`
    // NaN and infinity are no JSON numbers; `between` refuses both.
    const finite = `${column} between ${literal(schema['minimum'], `-${LARGEST}`)} and ${literal(schema['maximum'], LARGEST)}`
    return [finite, ...exclusive(schema, column, cast)]
  }
  const digits = schema['digits'] as (DigitSpec & Readonly<Record<string, unknown>>) | undefined
  if (digits === undefined) return []
  if (field.type.format === 'int64') return int64Range(digits, column)
  const { minimum, maximum } = digits
  const bounds = [
    minimum === undefined ? [] : [`${column} >= ${minimum}`],
    maximum === undefined ? [] : [`${column} <= ${maximum}`],
  ].flat()
  // NaN is more than every number: an upper bound refuses it already.
  const upper = maximum !== undefined || digits.exclusiveMaximum !== undefined
  return [...bounds, ...exclusive(digits, column, ''), ...(upper ? [] : [`${column} <> 'NaN'`])]
}

/** The column's own type holds the bounds of 64 bits. */
function int64Range(digits: DigitSpec & Readonly<Record<string, unknown>>, column: string): string[] {
  const { minimum, maximum } = digits
  return [
    ...(minimum === undefined || minimum === '-9223372036854775808'
      ? []
      : [`${column} >= ${quoteText(minimum)}::bigint`]),
    ...(maximum === undefined || maximum === '9223372036854775807'
      ? []
      : [`${column} <= ${quoteText(maximum)}::bigint`]),
    ...exclusive(digits, column, '::bigint'),
  ]
}

function exclusive(bounds: Readonly<Record<string, unknown>>, column: string, cast: string): string[] {
  const literal = (bound: unknown) => (cast === '' ? String(bound) : `${quoteText(String(bound))}${cast}`)
  const { exclusiveMinimum: above, exclusiveMaximum: under } = bounds
  return [
    ...(above === undefined ? [] : [`${column} > ${literal(above)}`]),
    ...(under === undefined ? [] : [`${column} < ${literal(under)}`]),
  ]
}

function values(schema: FieldModel['schema'], column: string): string[] {
  const { type, enum: list, const: only } = schema
  if (type !== 'string') return []
  const allowed = Array.isArray(list) ? list.map(String) : typeof only === 'string' ? [only] : []
  return allowed.length === 0 ? [] : [`${column} in (${allowed.map(quoteText).join(', ')})`]
}

function items(schema: FieldModel['schema'], column: string): string[] {
  const { type, minItems, maxItems } = schema
  if (type !== 'array' || (minItems === undefined && maxItems === undefined)) return []
  const length = `case jsonb_typeof(${column}) when 'array' then jsonb_array_length(${column}) else -1 end`
  return [`(${column} is null or ${length} between ${minItems ?? 0} and ${maxItems ?? 2_147_483_647})`]
}
