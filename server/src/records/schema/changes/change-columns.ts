import type { Refusal, Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { withoutLost } from '../entries.ts'
import * as sql from '../sql.ts'
import type { ColumnShape, ListShape } from '../table-shape.ts'
import { type Cast, castOf, isSameType } from './cast-values.ts'
import { moveFreeFields } from './free-fields.ts'
import { guard } from './guard.ts'
import { formerName, hiddenName, movingName } from './names.ts'
import { renameAll } from './objects.ts'
import type { ColumnType, HiddenColumn } from './remains.ts'
import { type ColumnChange, fieldPointer, isRetyped, type Steps, type TableChange } from './table-change.ts'

/** What happens to the columns of a table that is there. */
export function changeColumns(change: TableChange, coming: ReadonlyMap<string, string>): Steps {
  return {
    hide: change.gone.map(([name, column]) => hideColumn(change, name, column)),
    rename: renameColumns(change),
    create: change.columns.flatMap((one) => (one.from === undefined ? addColumn(change, one) : [])),
    type: change.columns.flatMap((one) => (isRetyped(one) ? changeType(change, one) : [])),
    fill: [
      ...moveFreeFields(change),
      ...change.columns.flatMap((one) => [...forgetLost(change, one), ...fill(change, one)]),
    ],
    require: change.columns.flatMap((one) => require(change, one, coming)),
  }
}

/** Out of sight, and in nobody's way: rows that come go without it. */
function hideColumn(
  { collection, former, schema, old, version }: TableChange,
  name: string,
  column: ColumnShape,
): Step {
  const hidden = hiddenName(name, version)
  const table = `${quoteName(schema)}.${quoteName(old.table)}`
  const full = `${collection}.${column.field}`
  return {
    title: `hide field ${full}`,
    sql: [
      sql.renameColumn(table, name, hidden),
      ...(column.notNull ? [sql.setNotNull(table, hidden, false)] : []),
      ...(column.default === undefined ? [] : [sql.setDefault(table, hidden, undefined)]),
    ].join(';\n'),
    pointer: fieldPointer(former, column),
    change: { action: 'hide', kind: 'field', name: full },
    blocks: 'everything',
    consent: `the values of ${full} go out of sight; they come back with a rollback, until they are purged`,
  }
}

/** One step for those that make way for one another, and one for each that comes back. */
function renameColumns({ collection, table, columns }: TableChange): Step[] {
  const moving = columns.flatMap(({ name, column, from, pointer }) =>
    from === undefined || from.name === name ? [] : [{ name, column, from, pointer }],
  )
  const renamed = moving.filter(({ from }) => from.hidden === undefined)
  const restored = moving.filter(({ from }) => from.hidden !== undefined)
  const statements = renameAll(
    renamed.map(({ from, name }) => ({ from: from.name, to: name })),
    movingName,
    (from, to) => sql.renameColumn(table, from, to),
  )
  const titles = renamed.map(({ from, column, pointer }) => ({
    title: `rename field ${collection}.${from.column.field} to ${column.field}`,
    pointer,
    change: { action: 'rename' as const, kind: 'field', name: `${collection}.${column.field}` },
    blocks: 'everything' as const,
  }))
  return [
    // What goes together is one statement of the first; the others are told.
    ...titles.map((step, index) => ({ ...step, sql: index === 0 ? statements.join(';\n') : sql.NOTHING })),
    ...restored.map(({ from, name, column, pointer }) => ({
      title: `restore field ${collection}.${column.field}, as version ${from.hidden?.version} had it`,
      sql: sql.renameColumn(table, from.name, name),
      pointer,
      change: { action: 'restore' as const, kind: 'field', name: `${collection}.${column.field}` },
      blocks: 'everything' as const,
    })),
  ]
}

/** A default that is the same for all rows is kept with the column, and no row is written. */
function addColumn({ collection, table }: TableChange, one: ColumnChange): Step[] {
  const { name, column, pointer, fill: value, promotes, computes } = one
  const full = `${collection}.${column.field}`
  const { default: preset, ...plain } = column
  const isFilled = value !== undefined || promotes === true || computes === true
  const add: Step = {
    title: `add field ${full}`,
    sql: sql.addColumn(table, name, isFilled ? { ...plain, notNull: false } : column),
    pointer,
    change: { action: 'create', kind: 'field', name: full },
    blocks: 'everything',
  }
  if (!column.notNull || preset !== undefined || isFilled) return [add]
  const message = `'${column.field}' is required and has no default; records of ${collection} that are there already: %s. Give it a 'default' or a 'backfill'`
  return [guard(`see that ${collection} is empty`, table, `select count(*) from ${table}`, message, pointer), add]
}

/** What can't be done is told by {@link refuseTypes}. */
function changeType(change: TableChange, one: ColumnChange): Step[] {
  const { collection, table, version, memory } = change
  const { name, column, pointer, from } = one
  if (from === undefined) return []
  const full = `${collection}.${column.field}`
  const quoted = quoteName(name)
  const kept = formerValues(memory.columns ?? [], from, column)
  const conversion = conversionOf(from.column, column, kept)
  if (conversion === undefined) return []
  const { checked, loses, needs, value } = conversion(quoted)
  const store = loses === undefined ? undefined : quoteName(formerName(name, version))
  const changes = [
    `alter column ${quoted} type ${column.type} using ${value}`,
    ...(store === undefined ? [] : [`alter column ${store} type ${from.column.type} using ${quoted}`]),
  ]
  const statements = [
    ...(from.column.default === undefined || from.hidden !== undefined ? [] : [sql.setDefault(table, name, undefined)]),
    ...(store === undefined ? [] : [`alter table ${table} add column ${store} ${from.column.type}`]),
    `alter table ${table} ${changes.join(', ')}`,
    ...(kept === undefined ? [] : [sql.dropColumn(table, kept.column)]),
  ]
  const lost = loses === undefined ? '' : `; ${loses} is lost, and the former values stay hidden until they are purged`
  const message = `records of ${collection} whose '${column.field}' can not become ${typeName(column)}: %s. Change them, or add a new field with a 'backfill' that says what becomes of them`
  const count = `select count(*) from ${table} where ${quoted} is not null and (${value}) is null`
  return [
    ...(needs.length === 0 ? [] : [{ title: `make ready to read texts`, sql: needs.join(';\n'), temporary: true }]),
    ...(checked
      ? [guard(`see that every ${full} can become ${typeName(column)}`, table, count, message, pointer)]
      : []),
    {
      title: `change the type of ${full} from ${typeName(from.column)} to ${typeName(column)}`,
      sql: statements.join(';\n'),
      pointer,
      change: { action: 'change', kind: 'field', name: full },
      blocks: 'everything',
      work: { kind: 'rewrite', table },
      consent: `${full} becomes ${typeName(column)}: every record of ${collection} is rewritten, and requests for it wait meanwhile${lost}`,
    },
  ]
}

/** Type changes that have no way, with what to do instead. */
export function refuseTypes({ columns, memory }: TableChange): Refusal[] {
  return columns.flatMap((one) => {
    const { column, from, pointer } = one
    if (from === undefined || !isRetyped(one)) return []
    if (canBecome(memory.columns ?? [], from, column)) return []
    const types = `${typeName(from.column)} to ${typeName(column)}`
    const message = `'${column.field}' can not change its type from ${types}: add a new field with a 'backfill' that says what becomes of the values, and remove this one in a later version`
    return [{ pointer, message }]
  })
}

interface Conversion extends Pick<Cast, 'checked' | 'loses' | 'needs'> {
  readonly value: string
}

/**
 * Values become what the table of casts says. Where the former values of this very type lie hidden, those that nobody
 * has changed since come back as they were; only the others are cast.
 */
function conversionOf(
  from: ColumnType,
  to: ColumnType,
  kept: HiddenColumn | undefined,
): ((value: string) => Conversion) | undefined {
  const cast = castOf(from, to)
  if (kept === undefined) return cast && ((value) => ({ ...cast, value: cast.sql(value) }))
  const path = [kept.type, ...(kept.became ?? [])]
  const steps = path.slice(1).map((type, index) => castOf(path[index] as ColumnType, type))
  return (value) => {
    const once = steps.reduce((text, step) => step?.sql(text) ?? `null`, quoteName(kept.column))
    const back = cast?.sql(value) ?? `null::${to.type}`
    return {
      checked: true,
      ...(cast?.loses === undefined ? {} : { loses: cast.loses }),
      needs: [...new Set([...(cast?.needs ?? []), ...steps.flatMap((step) => step?.needs ?? [])])],
      value: `case when ${value} is not distinct from (${once}) then ${quoteName(kept.column)} else ${back} end`,
    }
  }
}

/** What the column held when it last was of this type. */
export function formerValues(
  columns: readonly HiddenColumn[],
  from: { readonly name: string; readonly column: ColumnType },
  to: ColumnType,
): HiddenColumn | undefined {
  return columns.findLast(({ kind, of, type, became = [] }) => {
    const last = became.at(-1)
    return (
      kind === 'values' &&
      of === from.name &&
      isSameType(type, to) &&
      last !== undefined &&
      isSameType(last, from.column)
    )
  })
}

/** Whether the values of a column can be those of another type, in any way that is known. */
export function canBecome(
  columns: readonly HiddenColumn[],
  from: { readonly name: string; readonly column: ColumnType },
  to: ColumnType,
): boolean {
  return castOf(from.column, to) !== undefined || formerValues(columns, from, to) !== undefined
}

/** What comes back may speak of records that are gone. */
function forgetLost({ collection, table, schema, next, isRestored }: TableChange, one: ColumnChange): Step[] {
  const { name, column, from, pointer } = one
  if (from === undefined || (from.hidden === undefined && !isRestored)) return []
  const list = Object.values(next.lists ?? {}).find((other) => other.column === name)
  if (list !== undefined) return [forgetEntries({ collection, table, schema }, one, list)]
  const key = Object.values(next.foreignKeys).find((other) => other.column === name)
  if (key === undefined) return []
  const target = `${quoteName(schema)}.${quoteName(key.table)}`
  const lost = `t.${quoteName(name)} is not null and not exists (select from ${target} as r where r.id = t.${quoteName(name)})`
  return [
    {
      title: `empty ${collection}.${column.field} where it refers to records that were deleted meanwhile`,
      sql: sql.fillColumn(table, name, 'null', lost),
      pointer,
      blocks: 'everything',
      work: { kind: 'scan', table },
      mends: 'table',
    },
  ]
}

/** Of lists, too. */
function forgetEntries(
  { collection, table, schema }: Pick<TableChange, 'collection' | 'table' | 'schema'>,
  { name, column, pointer }: ColumnChange,
  list: ListShape,
): Step {
  const { value, where } = withoutLost(schema, list)
  return {
    title: `take out of ${collection}.${column.field} what was deleted meanwhile`,
    sql: sql.fillColumn(table, name, value, where),
    pointer,
    blocks: 'everything',
    work: { kind: 'scan', table },
    mends: 'table',
  }
}

function fill(
  { collection, table }: TableChange,
  { name, column, from, fill: value, fillFrom, pointer }: ColumnChange,
): Step[] {
  if (value === undefined) return []
  const full = `${collection}.${column.field}`
  return [
    {
      title: `fill ${full} ${from === undefined ? 'of the records that are there' : 'where it is empty'}`,
      sql: sql.fillColumn(table, name, value, `t.${quoteName(name)} is null`, fillFrom),
      pointer,
      change: { action: 'change', kind: 'field', name: full },
      blocks: 'everything',
      work: { kind: 'rewrite', table },
      consent: `${full} is filled in the records of ${collection} that have none, and requests for it wait meanwhile`,
    },
  ]
}

/** Default and `not null`, at the end: by then every row has its value. */
function require(change: TableChange, one: ColumnChange, coming: ReadonlyMap<string, string>): Step[] {
  const { collection, table } = change
  const { name, column, from, pointer, fill: value, promotes, computes } = one
  const full = `${collection}.${column.field}`
  const steps: Step[] = []
  const told = { pointer, change: { action: 'change', kind: 'field', name: full }, blocks: 'everything' } as const
  const presetNow = from === undefined ? (value === undefined ? column.default : undefined) : presetOf(one)
  if (presetNow !== column.default) {
    const title = `change the default of ${full}`
    const belongs = from === undefined || from.hidden !== undefined || isRetyped(one)
    const { change: _change, ...quiet } = told
    steps.push({ ...(belongs ? quiet : told), title, sql: sql.setDefault(table, name, column.default) })
  }
  const isFilled = value !== undefined || promotes === true || computes === true
  const requiredNow = from === undefined ? column.notNull && !isFilled : from.column.notNull
  if (requiredNow === column.notNull) return steps
  if (!column.notNull) {
    return [...steps, { ...told, title: `make ${full} optional`, sql: sql.setNotNull(table, name, false) }]
  }
  const check = coming.get(name)
  const set = sql.setNotNull(table, name, true)
  if (check !== undefined) {
    const text = [set, sql.dropConstraint(table, check)].join(';\n')
    return [...steps, { ...told, title: `make ${full} required`, sql: text }]
  }
  const message =
    value === undefined && computes !== true
      ? `records of ${collection} that have no '${column.field}': %s. Give it a 'backfill'`
      : `records of ${collection} for which '${column.field}' gets no value: %s`
  const count = `select count(*) from ${table} where ${quoteName(name)} is null`
  return [
    ...steps,
    guard(`see that every record has ${full}`, table, count, message, pointer),
    { ...told, title: `make ${full} required`, sql: set, work: { kind: 'scan', table } },
  ]
}

/** The default that the column has when all but this is done. */
function presetOf(one: ColumnChange): string | undefined {
  return one.from?.hidden !== undefined || isRetyped(one) ? undefined : one.from?.column.default
}

export function typeName(column: ColumnType): string {
  return column.json === undefined || column.json === 'any' ? column.type.replace(/ collate .*/, '') : column.json
}
