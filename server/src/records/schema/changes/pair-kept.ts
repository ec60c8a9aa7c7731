import type {
  CheckShape,
  ExcludeShape,
  ForeignKeyShape,
  IndexShape,
  SequenceShape,
  TriggerShape,
} from '../table-shape.ts'
import { namesIn, type Pairing, pair, renameIn } from './objects.ts'
import type { TableChange } from './table-change.ts'

/** Those that survive, in the next version's words, against those of the next version. */
export function pairKept<T>(
  old: Readonly<Record<string, T>>,
  next: Readonly<Record<string, T>>,
  survives: (one: T) => boolean,
  inNew: (one: T) => T,
): Pairing<T> {
  const all = Object.entries(old)
  const alive = all.filter(([, one]) => survives(one)).map(([name, one]) => [name, inNew(one)] as const)
  const { kept, dropped, added } = pair(Object.fromEntries(alive), next)
  const dead = all.filter(([, one]) => !survives(one)).map(([name]) => name)
  return { kept, dropped: [...dropped, ...dead], added }
}

/** Of columns (or tables): what they are called by what they were. */
type Names = ReadonlyMap<string, string>

export function indexIn(names: Names): (index: IndexShape) => IndexShape {
  return ({ where, columns, ...index }) => ({
    ...index,
    columns: columns.map(({ column, ...rest }) => ({ ...rest, column: names.get(column) ?? column })),
    ...(where === undefined ? {} : { where: renameIn(where, names) }),
  })
}

export function checkIn(names: Names, { columns }: TableChange): (check: CheckShape) => CheckShape {
  const fields = new Map(columns.flatMap(({ column, from }) => (from ? [[from.column.field, column.field]] : [])))
  return ({ sql: text, field }) => ({
    sql: renameIn(text, names),
    ...(field === undefined ? {} : { field: fields.get(field) ?? field }),
  })
}

export function triggerIn(names: Names): (trigger: TriggerShape) => TriggerShape {
  // A body stays as it is: functions find what they speak of by its name, and one with other names is another.
  return ({ event, action, ...rest }) => ({
    ...rest,
    event: renameIn(event, names),
    action: renameIn(action, names),
  })
}

export function keyIn(names: Names, tables: Names): (key: ForeignKeyShape) => ForeignKeyShape {
  return (key) => ({
    ...key,
    column: names.get(key.column) ?? key.column,
    table: tables.get(key.table) ?? key.table,
  })
}

export function sequenceIn(names: Names): (sequence: SequenceShape) => SequenceShape {
  const inNew = (column: string) => names.get(column) ?? column
  return ({ column, reads, per, ...sequence }) => ({
    ...sequence,
    column: inNew(column),
    reads: renameIn(reads, names),
    ...(per === undefined ? {} : { per: per.map(inNew) }),
  })
}

export function excludeIn(names: Names): (exclude: ExcludeShape) => ExcludeShape {
  const inNew = (column: string) => names.get(column) ?? column
  return ({ key, range: [from, until], where, ...exclude }) => ({
    ...exclude,
    key: key.map(inNew),
    range: until === undefined ? [inNew(from)] : [inNew(from), inNew(until)],
    ...(where === undefined ? {} : { where: renameIn(where, names) }),
  })
}

export function mentionedInExclude({ key, range, where }: ExcludeShape): Set<string> {
  return new Set([...key, ...range, ...(where === undefined ? [] : namesIn(where))])
}

export function columnsOf({ columns, where }: IndexShape): Set<string> {
  return new Set([...columns.map(({ column }) => column), ...(where === undefined ? [] : namesIn(where))])
}

export function mentionedBy({ event, action, body = '' }: TriggerShape): Set<string> {
  return new Set([event, action, body].flatMap((text) => [...namesIn(text)]))
}
