import { flatten, literal, type ObjectParts, propertyName, union } from './source-text.ts'

/**
 * `whole`: a value as it is read, and as it is sent where nothing was before. `patch`: what merges into an object that is
 * stored (RFC 7396), where every key may be left out and null takes one away.
 */
export type Mode = 'whole' | 'patch'

type Schema = Readonly<Record<string, unknown>>

/**
 * The TypeScript type of a JSON Schema's values. Never narrower than the schema: what types can not say (`not`, bounds,
 * patterns) is left to the server. All on one line.
 */
export function valueType(schema: unknown, mode: Mode = 'whole'): string {
  if (schema === false) return 'never'
  if (!isSchema(schema)) return 'unknown'
  if ('const' in schema) return jsonLiteral(schema['const'])
  const { enum: values, type } = schema
  if (Array.isArray(values)) return union(values.map(jsonLiteral))
  if (Array.isArray(type)) return union(type.map((one) => ofKind(one, schema, mode)))
  return ofKind(type ?? impliedKind(schema), schema, mode)
}

function impliedKind(schema: Schema): string | undefined {
  if ('properties' in schema) return 'object'
  if ('items' in schema || 'prefixItems' in schema) return 'array'
  return undefined
}

function ofKind(kind: unknown, schema: Schema, mode: Mode): string {
  switch (kind) {
    case 'string':
    case 'boolean':
    case 'null':
      return kind
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return arrayType(schema)
    case 'object':
      return objectType(schema, mode)
    default:
      return alternatives(schema, mode) ?? 'unknown'
  }
}

function alternatives(schema: Schema, mode: Mode): string | undefined {
  for (const keyword of ['anyOf', 'oneOf']) {
    const list = schema[keyword]
    if (Array.isArray(list)) return union(list.map((one) => valueType(one, mode)))
  }
  return undefined
}

/** Merging stops at lists: a list takes the place of the one before. */
function arrayType({ items, prefixItems }: Schema): string {
  if (!Array.isArray(prefixItems)) return listOf(items === undefined ? 'unknown' : valueType(items))
  return listOf(
    union([...prefixItems.map((item) => valueType(item)), items === undefined ? 'unknown' : valueType(items)]),
  )
}

export function listOf(element: string): string {
  return /^(?:\w+|\{[^{}]*\})$/.test(element) ? `readonly ${element}[]` : `readonly (${element})[]`
}

/** An object's type in parts, or any other's as text; null is a value as well where `nullable` says so. */
export function typeParts(schema: unknown, mode: Mode, nullable: boolean): ObjectParts | string {
  const whole = valueType(schema, mode)
  const flat = nullable ? union([whole, 'null']) : whole
  if (!isSchema(schema) || !whole.startsWith('{') || 'const' in schema || 'enum' in schema) return flat
  return { before: '', members: objectMembers(schema, mode), after: nullable ? ' | null' : '' }
}

function objectType(schema: Schema, mode: Mode): string {
  return flatten({ before: '', members: objectMembers(schema, mode), after: '' })
}

function objectMembers(schema: Schema, mode: Mode): ObjectParts['members'] {
  const { properties, required } = schema
  const known = isSchema(properties) ? Object.entries(properties) : []
  const names = new Set(Array.isArray(required) ? required.map(String) : [])
  const members = known.map(([name, property]) => {
    const isRequired = names.has(name)
    return {
      head: `readonly ${propertyName(name)}${isRequired && mode === 'whole' ? '' : '?'}`,
      type: typeParts(property, mode, mode === 'patch' && !isRequired),
    }
  })
  const others = otherKeys(schema, members.length > 0, mode)
  if (others !== undefined) return [...members, { head: 'readonly [key: string]', type: others }]
  return members.length > 0 ? members : [{ head: 'readonly [key: string]', type: 'never' }]
}

/** What keys that are not named hold; undefined where there are none. An index signature has to fit the named ones, too. */
function otherKeys(schema: Schema, hasNamed: boolean, mode: Mode): string | undefined {
  const { additionalProperties, patternProperties } = schema
  if (additionalProperties === false && patternProperties === undefined) return undefined
  if (hasNamed || patternProperties !== undefined || additionalProperties === undefined) return 'unknown'
  const type = valueType(additionalProperties, mode)
  return mode === 'patch' ? union([type, 'null']) : type
}

function jsonLiteral(value: unknown): string {
  if (typeof value === 'string') return literal(value)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value)
  return Array.isArray(value) ? listOf('unknown') : '{ readonly [key: string]: unknown }'
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
