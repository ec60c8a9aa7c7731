import type { Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import { FREE } from '../../model.ts'
import { companionOf } from '../companions.ts'
import * as sql from '../sql.ts'
import type {
  CheckShape,
  ExcludeShape,
  ForeignKeyShape,
  IndexShape,
  SequenceShape,
  TriggerShape,
} from '../table-shape.ts'
import { addExclude } from './add-exclude.ts'
import { balanceLedger } from './balance-ledger.ts'
import { collectionPointer } from './describe-collection.ts'
import { guard } from './guard.ts'
import { comingName, movingName } from './names.ts'
import { canonical, namesIn, type Pairing, pair, type Rename, renameAll, renameIn } from './objects.ts'
import { isRetyped, type Steps, type TableChange } from './table-change.ts'

/** What tables there are besides this one, and which of them change in a way that concerns those who refer to them. */
export interface Neighbours {
  /** What the tables that are there will be called. */
  readonly tables: ReadonlyMap<string, string>
  /** Tables (as they will be called) to which no reference can stay as it is. */
  readonly unsettled: ReadonlySet<string>
}

/**
 * Indexes, constraints and triggers of a table that is there. Those that say the same keep their work and get the new name. What speaks
 * of a column whose values change is made anew: only so can be told how many of them do not fit.
 */
export function changeObjects(
  change: TableChange,
  neighbours: Neighbours,
): { readonly steps: Steps; readonly indexes: readonly Rename[]; readonly sequences: readonly Rename[] } {
  const { collection, old, next, table, schema } = change
  const names = new Map(change.columns.flatMap(({ name, from }) => (from === undefined ? [] : [[from.name, name]])))
  const lost = new Set([
    ...[...change.gone, ...change.dropped].map(([name]) => name),
    ...change.columns.flatMap((one) =>
      one.from !== undefined && (one.fill !== undefined || one.computes === true || isRetyped(one))
        ? [one.from.name]
        : [],
    ),
  ])
  const survives = (mentioned: Iterable<string>) => ![...mentioned].some((name) => lost.has(name))

  const indexes = pairKept(old.indexes, next.indexes, (index) => survives(columnsOf(index)), indexIn(names))
  const checks = pairKept(old.checks, next.checks, ({ sql: text }) => survives(namesIn(text)), checkIn(names, change))
  const triggers = pairKept(old.triggers, next.triggers, (trigger) => survives(mentionedBy(trigger)), triggerIn(names))
  const keys = pairKept(
    old.foreignKeys,
    next.foreignKeys,
    (key) => survives([key.column]) && isSettled(key, change, neighbours),
    keyIn(names, neighbours.tables),
  )
  const excludes = pairKept(
    old.excludes ?? {},
    next.excludes ?? {},
    (exclude) => survives(mentionedInExclude(exclude)),
    excludeIn(names),
  )
  const sequences = pairKept(
    old.sequences ?? {},
    next.sequences ?? {},
    ({ column, per = [] }) => survives([column, ...per]),
    sequenceIn(names),
  )
  const drop = (kind: string, name: string, text: string): Step => ({
    title: `drop ${kind} ${name} of ${collection}`,
    sql: text,
    change: { action: 'drop', kind, name: `${collection}.${name}` },
    blocks: 'everything',
  })
  // Nothing has its new name yet.
  const now = `${quoteName(schema)}.${quoteName(old.table)}`
  const soon = settledColumns(change)
  const builtBefore = (index: IndexShape) => soon !== undefined && [...columnsOf(index)].every((name) => soon.has(name))
  const checkedBefore = (check: CheckShape) =>
    soon !== undefined && [...namesIn(check.sql)].every((name) => soon.has(name))
  const renamed = [
    ...renameAll([...checks.kept, ...keys.kept], movingName, (from, to) => sql.renameConstraint(table, from, to)),
    ...renameAll(triggers.kept, movingName, (from, to) => sql.renameTrigger(table, from, to)),
  ]
  const steps: Steps = {
    before: [
      ...checks.added.flatMap(([name, check]) => (checkedBefore(check) ? checkBefore(change, now, name, check) : [])),
      ...indexes.added.flatMap(([name, index]) => (builtBefore(index) ? buildBefore(change, now, name, index) : [])),
    ],
    drop: [
      ...keys.dropped.map((name) => drop('reference', name, sql.dropConstraint(now, name))),
      ...excludes.dropped.map((name) => drop('exclude', name, sql.dropConstraint(now, name))),
      ...checks.dropped.map((name) => drop('check', name, sql.dropConstraint(now, name))),
      ...triggers.dropped.flatMap((name) => {
        const trigger = old.triggers[name]
        return trigger === undefined ? [] : [drop('trigger', name, sql.dropTrigger(now, name, trigger))]
      }),
      ...sequences.dropped.map((name) => drop('sequence', name, sql.dropSequence(schema, name))),
      ...indexes.dropped.map((name) => drop('index', name, sql.dropIndex(schema, name))),
    ],
    rename:
      renamed.length === 0
        ? []
        : [
            {
              title: `name the constraints and triggers of ${collection} as the document does`,
              sql: renamed.join(';\n'),
              blocks: 'everything',
            },
          ],
    index: [
      ...checks.added.flatMap(([name, check]) =>
        checkedBefore(check) ? [takeCheck(change, name, check)] : addCheck(change, name, check),
      ),
      ...indexes.added.flatMap(([name, index]) =>
        builtBefore(index) ? [takeIndex(change, name, index)] : addIndex(change, name, index),
      ),
      ...excludes.added.flatMap(([name, exclude]) => addExclude(change, name, exclude)),
      ...sequences.added.map(([name, sequence]) => addSequence(change, name, sequence)),
      ...(isBalanced(change, names, survives) ? [] : balanceLedger(change)),
      ...triggers.added.map(([name, trigger]) => ({
        title: `add trigger ${name} to ${collection}`,
        sql: sql.createTrigger(table, name, trigger),
        change: { action: 'create' as const, kind: 'trigger', name: `${collection}.${name}` },
        blocks: 'writes' as const,
      })),
    ],
    refer: keys.added.flatMap(([name, key]) => addForeignKey(change, name, key)),
  }
  return { steps, indexes: [...indexes.kept, ...excludes.kept], sequences: sequences.kept }
}

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

type Names = ReadonlyMap<string, string>

function indexIn(names: Names): (index: IndexShape) => IndexShape {
  return ({ where, columns, ...index }) => ({
    ...index,
    columns: columns.map(({ column, ...rest }) => ({ ...rest, column: names.get(column) ?? column })),
    ...(where === undefined ? {} : { where: renameIn(where, names) }),
  })
}

function checkIn(names: Names, { columns }: TableChange): (check: CheckShape) => CheckShape {
  const fields = new Map(columns.flatMap(({ column, from }) => (from ? [[from.column.field, column.field]] : [])))
  return ({ sql: text, field }) => ({
    sql: renameIn(text, names),
    ...(field === undefined ? {} : { field: fields.get(field) ?? field }),
  })
}

function triggerIn(names: Names): (trigger: TriggerShape) => TriggerShape {
  // A body stays as it is: functions find what they speak of by its name, and one with other names is another.
  return ({ event, action, ...rest }) => ({
    ...rest,
    event: renameIn(event, names),
    action: renameIn(action, names),
  })
}

function keyIn(names: Names, tables: Names): (key: ForeignKeyShape) => ForeignKeyShape {
  return (key) => ({
    ...key,
    column: names.get(key.column) ?? key.column,
    table: tables.get(key.table) ?? key.table,
  })
}

function sequenceIn(names: Names): (sequence: SequenceShape) => SequenceShape {
  const inNew = (column: string) => names.get(column) ?? column
  return ({ column, reads, per, ...sequence }) => ({
    ...sequence,
    column: inNew(column),
    reads: renameIn(reads, names),
    ...(per === undefined ? {} : { per: per.map(inNew) }),
  })
}

function addSequence({ collection, table, schema, next }: TableChange, name: string, sequence: SequenceShape): Step {
  const field = next.columns[sequence.column]?.field ?? sequence.column
  return {
    title: `number the records of ${collection} by ${field}`,
    sql: sql.createSequence(table, schema, name, sequence),
    pointer: below('/collections', collection, 'schema', 'properties', field, 'sequence'),
    change: { action: 'create', kind: 'sequence', name: `${collection}.${field}` },
    blocks: 'writes',
    work: { kind: 'scan', table },
  }
}

/** Whether the records that are there add up already: the live version has held them to it. */
function isBalanced(
  { old, next }: TableChange,
  names: Names,
  survives: (mentioned: Iterable<string>) => boolean,
): boolean {
  if (next.ledger === undefined) return true
  if (old.ledger === undefined || !survives([old.ledger.sum, ...old.ledger.per])) return false
  const inNew = (column: string) => names.get(column) ?? column
  return canonical({ sum: inNew(old.ledger.sum), per: old.ledger.per.map(inNew) }) === canonical(next.ledger)
}

function excludeIn(names: Names): (exclude: ExcludeShape) => ExcludeShape {
  const inNew = (column: string) => names.get(column) ?? column
  return ({ key, range: [from, until], where, ...exclude }) => ({
    ...exclude,
    key: key.map(inNew),
    range: until === undefined ? [inNew(from)] : [inNew(from), inNew(until)],
    ...(where === undefined ? {} : { where: renameIn(where, names) }),
  })
}

function mentionedInExclude({ key, range, where }: ExcludeShape): Set<string> {
  return new Set([...key, ...range, ...(where === undefined ? [] : namesIn(where))])
}

function columnsOf({ columns, where }: IndexShape): Set<string> {
  return new Set([...columns.map(({ column }) => column), ...(where === undefined ? [] : namesIn(where))])
}

function mentionedBy({ event, action, body = '' }: TriggerShape): Set<string> {
  return new Set([event, action, body].flatMap((text) => [...namesIn(text)]))
}

export function isSettled(
  key: Pick<ForeignKeyShape, 'table'>,
  change: TableChange,
  { tables, unsettled }: Neighbours,
): boolean {
  const target = tables.get(key.table)
  return target !== undefined && !unsettled.has(target) && !unsettled.has(change.next.table)
}

/**
 * The columns of which something can be made before the transaction: what they are called and hold is the same before and after.
 * Undefined for a table that is out of sight, or is rewritten anyway.
 */
export function settledColumns({ isRestored, old, next, columns }: TableChange): ReadonlySet<string> | undefined {
  if (isRestored || old.storage !== next.storage) return undefined
  const moves = columns.some((one) => one.promotes === true)
  const settled = columns.filter(
    (one) =>
      one.from?.name === one.name &&
      !isRetyped(one) &&
      one.fill === undefined &&
      one.computes !== true &&
      !(moves && one.column.field === FREE),
  )
  return new Set(settled.map(({ name }) => name))
}

function checkPointer({ collection, columns }: TableChange, check: CheckShape): string {
  const column = columns.find((one) => one.column.field === check.field)
  return column?.pointer ?? below('/collections', collection, 'check')
}

function checkMessage({ collection }: TableChange, { field }: CheckShape): string {
  const what = field === undefined ? 'break the check' : `have a '${field}' that the schema no longer allows`
  return `records of ${collection} that ${what}: %s`
}

/** As a constraint, true and unknown pass. */
function countBroken(table: string, check: CheckShape): string {
  return `select count(*) from ${table} where (${check.sql}) is false`
}

/**
 * First it holds for what is written, then it is seen whether it held before: nobody waits for that. Requests of the live version
 * meet it already.
 */
function checkBefore(change: TableChange, now: string, name: string, check: CheckShape): Step[] {
  const coming = comingName(name)
  const pointer = checkPointer(change, check)
  const count = countBroken(now, check)
  const message = checkMessage(change, check)
  return [
    {
      title: `hold new records of ${change.collection} to ${name}`,
      sql: sql.addCheck(now, coming, check.sql, 'not valid'),
      pointer,
      look: sql.lookFor(count, message),
      blocks: 'everything',
      before: { undo: sql.dropConstraintIfThere(now, coming) },
    },
    {
      title: `see that the records of ${change.collection} meet ${name}`,
      sql: sql.refuseOr(count, message, sql.validateConstraint(now, coming)),
      pointer,
      work: { kind: 'scan', table: now },
      before: { undo: NOTHING },
    },
  ]
}

const NOTHING = 'select 1'

function takeCheck(change: TableChange, name: string, check: CheckShape): Step {
  return {
    title: `add check ${name} to ${change.collection}`,
    sql: sql.renameConstraint(change.table, comingName(name), name),
    pointer: checkPointer(change, check),
    change: { action: 'create', kind: 'check', name: `${change.collection}.${name}` },
    blocks: 'everything',
  }
}

function addCheck(change: TableChange, name: string, check: CheckShape): Step[] {
  const { collection, table, columns } = change
  const pointer = checkPointer(change, check)
  const add: Step = {
    title: `add check ${name} to ${collection}`,
    sql: sql.addCheck(table, name, check.sql),
    pointer,
    change: { action: 'create', kind: 'check', name: `${collection}.${name}` },
    blocks: 'everything',
    work: { kind: 'scan', table },
  }
  const column = columns.find((one) => one.column.field === check.field)
  const isEmpty = column !== undefined && column.from === undefined && column.fill === undefined
  if (isEmpty && column.column.default === undefined) return [add]
  // What moves out of the free keys is among them until then, so there is nothing to be counted before.
  if (check.field === FREE && columns.some(({ promotes }) => promotes)) return [add]
  const title = `see that the records of ${collection} meet ${name}`
  return [guard(title, table, countBroken(table, check), checkMessage(change, check), pointer), add]
}

function indexTitle({ collection }: TableChange, name: string, { unique }: IndexShape): string {
  return `add ${unique ? 'unique ' : ''}index ${name} to ${collection}`
}

function indexPointer({ collection }: TableChange, { unique, search }: IndexShape): string {
  if (companionOf(collection) !== undefined) return collectionPointer(collection)
  if (search !== undefined) return below('/collections', collection, 'search')
  return below('/collections', collection, unique ? 'unique' : 'index')
}

function doubles({ collection, next }: TableChange, table: string, index: IndexShape) {
  const columns = index.columns.map(({ column }) => quoteName(column))
  const conditions = [
    ...columns.map((column) => `${column} is not null`),
    ...(index.where === undefined ? [] : [index.where]),
  ]
  const groups = `select count(*) - 1 as more from ${table} where ${conditions.join(' and ')} group by ${columns.join(', ')} having count(*) > 1`
  const fields = index.columns.map(({ column }) => next.columns[column]?.field ?? column).join(', ')
  return {
    count: `select coalesce(sum(more), 0) from (${groups}) as doubles`,
    message: `records of ${collection} that have the same ${fields} as another: %s`,
    title: `see that ${fields} is unique in ${collection}`,
  }
}

/** Everybody goes on meanwhile. One that broke off is left as an invalid index, which `undo` drops. */
function buildBefore(change: TableChange, now: string, name: string, index: IndexShape): Step[] {
  const coming = comingName(name)
  const pointer = indexPointer(change, index)
  const { count, message, title } = doubles(change, now, index)
  const look: Step = {
    title,
    sql: sql.refuseOr(count, message),
    pointer,
    look: sql.lookFor(count, message),
    work: { kind: 'scan', table: now },
    before: { undo: NOTHING },
  }
  return [
    ...(index.unique ? [look] : []),
    {
      title: `build ${index.unique ? 'unique ' : ''}index ${name} of ${change.collection}`,
      sql: sql.createIndex(now, coming, index, 'concurrently'),
      pointer,
      work: { kind: 'build', table: now },
      before: { undo: sql.dropIndexConcurrently(change.schema, coming) },
    },
  ]
}

function takeIndex(change: TableChange, name: string, index: IndexShape): Step {
  return {
    title: indexTitle(change, name, index),
    sql: sql.renameIndex(change.schema, comingName(name), name),
    pointer: indexPointer(change, index),
    change: { action: 'create', kind: 'index', name: `${change.collection}.${name}` },
  }
}

function addIndex(change: TableChange, name: string, index: IndexShape): Step[] {
  const { table, collection } = change
  const pointer = indexPointer(change, index)
  const add: Step = {
    title: indexTitle(change, name, index),
    sql: sql.createIndex(table, name, index),
    pointer,
    change: { action: 'create', kind: 'index', name: `${collection}.${name}` },
    blocks: 'writes',
    work: { kind: 'build', table },
  }
  if (!index.unique) return [add]
  const { count, message, title } = doubles(change, table, index)
  return [guard(title, table, count, message, pointer), add]
}

function addForeignKey(change: TableChange, name: string, key: ForeignKeyShape): Step[] {
  const { collection, table, schema, columns, next } = change
  const field = next.columns[key.column]?.field ?? key.column
  const column = columns.find((one) => one.name === key.column)
  const pointer = column?.pointer ?? below('/collections', collection)
  const isNew = column?.from === undefined && column?.fill === undefined
  const add: Step = {
    title: `let ${collection}.${field} refer to ${key.table}`,
    sql: sql.addForeignKey(table, name, key, schema),
    pointer,
    change: { action: 'create', kind: 'reference', name: `${collection}.${field}` },
    blocks: 'writes',
    work: { kind: 'scan', table },
  }
  if (isNew) return [add]
  const target = `${quoteName(schema)}.${quoteName(key.table)}`
  const value = `t.${quoteName(key.column)}`
  const count = `select count(*) from ${table} as t where ${value} is not null and not exists (select from ${target} as r where r.id = ${value})`
  const message = `records of ${collection} whose '${field}' is no record of ${key.table}: %s`
  return [guard(`see that every ${collection}.${field} is there`, table, count, message, pointer), add]
}
