import type { Step } from '../../../apps/section.ts'
import { quoteName, quoteText } from '../../../db/quote.ts'
import { FREE } from '../../model.ts'
import { FREE_COLUMN } from '../naming.ts'
import * as sql from '../sql.ts'
import type { ColumnShape, TableShape } from '../table-shape.ts'
import { castOf, kindOf } from './cast-values.ts'
import { guard } from './guard.ts'
import { hiddenName } from './names.ts'
import type { ColumnChange, TableChange } from './table-change.ts'

/** Whether a field is named now that could be a free key until now: its values lie among those. */
export function isPromoted({ columns }: TableShape, { field }: ColumnShape, from: ColumnChange['from']): boolean {
  if (columns[FREE_COLUMN] === undefined || field === FREE) return false
  if (Object.values(columns).some((other) => other.field === field)) return false
  return from === undefined || from.hidden !== undefined
}

/** What moves between the free keys and the columns of the fields, and back with a rollback. */
export function moveFreeFields(change: TableChange): Step[] {
  return [
    ...change.columns.flatMap((one) => (one.promotes === true ? promote(change, one) : renamedOnto(change, one))),
    ...(change.demotes ?? []).map(([name, column]) => demote(change, name, column)),
    ...dropNamed(change),
  ]
}

function promote(change: TableChange, { name, column, pointer }: ColumnChange): Step[] {
  const { collection, table } = change
  const free = freeColumn(change)
  const key = quoteText(column.field)
  const value = `(t.${free} -> ${key})`
  const cast = readFree(value, column)
  const full = `${collection}.${column.field}`
  const has = `t.${free} ? ${key} and jsonb_typeof${value} <> 'null'`
  const count = `select count(*) from ${table} as t where ${has} and (${cast.sql}) is null`
  const message = `records of ${collection} whose '${column.field}' does not fit the new field: %s. Change them first, or give the field another type`
  const stays = change.next.columns[FREE_COLUMN] !== undefined
  const check = guard(`see that every ${full} fits its field`, table, count, message, pointer)
  const { look: _look, ...unseen } = check
  const move = [
    sql.fillColumn(table, name, cast.sql, has),
    ...(stays ? [sql.fillColumn(table, FREE_COLUMN, `t.${free} - ${key}`, `t.${free} ? ${key}`)] : []),
  ]
  return [
    ...(cast.needs.length === 0
      ? []
      : [{ title: 'make ready to read texts', sql: cast.needs.join(';\n'), temporary: true }]),
    // Where the collection is closed at the same time, the keys have another name by then.
    stays ? check : unseen,
    {
      title: `move ${full} from the free keys into its field`,
      sql: move.join(';\n'),
      pointer,
      change: { action: 'change', kind: 'field', name: full },
      blocks: 'everything',
      work: { kind: 'rewrite', table },
      consent: `${full} becomes a field: records that have it are rewritten, and requests for ${collection} wait meanwhile`,
    },
  ]
}

/** A field that only got another name keeps its values; what lies under that name would be lost behind them. */
function renamedOnto(change: TableChange, { column, from, pointer }: ColumnChange): Step[] {
  const { collection, table, old, next } = change
  const isRenamed = from !== undefined && from.hidden === undefined && from.column.field !== column.field
  const isOpen = old.columns[FREE_COLUMN] !== undefined && next.columns[FREE_COLUMN] !== undefined
  if (!isRenamed || !isOpen || column.field === FREE) return []
  const count = `select count(*) from ${table} as t where t.${freeColumn(change)} ? ${quoteText(column.field)}`
  const message = `records of ${collection} that have a free key '${column.field}' already: %s. Rename or remove it there first`
  return [guard(`see that no free key is called ${column.field}`, table, count, message, pointer)]
}

/** By a rollback to a version that knew them as free keys. */
function demote(change: TableChange, name: string, column: ColumnShape): Step {
  const { collection, table, version } = change
  const hidden = `t.${quoteName(hiddenName(name, version))}`
  const free = `t.${quoteName(FREE_COLUMN)}`
  const key = quoteText(column.field)
  return {
    title: `give the values of ${collection}.${column.field} back to the free keys`,
    sql: sql.fillColumn(
      table,
      FREE_COLUMN,
      `${free} || jsonb_build_object(${key}, ${asJson(hidden, column)})`,
      `${hidden} is not null`,
    ),
    change: { action: 'change', kind: 'field', name: `${collection}.${column.field}` },
    blocks: 'everything',
    work: { kind: 'rewrite', table },
  }
}

