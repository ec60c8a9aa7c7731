import type { Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import { FREE } from '../../model.ts'
import * as sql from '../sql.ts'
import type { CheckShape, ForeignKeyShape, IndexShape, SequenceShape } from '../table-shape.ts'
import { addCheck, checkBefore, takeCheck } from './add-check.ts'
import { addExclude } from './add-exclude.ts'
import { addForeignKey } from './add-foreign-key.ts'
import { addIndex, buildBefore, takeIndex } from './add-index.ts'
import { balanceLedger } from './balance-ledger.ts'
import { movingName } from './names.ts'
import { canonical, namesIn, type Rename, renameAll } from './objects.ts'
import {
  checkIn,
  columnsOf,
  excludeIn,
  indexIn,
  keyIn,
  mentionedBy,
  mentionedInExclude,
  pairKept,
  sequenceIn,
  triggerIn,
} from './pair-kept.ts'
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
  names: ReadonlyMap<string, string>,
  survives: (mentioned: Iterable<string>) => boolean,
): boolean {
  if (next.ledger === undefined) return true
  if (old.ledger === undefined || !survives([old.ledger.sum, ...old.ledger.per])) return false
  const inNew = (column: string) => names.get(column) ?? column
  return canonical({ sum: inNew(old.ledger.sum), per: old.ledger.per.map(inNew) }) === canonical(next.ledger)
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
