import type { CelType } from './cel-type.ts'

type Schema = Readonly<Record<string, unknown>>

interface JsonType {
  readonly cel: CelType
  readonly ts: string
}

const ANYTHING: JsonType = { cel: { kind: 'dyn', nullable: true }, ts: 'unknown' }

/**
 * The type of a value inside `jsonb`. It keeps JSON's own kinds: a date in there is a string, because it is stored as one,
 * and a list's elements may always be null (the database can't promise otherwise once a schema has changed).
 */
export function jsonType(schema: unknown): JsonType {
  if (typeof schema !== 'object' || schema === null) return ANYTHING
  const { type, properties, items, additionalProperties } = schema as Schema
  const kind = Array.isArray(type)
    ? type.filter((name) => name !== 'null').length === 1
      ? type.find((name) => name !== 'null')
      : undefined
    : type
  if (kind === 'string') return { cel: { kind: 'string', nullable: true }, ts: 'string' }
  if (kind === 'boolean') return { cel: { kind: 'bool', nullable: true }, ts: 'boolean' }
  if (kind === 'integer') return { cel: { kind: 'int', nullable: true }, ts: 'number' }
  if (kind === 'number') return { cel: { kind: 'double', nullable: true }, ts: 'number' }
  if (kind === 'array' || (kind === undefined && items !== undefined)) return listType(items)
  if (kind === 'object' || (kind === undefined && properties !== undefined))
    return objectType(properties, additionalProperties, schema as Schema)
  return ANYTHING
}

function listType(items: unknown): JsonType {
  const { cel, ts } = jsonType(items)
  return { cel: { kind: 'list', element: cel, nullable: true }, ts: /^\w+$/.test(ts) ? `${ts}[]` : `Array<${ts}>` }
}

function objectType(properties: unknown, additional: unknown, schema: Schema): JsonType {
  if (typeof properties !== 'object' || properties === null) {
    const value = jsonType(additional)
    return { cel: { kind: 'map', value: value.cel, nullable: true }, ts: `Record<string, ${value.ts}>` }
  }
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
  const types = Object.entries(properties).map(([name, property]) => ({ name, type: jsonType(property) }))
  const members = types.map(({ name, type }) => `${propertyName(name)}${required.has(name) ? '' : '?'}: ${type.ts}`)
  return {
    cel: { kind: 'object', fields: new Map(types.map(({ name, type }) => [name, type.cel])), nullable: true },
    ts: members.length === 0 ? 'Record<string, unknown>' : `{ ${members.join('; ')} }`,
  }
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}
