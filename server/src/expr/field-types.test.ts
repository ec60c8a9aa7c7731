import { expect, test } from 'vitest'
import { fieldType, referenceType, stringList } from './index.ts'

test.each([
  [{ type: 'string' }, 'string', 'text collate "C"', 'string', 'string', 'string'],
  [{ type: 'string', format: 'email' }, 'email', 'text collate "C"', 'string', 'string', 'string'],
  [{ type: 'string', format: 'ipv6' }, 'ip', 'text collate "C"', 'string', 'string', 'string'],
  [{ enum: ['a', "b'c"] }, 'enum', 'text collate "C"', 'string', 'string', "'a' | 'b\\'c'"],
  [{ type: 'string', format: 'uuid' }, 'uuid', 'uuid', 'uuid', 'string', 'string'],
  [{ $ref: 'rooms' }, 'reference', 'uuid', 'record', 'string', 'string'],
  [{ type: 'string', format: 'date-time' }, 'date-time', 'timestamptz(3)', 'timestamp', 'string', 'string'],
  [{ type: ['string', 'null'], format: 'date' }, 'date', 'date', 'date', 'string', 'string'],
  [{ type: 'string', format: 'time' }, 'time', 'time(3)', 'time', 'string', 'string'],
  [{ type: 'string', format: 'duration' }, 'duration', 'interval(3)', 'duration', 'string', 'string'],
  [{ type: 'string', format: 'decimal', scale: 4 }, 'decimal', 'numeric(38,4)', 'decimal', 'string', 'string'],
  [{ type: 'string', format: 'int64' }, 'int64', 'bigint', 'int', 'string', 'string'],
  [{ type: 'integer' }, 'integer', 'bigint', 'int', 'number', 'number'],
  [{ type: 'number' }, 'number', 'double precision', 'double', 'number', 'number'],
  [{ type: 'boolean' }, 'boolean', 'boolean', 'bool', 'boolean', 'boolean'],
  [{ type: 'array', items: { type: 'string' } }, 'array', 'jsonb', 'list', 'json', 'string[]'],
  [{ type: 'object' }, 'object', 'jsonb', 'map', 'json', 'Record<string, unknown>'],
  [
    { properties: { a: { type: 'integer' }, 'b-c': { type: 'string' } }, required: ['a'] },
    'object',
    'jsonb',
    'object',
    'json',
    '{ a: number; "b-c"?: string }',
  ],
  [{}, 'json', 'jsonb', 'dyn', 'json', 'unknown'],
])('%o', (schema, format, pg, kind, json, ts) => {
  const type = fieldType(schema)
  expect({ format: type.format, pg: type.pg, kind: type.cel.kind, json: type.json, ts: type.ts }).toEqual({
    format,
    pg,
    kind,
    json,
    ts,
  })
})

test('a reference to chosen ids is stored as they are', () => {
  const type = referenceType('countries', fieldType({ type: 'string' }))
  expect(type).toMatchObject({
    format: 'reference',
    pg: 'text collate "C"',
    cel: { kind: 'record', collection: 'countries' },
  })
})

test('roles are an array of PostgreSQL', () => expect(stringList.pg).toBe('text[]'))
