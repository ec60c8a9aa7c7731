import { quoteName } from '../../db/quote.ts'
import type { FieldModel } from '../model.ts'
import type { DigitSpec } from '../validate/digits.ts'
import type { Operation } from '../validate/operators.ts'
import { inOwnWords } from '../validate/own-words.ts'
import type { Condition } from './condition-list.ts'

/**
 * What an update does to one field: sets it, makes the new value of what is stored, puts keys over those of a stored object (null takes one away), or
 * wants it to have the value already.
 */
export interface Change {
  readonly field: FieldModel
  readonly operator: Operation['operator'] | 'set' | 'merge' | 'keep'
}

export interface ChangedColumn {
  readonly field: FieldModel
  /** The new value, computed from the row `t`, never from an earlier read. Never raises. */
  readonly sql: string
  /** It is not changed, only looked at. */
  readonly kept?: boolean
  /** What must hold for the result to fit the field. */
  readonly fits: readonly Condition[]
}

export function changedColumn({ field, operator }: Change, operand: string): ChangedColumn {
  const column = `t.${quoteName(field.column)}`
  switch (operator) {
    case 'set':
      return { field, sql: operand, fits: [] }
    case 'keep':
      return { field, sql: operand, kept: true, fits: [{ sql: `${column} = ${operand}`, code: 'conflict' }] }
    case 'merge':
      return merged(field, column, operand)
    case 'inc':
      return incremented(field, column, operand)
    case 'min':
      return { field, sql: `least(${column}, ${operand})`, fits: [] }
    case 'max':
      return { field, sql: `greatest(${column}, ${operand})`, fits: [] }
    case 'append':
      return listChange(field, `${stored(column)} || ${operand}`)
    case 'addUnique':
      return listChange(field, `${stored(column)} || ${newElements(column, operand)}`)
    case 'remove':
      return listChange(field, without(column, operand))
  }
}

function merged(field: FieldModel, column: string, operand: string): ChangedColumn {
  const keys = `jsonb_each(coalesce(${column}, '{}') || ${operand}) e where e.value <> 'null'`
  const { maxProperties } = field.schema
  const message = 'The record would have too many keys'
  const violation = { pointer: '', code: 'maxProperties', message }
  const few = { sql: `(select count(*) from ${keys}) <= ${maxProperties}`, code: 'validation_failed' as const }
  return {
    field,
    sql: `(select coalesce(jsonb_object_agg(e.key, e.value), '{}') from ${keys})`,
    fits: typeof maxProperties === 'number' ? [{ ...few, detail: message, violation }] : [],
  }
}

/** What is stored as an array; nothing, or what only SQL can have put there, counts as an empty one. */
function stored(column: string): string {
  return `case when jsonb_typeof(${column}) = 'array' then ${column} else '[]' end`
}

/** Elements are compared whole: `@>` would take `{"a": 1}` for a part of `{"a": 1, "b": 2}`. */
function newElements(column: string, operand: string): string {
  const first = `select distinct on (e) e, n from jsonb_array_elements(${operand}) with ordinality a(e, n) order by e, n`
  const known = `exists (select from jsonb_array_elements(${stored(column)}) k where k = d.e)`
  return `(select coalesce(jsonb_agg(d.e order by d.n), '[]') from (${first}) d where not ${known})`
}

function without(column: string, operand: string): string {
  const listed = `exists (select from jsonb_array_elements(${operand}) r where r = a.e)`
  return `(select coalesce(jsonb_agg(a.e order by a.n), '[]') from jsonb_array_elements(${stored(column)}) with ordinality a(e, n) where not ${listed})`
}

function incremented(field: FieldModel, column: string, operand: string): ChangedColumn {
  if (field.type.cel.kind === 'double') {
    // Half of the largest double on each side can not overflow.
    const safe = `(abs(coalesce(${column}, 0)) < 8e307 and abs(${operand}) < 8e307)`
    const sql = `case when ${safe} then coalesce(${column}, 0) + ${operand} end`
    return { field, sql, fits: [inRange(field, [safe, ...withinBounds(field.schema, `(${sql})`)])] }
  }
  const sum = `(coalesce(${column}, 0)::numeric + ${operand}::numeric)`
  const digits = digitsOf(field)
  const storable = `${sum} between ${lowest(digits)} and ${largest(digits)}`
  const sql = `case when ${storable} then ${sum}::${field.type.pg} end`
  return { field, sql, fits: [inRange(field, [storable, ...withinBounds(digits ?? field.schema, sum)])] }
}

function digitsOf(field: FieldModel): DigitSpec | undefined {
  return field.schema['digits'] as DigitSpec | undefined
}

/** The largest magnitude the column takes. */
function largest(digits: DigitSpec | undefined): string {
  if (digits === undefined) return String(Number.MAX_SAFE_INTEGER)
  if (digits.precision === 19) return '9223372036854775807'
  const whole = '9'.repeat(digits.precision - digits.scale)
  return digits.scale === 0 ? whole : `${whole}.${'9'.repeat(digits.scale)}`
}

const COMPARISONS = { minimum: '>=', maximum: '<=', exclusiveMinimum: '>', exclusiveMaximum: '<' }

function lowest(digits: DigitSpec | undefined): string {
  return digits?.precision === 19 && digits.scale === 0 ? '-9223372036854775808' : `-${largest(digits)}`
}

/** The bounds of the schema, on what the operator makes. They passed the loader: numbers, or strings of digits. */
function withinBounds(schema: object, value: string): string[] {
  const known = schema as Readonly<Record<string, unknown>>
  const bounds = Object.entries(COMPARISONS).flatMap(([keyword, comparison]) =>
    known[keyword] === undefined ? [] : [`${value} ${comparison} ${numberLiteral(known[keyword])}`],
  )
  const step = known['multipleOf']
  return step === undefined ? bounds : [...bounds, `${value}::numeric % ${numberLiteral(step)} = 0`]
}

function numberLiteral(bound: unknown): string {
  const text = String(bound)
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) throw new Error(`'${text}' is not a number`)
  return `${text}::numeric`
}

function inRange(field: FieldModel, conditions: readonly string[]): Condition {
  return outcome(field, conditions, 'The result is out of the range of the field')
}

function listChange(field: FieldModel, sql: string): ChangedColumn {
  const { minItems, maxItems } = field.schema
  const length = `jsonb_array_length(${sql})`
  const conditions = [
    ...(typeof maxItems === 'number' ? [`${length} <= ${maxItems}`] : []),
    ...(typeof minItems === 'number' ? [`${length} >= ${minItems}`] : []),
  ]
  if (conditions.length === 0) return { field, sql, fits: [] }
  return { field, sql, fits: [outcome(field, conditions, 'The resulting list does not fit the field')] }
}

function outcome(field: FieldModel, conditions: readonly string[], message: string): Condition {
  return {
    sql: conditions.length === 1 ? `${conditions[0]}` : `(${conditions.join(' and ')})`,
    code: 'validation_failed',
    detail: `${message} '${field.name}'`,
    violation: inOwnWords(field, { pointer: `/${field.name}`, code: 'out_of_range', message }),
  }
}
