import type { Refusal, Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import { versionSequence, versionSequenceName } from '../describe-table.ts'
import { ownName } from '../expiry.ts'
import * as sql from '../sql.ts'
import { changeColumns, refuseTypes } from './change-columns.ts'
import { changeComputed } from './change-computed.ts'
import { changeLists } from './change-lists.ts'
import { changeLiving } from './change-living.ts'
import { changeObjects, type Neighbours, settledColumns } from './change-objects.ts'
import { comingName, hiddenName } from './names.ts'
import type { Rename } from './objects.ts'
import { phases, type Steps, type TableChange } from './table-change.ts'

export interface ChangedTable {
  readonly steps: Steps
  readonly refusals: readonly Refusal[]
  /** Indexes of all tables share their names, so they are renamed together. */
  readonly indexes: readonly Rename[]
  readonly sequences: readonly Rename[]
  /** Tables of entries. */
  readonly tables: readonly Rename[]
}

/** The difference of one table that is there already. */
export function changeTable(change: TableChange, neighbours: Neighbours): ChangedTable {
  const required = requireBefore(change)
  const columns = changeColumns(change, required.coming)
  const objects = changeObjects(change, neighbours)
  const lists = changeLists(change, neighbours)
  const computed = changeComputed(change)
  return {
    steps: joinSteps([
      { before: required.steps },
      columns,
      storage(change),
      ids(change),
      // Last of what changes a type: from then on a view shows the columns.
      changeLiving(change),
      objects.steps,
      lists.steps,
      computed,
    ]),
    refusals: refuseTypes(change),
    indexes: [...objects.indexes, ...lists.indexes],
    tables: lists.tables,
    sequences: [
      ...objects.sequences,
      ...(change.sequence !== undefined && change.next.ids === 'chosen' ? [sequenceRename(change)] : []),
    ],
  }
}

export function joinSteps(all: readonly Steps[]): Steps {
  return Object.fromEntries(
    (['before', ...phases] as const).map((phase) => [phase, all.flatMap((steps) => steps[phase] ?? [])]),
  )
}

function sequenceRename({ sequence, next }: TableChange): Rename {
  return { from: sequence ?? '', to: versionSequenceName(ownName(next)) }
}

/**
 * That a field is there always is seen by a check, while everybody goes on; PostgreSQL believes a valid one and does not look again
 * when the column becomes `not null`.
 */
function requireBefore(change: TableChange): { readonly steps: readonly Step[]; readonly coming: Map<string, string> } {
  const { collection, old, schema, columns } = change
  const settled = settledColumns(change)
  const now = `${quoteName(schema)}.${quoteName(old.table)}`
  const coming = new Map<string, string>()
  const steps: Step[] = []
  for (const { name, column, from, pointer } of columns) {
    if (!settled?.has(name) || from === undefined || from.column.notNull || !column.notNull) continue
    const check = comingName(`${old.table}__required_${name}`)
    const condition = `${quoteName(name)} is not null`
    const count = `select count(*) from ${now} where ${quoteName(name)} is null`
    const message = `records of ${collection} that have no '${column.field}': %s. Give it a 'backfill'`
    coming.set(name, check)
    steps.push(
      {
        title: `hold new records of ${collection} to having ${column.field}`,
        sql: sql.addCheck(now, check, condition, 'not valid'),
        pointer,
        look: sql.lookFor(count, message),
        blocks: 'everything',
        before: { undo: sql.dropConstraintIfThere(now, check) },
      },
      {
        title: `see that every record has ${collection}.${column.field}`,
        sql: sql.refuseOr(count, message, sql.validateConstraint(now, check)),
        pointer,
        work: { kind: 'scan', table: now },
        before: { undo: 'select 1' },
      },
    )
  }
  return { steps, coming }
}

function storage({ collection, old, next, table }: TableChange): Steps {
  if (old.storage === next.storage) return {}
  const where = next.storage === 'memory' ? 'in memory: they are gone after a crash of the database' : 'durably'
  // PostgreSQL makes the table's sequence forget, too; versions are never given twice.
  const sequence = next.ids === 'chosen' && next.storage === 'memory'
  const schema = table.slice(1, table.indexOf('".'))
  return {
    type: [
      {
        title: `keep ${collection} ${next.storage === 'memory' ? 'in memory' : 'durably'}`,
        sql: [
          sql.setStorage(table, next.storage),
          ...(sequence ? [`alter sequence ${versionSequence(ownName(next), schema)} set logged`] : []),
        ].join(';\n'),
        pointer: below('/collections', collection, 'storage'),
        change: { action: 'change', kind: 'collection', name: collection },
        blocks: 'everything',
        work: { kind: 'rewrite', table },
        consent: `the records of ${collection} are kept ${where}; all of them are written anew, and requests wait meanwhile`,
      },
    ],
  }
}

/** Versions of records with chosen ids come from a sequence, so that a record made again never has one that it had before. */
function ids({ collection, schema, old, next, table, version, sequence, memory }: TableChange): Steps {
  if (old.ids === next.ids) return {}
  const pointer = below('/collections', collection, 'id')
  const change = { action: 'change', kind: 'collection', name: collection } as const
  const name = versionSequence(ownName(next), schema)
  if (next.ids === 'generated') {
    const hidden = hiddenName(sequence ?? '', version)
    return {
      hide: [
        {
          title: `make the ids of ${collection}`,
          sql: sql.renameSequence(schema, sequence ?? '', hidden),
          pointer,
          change,
          blocks: 'everything',
        },
      ],
    }
  }
  const made = [
    memory.sequence === undefined
      ? sql.createVersionSequence(next, schema)
      : sql.renameSequence(schema, memory.sequence.name, versionSequenceName(ownName(next))),
    ...(memory.sequence === undefined ? [sql.ownVersionSequence(table, next, schema)] : []),
    sql.advanceVersions(table, name),
  ]
  return {
    create: [
      {
        title: `let creators choose the ids of ${collection}`,
        sql: made.join(';\n'),
        pointer,
        change,
        blocks: 'everything',
        work: { kind: 'scan', table },
      },
    ],
  }
}
