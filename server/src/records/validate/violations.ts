import type { ErrorObject } from 'ajv'
import { pointer } from '../../errors/pointer.ts'
import type { Violation } from '../../errors/problem.ts'
import { formatMessages } from './formats.ts'

type Params = Readonly<Record<string, unknown>>
type Words = { readonly code: string; readonly message: (params: Params) => string }

/** The stable code of every keyword, and what people are told. Keywords that stand in no row are `invalid`. */
const violationCodes: Readonly<Record<string, Words>> = {
  type: { code: 'type', message: ({ type }) => `must be ${typeWords(type)}` },
  enum: { code: 'enum', message: ({ allowedValues }) => `must be one of ${list(allowedValues)}` },
  const: { code: 'enum', message: ({ allowedValue }) => `must be ${JSON.stringify(allowedValue)}` },
  minLength: {
    code: 'too_short',
    message: ({ limit }) => (limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`),
  },
  maxLength: { code: 'too_long', message: ({ limit }) => `must have at most ${count(limit, 'character')}` },
  pattern: { code: 'pattern', message: ({ pattern }) => `must match ${String(pattern)}` },
  format: {
    code: 'format',
    message: ({ format }) => formatMessages[String(format)] ?? `must be a valid ${String(format)}`,
  },
  minimum: { code: 'too_small', message: ({ limit }) => `must be at least ${limit}` },
  maximum: { code: 'too_large', message: ({ limit }) => `must be at most ${limit}` },
  exclusiveMinimum: { code: 'too_small', message: ({ limit }) => `must be more than ${limit}` },
  exclusiveMaximum: { code: 'too_large', message: ({ limit }) => `must be less than ${limit}` },
  multipleOf: { code: 'multiple_of', message: ({ multipleOf }) => `must be a multiple of ${multipleOf}` },
  required: { code: 'required', message: () => 'must be there' },
  dependentRequired: { code: 'required', message: ({ property }) => `must be there because '${property}' is` },
  additionalProperties: { code: 'unknown_field', message: () => 'is not a known field' },
  propertyNames: {
    code: 'unknown_field',
    message: ({ propertyName }) => `has a key that is not allowed: ${JSON.stringify(propertyName)}`,
  },
  minProperties: { code: 'too_few', message: ({ limit }) => `must have at least ${count(limit, 'key')}` },
  maxProperties: { code: 'too_many', message: ({ limit }) => `must have at most ${count(limit, 'key')}` },
  minItems: { code: 'too_few', message: ({ limit }) => `must have at least ${count(limit, 'item')}` },
  maxItems: { code: 'too_many', message: ({ limit }) => `must have at most ${count(limit, 'item')}` },
  contains: { code: 'contains', message: () => 'does not contain what it must' },
  uniqueItems: { code: 'not_unique', message: ({ i, j }) => `must not hold an item twice (${j} and ${i})` },
  storable: {
    code: 'format',
    message: () => 'must be JSON without U+0000, lone surrogates, a key "__proto__" or more than 64 levels',
  },
}

/** ajv's error as ours, `pointer` being the field's. */
export function violationOf(error: ErrorObject, pointer: string): Violation {
  const params = error.params as Params
  const at = pointer + error.instancePath + missingKey(error.keyword, params)
  if (error.keyword === 'digits')
    return { pointer: at, code: String(params['code']), message: error.message ?? 'must be a number as text' }
  if (error.keyword === 'false schema') return { pointer: at, code: 'unknown_field', message: 'is not allowed here' }
  const words = violationCodes[error.keyword]
  if (words === undefined) return { pointer: at, code: 'invalid', message: error.message ?? 'does not fit the schema' }
  return { pointer: at, code: words.code, message: words.message(params) }
}

/** What is missing or unknown is told at its own place, not at the object around it. */
function missingKey(keyword: string, params: Params): string {
  const key = keyword === 'required' || keyword === 'dependentRequired' ? params['missingProperty'] : undefined
  const extra = keyword === 'additionalProperties' ? params['additionalProperty'] : undefined
  const name = key ?? extra
  return name === undefined ? '' : pointer(String(name))
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
}

export function typeWords(type: unknown): string {
  const types = Array.isArray(type) ? type : String(type).split(',')
  return types.map((name) => TYPE_WORDS[String(name)] ?? String(name)).join(' or ')
}

function count(limit: unknown, noun: string): string {
  return `${limit} ${noun}${limit === 1 ? '' : 's'}`
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : String(values)
}
