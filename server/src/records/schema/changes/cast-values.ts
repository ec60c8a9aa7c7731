import type { ColumnType } from './remains.ts'

/**
 * What becomes of a column's values when its field gets another type. One table says it for every pair of types; the guide's
 * page is made of it, and a test tries every pair in PostgreSQL.
 */
export type Kind =
  | 'text'
  | 'uuid'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'duration'
  | 'decimal'
  | 'whole'
  | 'number'
  | 'boolean'
  | 'dates'
  | 'timestamps'
  | 'wholes'
  | 'decimals'
  | 'object'
  | 'list'
  | 'json'

export interface Cast {
  /** Some values may have no counterpart: they are counted, and forbid the change. */
  readonly checked: boolean
  /** What is lost, in words; the former values stay hidden then. */
  readonly loses?: string
  /** Never raises: NULL where there is no counterpart. */
  sql(value: string): string
  /** Functions of PostgreSQL that it needs, made for the session. */
  readonly needs: readonly string[]
}

/** Undefined where values can not be changed from one into the other. */
export function castOf(from: ColumnType, to: ColumnType): Cast | undefined {
  const source = kindOf(from)
  const target = kindOf(to)
  if (source === undefined || target === undefined) return undefined
  if (source === 'decimal' && target === 'decimal') return rescale(scaleOf(from), scaleOf(to))
  const rule = rules[source][target]
  if (rule === undefined) return undefined
  const { how, sql, loses, needs = [] } = rule
  const scale = scaleOf(to)
  return {
    checked: how === 'checked' || (source === 'whole' && target === 'decimal' && scale > 19),
    ...(loses === undefined ? {} : { loses }),
    sql: (value) => sql(value, scale),
    needs,
  }
}

export function isSameType(a: ColumnType, b: ColumnType): boolean {
  return a.type === b.type && a.json === b.json
}

export function kindOf({ type, json }: ColumnType): Kind | undefined {
  if (type === 'jsonb') return json === 'object' ? 'object' : json === 'array' ? 'list' : 'json'
  return kinds.find(([start]) => type === start || type.startsWith(`${start} `) || type.startsWith(`${start}(`))?.[1]
}

const kinds: readonly (readonly [string, Kind])[] = [
  ['text', 'text'],
  ['uuid', 'uuid'],
  ['timestamptz', 'timestamp'],
  ['date', 'date'],
  ['time', 'time'],
  ['interval', 'duration'],
  ['numeric', 'decimal'],
  ['bigint', 'whole'],
  ['double precision', 'number'],
  ['boolean', 'boolean'],
  ['daterange', 'dates'],
  ['tstzrange', 'timestamps'],
  ['int8range', 'wholes'],
  ['numrange', 'decimals'],
]

function scaleOf({ type }: ColumnType): number {
  return Number(/^numeric\(\d+,(\d+)\)$/.exec(type)?.[1] ?? 0)
}

interface Rule {
  /** `exact`: every value has its counterpart. */
  readonly how: 'exact' | 'checked'
  readonly loses?: string
  readonly needs?: readonly string[]
  readonly sql: (value: string, scale: number) => string
}

const exact = (sql: Rule['sql'], loses?: string): Rule => ({
  how: 'exact',
  sql,
  ...(loses === undefined ? {} : { loses }),
})
const checked = (sql: Rule['sql'], loses?: string): Rule => ({ ...exact(sql, loses), how: 'checked' })

/** Texts are read by functions, because PostgreSQL before 16 can not ask whether a text is a value without an error. */
function read(name: keyof typeof readers, after: (value: string, scale: number) => string = (value) => value): Rule {
  const call = (value: string) => `pg_temp.roadbase_read_${name}(${value})`
  return {
    how: 'checked',
    loses: 'how the texts are written',
    needs: [readerSql(name)],
    sql: (value, scale) => after(call(value), scale),
  }
}

