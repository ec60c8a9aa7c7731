import type { Violation } from '../../errors/problem.ts'
import type { FieldModel } from '../model.ts'
import type { FieldCheck, FieldChecks } from './field-check.ts'
import { listCheck } from './list-check.ts'
import { typeWords } from './violations.ts'

/** `{"$inc": 1}` in a PATCH: the new value is made of the stored one, in the statement itself. */
export type Operation =
  | { readonly field: string; readonly operator: 'inc' | 'min' | 'max'; readonly operand: number | string }
  | {
      readonly field: string
      readonly operator: 'append' | 'remove' | 'addUnique'
      readonly operand: readonly unknown[]
    }

type Operator = Operation['operator']

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['$inc', 'inc'],
  ['$min', 'min'],
  ['$max', 'max'],
  ['$append', 'append'],
  ['$remove', 'remove'],
  ['$addUnique', 'addUnique'],
])

const NUMERIC: readonly Operator[] = ['inc', 'min', 'max']
const ORDERED: readonly Operator[] = ['min', 'max']
const LISTS: readonly Operator[] = ['append', 'remove', 'addUnique']

/**
 * Whether a sent value is meant as an operator: an object whose only key starts with `$`. In a field that holds
 * objects only the operators' own names are, so that `{"$ref": …}` is data there.
 */
export function isOperator(value: unknown, holdsObjects: boolean): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const [key, ...others] = Object.keys(value)
  if (key === undefined || others.length > 0 || !key.startsWith('$')) return false
  return !holdsObjects || OPERATORS.has(key)
}

/** The check of operators on one field: which it knows, and with which operands. */
export function operatorCheck(field: FieldModel, whole: FieldCheck, checks: FieldChecks) {
  const allowed = allowedOperators(field)
  const step = allowed.includes('inc') ? checks.of(unbounded(field.schema)) : whole
  // Items are checked as a list of any length: how many there are in the end only the statement knows.
  const items = field.schema['type'] === 'array' ? checkOfItems(field, checks) : whole

  return (value: Record<string, unknown>, pointer: string, errors: Violation[]): Operation | undefined => {
    const [key = '', operand] = Object.entries(value)[0] ?? []
    const operator = OPERATORS.get(key)
    if (operator === undefined || !allowed.includes(operator)) {
      errors.push({ pointer, code: 'operator', message: refusal(field, key, operator, allowed) })
      return undefined
    }
    const at = `${pointer}/${key}`
    const before = errors.length
    if (operator === 'inc') {
      const amount = step(operand, at, errors)
      return errors.length > before ? undefined : { field: field.name, operator, operand: amount as number | string }
    }
    if (operator === 'min' || operator === 'max') {
      const bound = operand === null ? missing(at, errors) : whole(operand, at, errors)
      return errors.length > before ? undefined : { field: field.name, operator, operand: bound as number | string }
    }
    // A list is the list of items, anything else is one item.
    const list = items(Array.isArray(operand) ? operand : [operand], at, errors)
    return errors.length > before ? undefined : { field: field.name, operator, operand: list as readonly unknown[] }
  }
}

/** By the field's type, and in the order in which they are told. */
export function allowedOperators(field: FieldModel): readonly Operator[] {
  const { type, format, digits, enum: values } = field.schema
  if (values !== undefined || field.reference !== undefined) return []
  if (type === 'integer' || type === 'number' || digits !== undefined) return NUMERIC
  if (format === 'date-time' || format === 'date' || format === 'time' || format === 'duration') return ORDERED
  // Appending could make an item stand twice, which the database would have to look for.
  if (type === 'array') return field.schema['uniqueItems'] === true ? ['remove', 'addUnique'] : LISTS
  return []
}

/** The schema without its bounds: an amount to add may be less than the field's minimum. */
function unbounded(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { type, digits, multipleOf } = schema
  if (digits !== undefined) {
    const { scale, precision } = digits as { scale: number; precision: number }
    return { type, digits: { scale, precision } }
  }
  // Steps added to steps stay steps.
  const step = multipleOf === undefined ? {} : { multipleOf }
  if (type !== 'integer') return { type, ...step }
  return { type, minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...step }
}

function checkOfItems({ list, schema }: FieldModel, checks: FieldChecks): FieldCheck {
  return list === undefined ? checks.of(listOfItems(schema)) : listCheck({ items: schema['items'] }, checks)
}

function listOfItems(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { items } = schema
  return { type: 'array', storable: true, ...(items === undefined ? {} : { items }) }
}

function refusal(field: FieldModel, key: string, operator: Operator | undefined, allowed: readonly Operator[]): string {
  if (operator === undefined && !OPERATORS.has(key))
    return `has an unknown operator '${key}'; there are ${[...OPERATORS.keys()].join(', ')}`
  if (allowed.length === 0) return `is ${typeWords(field.schema['type'])} that has no operators`
  return `does not know '${key}' here; use ${allowed.map((name) => `$${name}`).join(', ')}`
}

function missing(pointer: string, errors: Violation[]): undefined {
  errors.push({ pointer, code: 'required', message: 'must be there' })
  return undefined
}
