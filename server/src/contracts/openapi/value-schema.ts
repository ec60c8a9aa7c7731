import { SUBSCHEMAS } from '../../records/schema/keywords.ts'
import { isSchema, type Schema } from './schema.ts'
import { annotations, answerText, inputText } from './text-schema.ts'

/** What a value may be that is sent. `documented` is the document's schema, completed. */
export function inputSchema(documented: Schema): Schema {
  const schema = Object.fromEntries(
    Object.entries(documented).filter(([keyword]) => keyword !== '$comment' && keyword !== 'examples'),
  )
  for (const keyword of SUBSCHEMAS.one) if (isSchema(schema[keyword])) schema[keyword] = inputSchema(schema[keyword])
  for (const keyword of SUBSCHEMAS.many) {
    const list = schema[keyword]
    if (Array.isArray(list)) schema[keyword] = list.map((one: unknown) => (isSchema(one) ? inputSchema(one) : one))
  }
  for (const keyword of SUBSCHEMAS.keyed) {
    const map = schema[keyword]
    if (isSchema(map)) schema[keyword] = mapped(map, (one) => (isSchema(one) ? inputSchema(one) : one))
  }
  switch (schema['type']) {
    case 'string':
      return inputText(schema)
    case 'integer':
      return {
        ...schema,
        minimum: bound(schema['minimum'], Number.MIN_SAFE_INTEGER),
        maximum: bound(schema['maximum'], Number.MAX_SAFE_INTEGER),
      }
    default:
      return schema
  }
}

/** What comes back: objects and arrays as they were sent, everything else in its one form; none of it with bounds. */
export function answerSchema(documented: Schema): Schema {
  switch (documented['type']) {
    case 'string':
      return answerText(documented)
    case 'integer':
    case 'number':
    case 'boolean':
      return { type: documented['type'], ...annotations(documented) }
    default:
      return inputSchema(looser(documented))
  }
}

/** What merges into a stored object (RFC 7396): any of its keys, null for those that go. */
export function patchSchema(documented: Schema): Schema {
  const { type, properties, additionalProperties } = documented
  if (type !== 'object') return inputSchema(documented)
  const required = Array.isArray(documented['required']) ? documented['required'] : []
  const keys = isSchema(properties) ? properties : {}
  return {
    type,
    ...annotations(documented),
    ...(isSchema(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(keys).map(([key, one]) => [key, orNull(part(one), required.includes(key))]),
          ),
        }
      : {}),
    ...('patternProperties' in documented
      ? {}
      : { additionalProperties: orNull(part(additionalProperties ?? true), false) }),
  }
}

function part(schema: unknown): unknown {
  return isSchema(schema) ? patchSchema(schema) : schema
}

/** A key that may not be there may be taken away, whether it is there or not. */
function orNull(schema: unknown, required: boolean): unknown {
  if (schema === false) return { type: 'null' }
  if (required || !isSchema(schema)) return schema
  return { anyOf: [schema, { type: 'null' }] }
}

/** What may be younger than the stored value, and what would turn round when parts of it are left out. */
const NARROWING: ReadonlySet<string> = new Set([
  ...['minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minContains', 'maxContains', 'minProperties', 'maxProperties'],
  ...['contains', 'propertyNames', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas'],
])

/** The kinds of values, at every depth. */
function looser(schema: Schema): Schema {
  const loose = (one: unknown) => (isSchema(one) ? looser(one) : one)
  const entries = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
    if (NARROWING.has(keyword)) return []
    // Of alternatives that differ in bounds only, several fit then.
    if (keyword === 'oneOf') return 'anyOf' in schema ? [] : [['anyOf', (value as unknown[]).map(loose)]]
    if (['prefixItems', 'allOf', 'anyOf'].includes(keyword)) return [[keyword, (value as unknown[]).map(loose)]]
    if (['properties', 'patternProperties'].includes(keyword)) return [[keyword, mapped(value as Schema, loose)]]
    return [[keyword, loose(value)]]
  })
  return Object.fromEntries(entries)
}

function bound(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}

function mapped(map: Schema, change: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]))
}