const readers = {
  uuid: { type: 'uuid', pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' },
  timestamp: {
    type: 'timestamptz(3)',
    pattern: '^\\d{4}-\\d\\d-\\d\\d([Tt ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?([Zz]|[+-]\\d\\d:\\d\\d)?)?$',
  },
  date: { type: 'date', pattern: '^\\d{4}-\\d\\d-\\d\\d$' },
  time: { type: 'time(3)', pattern: '^\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?$' },
  duration: { type: 'interval(3)', pattern: '^-?P' },
  decimal: { type: 'numeric', pattern: '^[+-]?\\d+(\\.\\d+)?$' },
  whole: { type: 'bigint', pattern: '^[+-]?\\d+$' },
  number: { type: 'double precision', pattern: '^[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$' },
  json: { type: 'jsonb', pattern: '^\\s*[\\[{]' },
} as const

function readerSql(name: keyof typeof readers): string {
  const { type, pattern } = readers[name]
  return `create or replace function pg_temp.roadbase_read_${name}(written text) returns ${type} language plpgsql immutable strict as $read$
begin
  return case when written ~ '${pattern}' then written::${type} end;
exception when data_exception then
  return null;
end
$read$`
}

/** Ten to the power of the digits that are left before the point. */
const room = (scale: number) => `1${'0'.repeat(38 - scale)}::numeric`

const wrapped = (value: string, kind: 'object' | 'array') =>
  `case when jsonb_typeof(${value}) = '${kind}' then ${value} end`

const unwrapped = (value: string) =>
  `case when jsonb_typeof(${value}) = 'array' then case when jsonb_array_length(${value}) = 1 and jsonb_typeof(${value} -> 0) = 'object' then ${value} -> 0 end end`

/** From where it begins to where it ends; what is open stays so. */
const rangeAt = (value: string, type: string, end: (value: string) => string) =>
  `case when ${value} is not null then ${type}(${end(`lower(${value})`)}, ${end(`upper(${value})`)}) end`

const zeroOrOne = checked((value) => `case ${value} when 0 then false when 1 then true end`)
const asText = exact((value) => `${value}::text`)

const rules: Readonly<Record<Kind, Partial<Readonly<Record<Kind, Rule>>>>> = {
  text: {
    uuid: read('uuid'),
    timestamp: read('timestamp'),
    date: read('date'),
    time: read('time'),
    duration: read('duration'),
    // More digits than the field has would be lost in silence.
    decimal: read(
      'decimal',
      (value, scale) =>
        `case when scale(trim_scale(${value})) <= ${scale} and abs(${value}) < ${room(scale)} then ${value}::numeric(38,${scale}) end`,
    ),
    whole: read('whole'),
    number: read('number'),
    boolean: checked((value) => `case ${value} when 'true' then true when 'false' then false end`),
    object: read('json', (value) => wrapped(value, 'object')),
    list: read('json', (value) => wrapped(value, 'array')),
  },
  uuid: { text: asText },
  timestamp: {
    text: exact((value) => `to_char(${value}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`),
    date: exact((value) => `(${value} at time zone 'UTC')::date`, 'the time of day'),
    time: exact((value) => `(${value} at time zone 'UTC')::time(3)`, 'the day'),
  },
  date: { text: asText, timestamp: exact((value) => `(${value}::timestamp at time zone 'UTC')::timestamptz(3)`) },
  time: { text: asText },
  duration: { text: asText },
  decimal: {
    text: asText,
    whole: checked(
      (value) =>
        `case when round(${value}) between -9223372036854775808 and 9223372036854775807 then round(${value})::bigint end`,
      'what is behind the point',
    ),
    number: exact((value) => `${value}::double precision`, 'digits beyond the fifteenth'),
    boolean: zeroOrOne,
  },
  whole: {
    text: asText,
    decimal: exact(
      (value, scale) => `case when abs(${value}::numeric) < ${room(scale)} then ${value}::numeric(38,${scale}) end`,
    ),
    number: checked(
      (value) =>
        `case when ${value} between -9007199254740992 and 9007199254740992 then ${value}::double precision end`,
    ),
    boolean: zeroOrOne,
  },
  number: {
    text: asText,
    // By way of its text: the cast of PostgreSQL keeps fifteen digits only.
    decimal: checked(
      (value, scale) =>
        `case when abs(${value}) < 1e${38 - scale} then round(${value}::text::numeric, ${scale})::numeric(38,${scale}) end`,
      'digits that the field does not have',
    ),
    whole: checked(
      (value) => `case when abs(${value}) <= 9007199254740991 then ${value}::bigint end`,
      'what is behind the point',
    ),
    boolean: zeroOrOne,
  },
  boolean: {
    text: asText,
    decimal: exact((value, scale) => `${value}::int::numeric(38,${scale})`),
    whole: exact((value) => `${value}::int::bigint`),
    number: exact((value) => `${value}::int::double precision`),
  },
  dates: {
    timestamps: exact((value) => rangeAt(value, 'tstzrange', (end) => `(${end}::timestamp at time zone 'UTC')`)),
  },
  timestamps: {},
  wholes: { decimals: exact((value) => rangeAt(value, 'numrange', (end) => `${end}::numeric`)) },
  decimals: {},
  object: { text: asText, list: exact((value) => `jsonb_build_array(${value})`), json: exact((value) => value) },
  list: { text: asText, object: checked(unwrapped), json: exact((value) => value) },
  json: {
    text: asText,
    object: checked((value) => wrapped(value, 'object')),
    list: checked((value) => wrapped(value, 'array')),
  },
}

function rescale(from: number, to: number): Cast {
  return {
    checked: to > from,
    ...(to < from ? { loses: `digits behind the ${to === 1 ? 'first' : `${to}.`} one after the point` } : {}),
    sql: (value) =>
      to > from
        ? `case when abs(${value}) < ${room(to)} then ${value}::numeric(38,${to}) end`
        : `round(${value}, ${to})::numeric(38,${to})`,
    needs: [],
  }
}
