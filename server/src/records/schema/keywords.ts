/**
 * Which keywords a field's schema may have, by what it describes. The JSON Schema for editors and the checks
 * both come from this table; a keyword that stands in no row is unknown.
 */

export type ValueKind = 'string' | 'integer' | 'number' | 'boolean' | 'range' | 'object' | 'array'

export const VALUE_KINDS: readonly ValueKind[] = ['string', 'integer', 'number', 'boolean', 'range', 'object', 'array']

const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']
const LENGTHS = ['minLength', 'maxLength', 'pattern']

/** Standard keywords of JSON Schema that say something about one kind of value. */
export const KIND_KEYWORDS: Readonly<Record<ValueKind, readonly string[]>> = {
  string: [...LENGTHS, 'format', 'enum'],
  integer: [...BOUNDS, 'multipleOf'],
  number: [...BOUNDS, 'multipleOf'],
  boolean: [],
  // Ours, as the type is; `scale` stands beside `of: decimal`.
  range: ['of', 'open', 'scale'],
  object: [
    'properties',
    'required',
    'additionalProperties',
    'patternProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
    'dependentRequired',
  ],
  array: ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains', 'minContains', 'maxContains'],
}

/** Formats of strings, with the keywords that may stand beside each. */
export const FORMAT_KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  'date-time': [],
  date: [],
  time: [],
  duration: [],
  uuid: [],
  email: LENGTHS,
  uri: LENGTHS,
  hostname: LENGTHS,
  ip: [],
  decimal: [...BOUNDS, 'scale'],
  int64: BOUNDS,
}

/** Inside objects and arrays only, where a value has no column of its own. */
export const COMBINATORS: readonly string[] = [
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentSchemas',
]

/** For people and their tools; no effect. */
export const ANNOTATIONS: readonly string[] = ['title', 'description', 'examples', '$comment']

/** Ours, for fields of records only. */
export const FIELD_KEYWORDS: readonly string[] = [
  'default',
  'readonly',
  'hidden',
  'immutable',
  'owner',
  'renamedFrom',
  'backfill',
  'sequence',
  'computed',
  'message',
  'messages',
]

/** Ours, beside `$ref`. */
export const REFERENCE_KEYWORDS: readonly string[] = ['onDelete', 'visible', 'inverse']

/** Digits after the point where a decimal's schema does not say. */
export const DEFAULT_SCALE = 2

/** Where schemas lie inside a schema: one, a list of them, or by key. */
export const SUBSCHEMAS = {
  one: ['items', 'additionalProperties', 'propertyNames', 'contains', 'not', 'if', 'then', 'else'],
  many: ['prefixItems', 'allOf', 'anyOf', 'oneOf'],
  keyed: ['properties', 'patternProperties', 'dependentSchemas'],
} as const