/** Free keys that come back from a time before some of them became fields: those have had their values since. */
function dropNamed({ table, columns, next }: TableChange): Step[] {
  const restored = columns.some(({ name, from }) => name === FREE_COLUMN && from?.hidden !== undefined)
  if (!restored) return []
  const free = `t.${quoteName(FREE_COLUMN)}`
  const names = Object.values(next.columns).map(({ field }) => quoteText(field))
  const list = `array[${names.join(', ')}]`
  return [
    {
      title: 'leave out the free keys that are fields by now',
      sql: sql.fillColumn(table, FREE_COLUMN, `${free} - ${list}`, `${free} ?| ${list}`),
      blocks: 'everything',
      work: { kind: 'scan', table },
      mends: 'table',
    },
  ]
}

function freeColumn({ next, version }: TableChange): string {
  return quoteName(next.columns[FREE_COLUMN] === undefined ? hiddenName(FREE_COLUMN, version) : FREE_COLUMN)
}

const TEXT: Pick<ColumnShape, 'type'> = { type: 'text' }

/** A JSON value as one of the column's type; NULL where it is none, so that it can be counted. */
function readFree(value: string, column: ColumnShape): { readonly sql: string; readonly needs: readonly string[] } {
  const kind = kindOf(column)
  const ofKind = (type: string, then: string) => ({
    sql: `case when jsonb_typeof${value} = '${type}' then ${then} end`,
    needs: [],
  })
  const text = `${value} #>> '{}'`
  switch (kind) {
    case 'json':
      return { sql: value, needs: [] }
    case 'object':
      return ofKind('object', value)
    case 'list':
      return ofKind('array', value)
    case 'boolean':
      return ofKind('boolean', `${value}::boolean`)
    case 'text':
      return ofKind('string', text)
    case 'decimal':
    case 'whole':
    case 'number':
      return cast(
        `case jsonb_typeof${value} when 'number' then trim_scale(${value}::numeric)::text when 'string' then ${text} end`,
        column,
      )
    case 'dates':
    case 'timestamps':
    case 'wholes':
    case 'decimals':
      return readRange(value, kind)
    default:
      return cast(`case when jsonb_typeof${value} = 'string' then ${text} end`, column)
  }
}

/** Types of the ends of ranges. */
const ENDS = { dates: 'date', timestamps: 'timestamptz(3)', wholes: 'bigint', decimals: 'numeric' } as const

function endColumn(kind: keyof typeof ENDS): ColumnShape {
  return { field: '', type: ENDS[kind], notNull: false }
}

/** With any digits: the constraint of the column says how many there may be. */
function readDecimal(value: string): { readonly sql: string; readonly needs: readonly string[] } {
  const text = `case jsonb_typeof${value} when 'number' then trim_scale(${value}::numeric)::text when 'string' then ${value} #>> '{}' end`
  return { sql: `pg_temp.roadbase_read_decimal(${text})`, needs: castOf(TEXT, { type: 'numeric(38,0)' })?.needs ?? [] }
}

/** An object of two ends; the constraint of the column sees to what else a range is. */
function readRange(
  value: string,
  kind: keyof typeof ENDS,
): { readonly sql: string; readonly needs: readonly string[] } {
  const ends = ['from', 'until'].map((name) => {
    const raw = `(${value} -> '${name}')`
    const { sql: end, needs } = kind === 'decimals' ? readDecimal(raw) : readFree(raw, endColumn(kind))
    return { end, needs, sound: `(coalesce(jsonb_typeof${raw}, 'null') = 'null' or (${end}) is not null)` }
  })
  const sound = [`jsonb_typeof${value} = 'object'`, ...ends.map((one) => one.sound)].join(' and ')
  return {
    sql: `case when ${sound} then roadbase.range(${ends.map(({ end }) => end).join(', ')}) end`,
    needs: [...new Set(ends.flatMap(({ needs }) => needs))],
  }
}

function cast(text: string, column: ColumnShape): { readonly sql: string; readonly needs: readonly string[] } {
  const found = castOf(TEXT, column)
  return found === undefined ? { sql: 'null', needs: [] } : { sql: found.sql(`(${text})`), needs: found.needs }
}

/** As the record showed it. Whole numbers that JavaScript would round are texts, as in every answer. */
function asJson(value: string, column: ColumnShape): string {
  const kind = kindOf(column)
  switch (kind) {
    case 'timestamp':
      return `to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    case 'whole':
      return `case when abs(${value}::numeric) < 9007199254740992 then to_jsonb(${value}) else to_jsonb(${value}::text) end`
    case 'dates':
    case 'timestamps':
    case 'wholes':
    case 'decimals': {
      const end = endColumn(kind)
      return `jsonb_build_object('from', ${asJson(`lower(${value})`, end)}, 'until', ${asJson(`upper(${value})`, end)})`
    }
    case 'number':
    case 'boolean':
    case 'object':
    case 'list':
    case 'json':
      return `to_jsonb(${value})`
    default:
      return `to_jsonb(${value}::text)`
  }
}
