import { MAX_DECIMAL_SCALE } from '../../../expr/index.ts'
import type { JsonSchema } from '../json-schema.ts'
import { DEFAULT_SCALE } from '../keywords.ts'
import type { ViewColumn } from './inspect-view.ts'

/** The schema of a field as the type of its column has it; undefined where no field can have that type. */
export function schemaOfColumn({ type, scale = DEFAULT_SCALE }: ViewColumn): JsonSchema | undefined {
  const element = type.startsWith('_') ? ELEMENTS[type.slice(1)] : undefined
  if (element !== undefined) return { type: 'array', items: element }
  if (type === 'numeric') return { type: 'string', format: 'decimal', scale: Math.min(scale, MAX_DECIMAL_SCALE) }
  return SCHEMAS[type]
}

/** Whether the values of a column can be those of a field that is kept as `pg`, without a cast that could fail. */
export function fits({ type }: ViewColumn, pg: string): boolean {
  if (type.startsWith('_')) return ELEMENTS[type.slice(1)] !== undefined && pg === 'jsonb'
  return (FITS[type] ?? []).some((one) => pg === one || pg.startsWith(`${one}(`) || pg.startsWith(`${one} collate`))
}

/** The column as the field has it. Lists are JSON, as they are in tables. */
export function columnSql({ type }: ViewColumn, column: string, pg: string): string {
  return type.startsWith('_') ? `to_jsonb(${column})` : `${column}::${pg}`
}

/** What to write instead, where that is clear. */
export function castFor({ type, shown }: ViewColumn): string {
  if (type === 'timestamp') return "cast it to timestamptz, as by `at time zone 'UTC'`"
  return `cast it, as by \`::text\`: no field has the type ${shown}`
}

const TEXT = { type: 'string' }
const INTEGER = { type: 'integer' }
const NUMBER = { type: 'number' }

const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  ...{ text: TEXT, varchar: TEXT, bpchar: TEXT, int2: INTEGER, int4: INTEGER, int8: INTEGER },
  ...{ float4: NUMBER, float8: NUMBER, bool: { type: 'boolean' }, json: {}, jsonb: {} },
  uuid: { type: 'string', format: 'uuid' },
  timestamptz: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  time: { type: 'string', format: 'time' },
  interval: { type: 'string', format: 'duration' },
  // What SQL makes of ranges may be open.
  daterange: { type: 'range', of: 'date', open: 'both' },
  tstzrange: { type: 'range', of: 'date-time', open: 'both' },
  int8range: { type: 'range', of: 'integer', open: 'both' },
  numrange: { type: 'range', of: 'decimal', scale: DEFAULT_SCALE, open: 'both' },
}

/** What arrays of PostgreSQL have in them, where JSON has the same. */
const ELEMENTS: Readonly<Record<string, JsonSchema>> = {
  ...{ text: TEXT, varchar: TEXT, int2: INTEGER, int4: INTEGER, int8: INTEGER, bool: { type: 'boolean' } },
  ...{ float4: NUMBER, float8: NUMBER, uuid: { type: 'string', format: 'uuid' } },
}

const WHOLE = ['bigint', 'numeric', 'double precision']

const FITS: Readonly<Record<string, readonly string[]>> = {
  ...{ text: ['text'], varchar: ['text'], bpchar: ['text'], uuid: ['uuid'], bool: ['boolean'] },
  ...{ int2: WHOLE, int4: WHOLE, int8: WHOLE, numeric: ['numeric', 'double precision'] },
  ...{ float4: ['double precision'], float8: ['double precision'], json: ['jsonb'], jsonb: ['jsonb'] },
  ...{ daterange: ['daterange'], tstzrange: ['tstzrange'], int8range: ['int8range'], numrange: ['numrange'] },
  ...{ timestamptz: ['timestamptz'], date: ['date'], time: ['time'], interval: ['interval'] },
}
