import { DECIMAL_PRECISION, endSchema, openEnds } from '../../expr/index.ts'
import type { DigitSpec } from '../validate/digits.ts'
import type { RangeSpec } from '../validate/range-check.ts'
import type { JsonSchema } from './json-schema.ts'
import { ANNOTATIONS, FIELD_KEYWORDS, REFERENCE_KEYWORDS, SUBSCHEMAS } from './keywords.ts'
import { digitScale } from './value-bounds.ts'
import { isSchema } from './value-schema.ts'

const NO_RULES = new Set([...ANNOTATIONS, ...FIELD_KEYWORDS, ...REFERENCE_KEYWORDS])

const INT64: DigitSpec = { scale: 0, precision: 19, minimum: '-9223372036854775808', maximum: '9223372036854775807' }

/** A field's completed schema as ajv checks it: `jsonb` values as a whole must be storable. */
export function fieldAjvSchema(complete: JsonSchema): JsonSchema {
  if (complete['type'] === 'range') return { type: 'range', range: rangeSpec(complete) }
  const schema = valueAjvSchema(complete)
  const isJson = schema['type'] === 'object' || schema['type'] === 'array'
  return isJson ? { ...schema, storable: true } : schema
}

function rangeSpec(complete: JsonSchema): RangeSpec {
  return { end: valueAjvSchema(endSchema(complete)), open: openEnds(complete) }
}

function valueAjvSchema(complete: JsonSchema): JsonSchema {
  const schema = Object.fromEntries(Object.entries(complete).filter(([keyword]) => !NO_RULES.has(keyword)))
  for (const keyword of SUBSCHEMAS.one) if (isSchema(schema[keyword])) schema[keyword] = valueAjvSchema(schema[keyword])
  for (const keyword of SUBSCHEMAS.many)
    if (Array.isArray(schema[keyword])) schema[keyword] = schema[keyword].map(nested)
  for (const keyword of SUBSCHEMAS.keyed) {
    const map = schema[keyword]
    if (isSchema(map))
      schema[keyword] = Object.fromEntries(Object.entries(map).map(([key, value]) => [key, nested(value)]))
  }
  if (schema['type'] === 'string') return textSchema(schema)
  if (schema['type'] === 'integer') return integerSchema(schema)
  return schema
}

function nested(value: unknown): unknown {
  return isSchema(value) ? valueAjvSchema(value) : value
}

function textSchema(schema: JsonSchema): JsonSchema {
  const scale = digitScale(schema)
  if (scale !== undefined) return { type: 'string', digits: digitSpec(schema, scale) }
  if (schema['format'] !== undefined || schema['enum'] !== undefined || schema['const'] !== undefined) return schema
  return { ...schema, format: 'text' }
}

function digitSpec(schema: JsonSchema, scale: number): DigitSpec {
  const bounds: Record<string, string> = {}
  for (const keyword of ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']) {
    if (schema[keyword] !== undefined) bounds[keyword] = String(schema[keyword])
  }
  if (schema['format'] === 'int64') return { ...INT64, ...bounds }
  return { scale, precision: DECIMAL_PRECISION, ...bounds }
}

/** A JSON number holds whole numbers exactly up to here. */
function integerSchema(schema: JsonSchema): JsonSchema {
  const { minimum, maximum } = schema
  return {
    ...schema,
    minimum: typeof minimum === 'number' ? minimum : Number.MIN_SAFE_INTEGER,
    maximum: typeof maximum === 'number' ? maximum : Number.MAX_SAFE_INTEGER,
  }
}
