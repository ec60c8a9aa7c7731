import { quoteName, quoteText } from '../../db/quote.ts'
import type { CollectionModel, FieldModel, SequenceModel, SequencePart, TimePart } from '../model.ts'
import { isTime } from './check-sequences.ts'
import { objectName, snakeCase } from './naming.ts'
import type { SequenceShape, TriggerShape } from './table-shape.ts'

type Fields = CollectionModel['fields']

/** Where the fields of a numbered row are in SQL, and the instant that its time is told from. */
interface RowSql {
  column(quoted: string): string
  readonly now: string
}

const NEW: RowSql = { column: (quoted) => `($1).${quoted}`, now: 'now()' }
/** A row of the statement that is ending. */
const STORED: RowSql = { column: (quoted) => `r.${quoted}`, now: 'now()' }

export function sequenceName(table: string, column: string): string {
  return objectName(table, 'sequence', [column])
}

export function sequenceShape(field: FieldModel, sequence: SequenceModel, fields: Fields): SequenceShape {
  const { start, step, gapless, zone } = sequence
  const per = sequence.per.map((name) => (isTime(name) ? `${name} in ${zone}` : columnOf(name, fields)))
  return {
    column: field.column,
    start,
    step,
    reads: readSql(field, sequence, quoteName(field.column), fields),
    ...(gapless ? { per } : {}),
  }
}

export function sequenceTriggers(
  table: string,
  schema: string,
  field: FieldModel,
  sequence: SequenceModel,
  fields: Fields,
): Record<string, TriggerShape> {
  const name = `${quoteName(schema)}.${quoteName(sequenceName(table, field.column))}`
  const value = valueSql(field, sequence, fields, NEW, '$2')
  const call = (fn: string, ...args: readonly (string | number)[]) =>
    `execute function roadbase.${fn}(${args.map((arg) => quoteText(String(arg))).join(', ')})`
  const own = objectName(table, 'sequence', [field.column])
  if (!sequence.gapless) {
    const given = readSql(field, sequence, NEW.column(quoteName(field.column)), fields)
    return { [own]: { event: 'before insert', action: call('give_number', field.column, name, value, given) } }
  }
  const columns = sequence.per.flatMap((one) => (isTime(one) ? [] : [quoteName(columnOf(one, fields))]))
  const group = columns.map((column) => `format(${quoteText(`${column} = %L`)}, ${NEW.column(column)})`)
  const read = readSql(field, sequence, quoteName(field.column), fields, NEW)
  const scope = scopeSql(sequence, fields, NEW)
  const { start, step } = sequence
  const scopeOfRow = scopeSql(sequence, fields, STORED)
  const readOfRow = readSql(field, sequence, STORED.column(quoteName(field.column)), fields, STORED)
  return {
    [own]: {
      event: 'before insert',
      action: call(
        'count_number',
        field.column,
        name,
        value,
        scope,
        group.join(` || ' and ' || `) || `'true'`,
        read,
        start,
        step,
      ),
    },
    [objectName(table, 'counted', [field.column])]: {
      event: 'after insert',
      referencing: 'new table as new_rows',
      each: 'statement',
      action: call('return_numbers', name, step, scopeOfRow, readOfRow),
    },
  }
}

/** Records that have no number yet, in the order in which they were made: `id` and `value`. */
export function numberingSql(table: string, field: FieldModel, sequence: SequenceModel, fields: Fields): string {
  const { start, step } = sequence
  const column = quoteName(field.column)
  const inRow = (row: string): RowSql => ({ column: (quoted) => `${row}.${quoted}`, now: `${row}.created_at` })
  const scope = scopeSql(sequence, fields, inRow('t'))
  const highest = `greatest(max(${readSql(field, sequence, `t.${column}`, fields)}) over (partition by ${scope}), ${start - step})`
  const place = `row_number() over (partition by ${scope}, t.${column} is null order by t.created_at, t.id)`
  return `select r.id, ${valueSql(field, sequence, fields, inRow('r'), 'r.n__')} as value
from (select t.*, ${highest} + ${step} * ${place} as n__ from ${table} t) r where r.${column} is null`
}

function columnOf(name: string, fields: Fields): string {
  return fields.get(name)?.column ?? snakeCase(name)
}

function valueSql({ type }: FieldModel, sequence: SequenceModel, fields: Fields, row: RowSql, n: string): string {
  if (type.pg === 'bigint') return n
  return sequence.format.map((part) => partSql(part, sequence, fields, row, n)).join(' || ')
}

function partSql(part: SequencePart, { zone }: SequenceModel, fields: Fields, row: RowSql, n: string): string {
  if ('text' in part) return quoteText(part.text)
  if ('field' in part) return `${row.column(quoteName(columnOf(part.field, fields)))}::text`
  if ('time' in part) return timeSql(part.time, zone, row)
  // `lpad` would cut a number that has become longer.
  return `lpad((${n})::text, greatest(${part.digits}, length((${n})::text)), '0')`
}

const PATTERNS: Readonly<Record<TimePart, string>> = { year: 'YYYY', month: 'MM', day: 'DD' }

function timeSql(part: TimePart, zone: string, { now }: RowSql): string {
  return `to_char(${now} at time zone ${quoteText(zone)}, ${quoteText(PATTERNS[part])})`
}

function scopeSql({ per, zone }: SequenceModel, fields: Fields, row: RowSql): string {
  const parts = per.map((name) =>
    isTime(name) ? timeSql(name, zone, row) : row.column(quoteName(columnOf(name, fields))),
  )
  return `jsonb_build_array(${parts.join(', ')})::text`
}

/** The number in what a row has; NULL where it looks otherwise. `within` the scope of another row, or in any. */
function readSql(
  { type }: FieldModel,
  sequence: SequenceModel,
  column: string,
  fields: Fields,
  within?: RowSql,
): string {
  const { format, per, zone } = sequence
  const isInteger = type.pg === 'bigint'
  if (isInteger) return column
  const parts = format.map((part) => {
    if ('text' in part) return quoteText(part.text.replace(/[^A-Za-z0-9]/g, (char) => `\\${char}`))
    if ('digits' in part) return `'(\\d{1,18})'`
    if ('time' in part) {
      if (within !== undefined && per.includes(part.time)) return timeSql(part.time, zone, within)
      return part.time === 'year' ? `'\\d{4,}'` : `'\\d{2}'`
    }
    if (within === undefined || !per.includes(part.field)) return `'.*'`
    const value = within.column(quoteName(columnOf(part.field, fields)))
    return `regexp_replace(${value}::text, '([^[:alnum:]])', '\\\\\\1', 'g')`
  })
  return `substring(${column} from ${[`'^'`, ...parts, `'$'`].join(' || ')})::bigint`
}
