import type { CelType, EndKind } from './cel-type.ts'
import { jsonType } from './json-type.ts'
import { endSchema, openEnds, type RangeOf, rangeTypes } from './range-ends.ts'

/** What PostgreSQL, expressions, JSON and TypeScript make of a field's schema. */
export interface FieldType {
  readonly format: FormatName
  /** The full SQL type, with its collation. */
  readonly pg: string
  readonly cel: CelType
  readonly json: 'string' | 'number' | 'boolean' | 'json'
  /** As TypeScript writes it. */
  readonly ts: string
  /** Digits after the point of a decimal. */
  readonly scale?: number
  /** Digits of a decimal in all. */
  readonly precision?: number
  /** The values of an enum of strings. */
  readonly values?: readonly string[]
  /** Of either end of a range. */
  readonly end?: FieldType
}

export type FormatName = keyof typeof formats | 'reference' | 'list of references' | 'list of strings'

type Schema = Readonly<Record<string, unknown>>
type Row = Pick<FieldType, 'pg' | 'json' | 'ts'> & { readonly cel: CelType['kind'] }

const TEXT = { pg: 'text collate "C"', cel: 'string', json: 'string', ts: 'string' } as const satisfies Row

/** The one table of formats. `decimal`, ranges, objects and arrays get the rest from their schema. */
export const formats = {
  string: TEXT,
  email: TEXT,
  uri: TEXT,
  hostname: TEXT,
  ip: TEXT,
  enum: TEXT,
  uuid: { pg: 'uuid', cel: 'uuid', json: 'string', ts: 'string' },
  'date-time': { pg: 'timestamptz(3)', cel: 'timestamp', json: 'string', ts: 'string' },
  date: { pg: 'date', cel: 'date', json: 'string', ts: 'string' },
  time: { pg: 'time(3)', cel: 'time', json: 'string', ts: 'string' },
  duration: { pg: 'interval(3)', cel: 'duration', json: 'string', ts: 'string' },
  decimal: { pg: 'numeric', cel: 'decimal', json: 'string', ts: 'string' },
  int64: { pg: 'bigint', cel: 'int', json: 'string', ts: 'string' },
  integer: { pg: 'bigint', cel: 'int', json: 'number', ts: 'number' },
  number: { pg: 'double precision', cel: 'double', json: 'number', ts: 'number' },
  boolean: { pg: 'boolean', cel: 'bool', json: 'boolean', ts: 'boolean' },
  range: { pg: 'daterange', cel: 'range', json: 'json', ts: '{ from: string; until: string }' },
  object: { pg: 'jsonb', cel: 'object', json: 'json', ts: 'Record<string, unknown>' },
  array: { pg: 'jsonb', cel: 'list', json: 'json', ts: 'unknown[]' },
  json: { pg: 'jsonb', cel: 'dyn', json: 'json', ts: 'unknown' },
} as const satisfies Readonly<Record<string, Row>>

/** PostgreSQL could hold more; money, measures and rates are well below. */
export const DECIMAL_PRECISION = 38
export const MAX_DECIMAL_SCALE = 30

/** The type of a field by its schema. A to-one `$ref` counts as one to generated ids; see {@link referenceType} for chosen ones. */
export function fieldType(schema: Schema): FieldType {
  const collection = schema['$ref']
  if (typeof collection === 'string') return referenceType(collection)
  const format = formatOf(schema)
  const row: Row = formats[format]
  switch (format) {
    case 'enum': {
      const values = (schema['enum'] as unknown[]).filter((value): value is string => typeof value === 'string')
      return { format, ...row, cel: scalar('string'), ts: values.map(quoted).join(' | ') || 'string', values }
    }
    case 'decimal': {
      const scale = typeof schema['scale'] === 'number' ? schema['scale'] : 2
      return {
        format,
        ...row,
        cel: scalar('decimal'),
        pg: `numeric(${DECIMAL_PRECISION},${scale})`,
        scale,
        precision: DECIMAL_PRECISION,
      }
    }
    case 'range':
      return rangeType(schema)
    case 'object':
    case 'array': {
      const { cel, ts } = jsonType(schema)
      return { format, ...row, cel, ts }
    }
    default:
      return { format, ...row, cel: scalar(row.cel as 'string') }
  }
}

function rangeType(schema: Schema): FieldType {
  const end = fieldType(endSchema(schema))
  const open = openEnds(schema)
  const { scale } = end
  const ts = (isOpen: boolean) => (isOpen ? `${end.ts} | null` : end.ts)
  return {
    format: 'range',
    pg: rangeTypes[schema['of'] as RangeOf],
    cel: {
      kind: 'range',
      of: end.cel.kind as EndKind,
      open,
      nullable: false,
      ...(scale === undefined ? {} : { scale }),
    },
    json: 'json',
    ts: `{ from: ${ts(open.from)}; until: ${ts(open.until)} }`,
    end,
  }
}

/** A to-one relation: stored like the ids it points to, and followed in expressions. */
export function referenceType(
  collection: string,
  ids: FieldType = fieldType({ type: 'string', format: 'uuid' }),
): FieldType {
  const { values: _, ...type } = ids
  return { ...type, format: 'reference', cel: { kind: 'record', collection, nullable: false } }
}

/** Ids in their order, as a list in JSON; expressions follow each. */
export function referenceListType(
  collection: string,
  ids: FieldType = fieldType({ type: 'string', format: 'uuid' }),
): FieldType {
  const element = { kind: 'record', collection, nullable: false } as const
  return {
    format: 'list of references',
    pg: 'jsonb',
    cel: { kind: 'list', element, nullable: false },
    json: 'json',
    ts: `${ids.ts}[]`,
  }
}

/** Strings in a PostgreSQL array; only the system has such columns (`users.roles`). */
export const stringList: FieldType = {
  format: 'list of strings',
  pg: 'text[]',
  cel: { kind: 'list', element: { kind: 'string', nullable: false }, nullable: false },
  json: 'json',
  ts: 'string[]',
}

const KINDS = ['integer', 'number', 'boolean', 'range', 'object', 'array'] as const

function formatOf(schema: Schema): keyof typeof formats {
  const type = typeOf(schema)
  if (type !== 'string') return KINDS.find((kind) => kind === type) ?? 'json'
  const format = schema['format']
  if (format === 'ipv4' || format === 'ipv6') return 'ip'
  if (
    typeof format === 'string' &&
    Object.hasOwn(formats, format) &&
    (formats as Record<string, Row>)[format]?.json === 'string'
  ) {
    return format as keyof typeof formats
  }
  return Array.isArray(schema['enum']) ? 'enum' : 'string'
}

/** The JSON type but for `null`; a schema may leave it to its `enum` or `const`. */
function typeOf(schema: Schema): string | undefined {
  const declared = schema['type']
  const types = (Array.isArray(declared) ? declared : [declared]).filter((type) => type !== 'null')
  if (typeof types[0] === 'string') return types.length === 1 ? types[0] : undefined
  const values: readonly unknown[] = Array.isArray(schema['enum']) ? schema['enum'] : [schema['const']]
  if (values.every((value) => typeof value === 'string')) return 'string'
  if (schema['properties'] !== undefined) return 'object'
  return schema['items'] === undefined ? undefined : 'array'
}

function scalar(kind: Exclude<CelType['kind'], 'list' | 'map' | 'object' | 'record' | 'range'>): CelType {
  return { kind, nullable: false }
}

function quoted(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`
}
