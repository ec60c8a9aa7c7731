import type { Step } from '../../../apps/section.ts'
import * as entries from '../entries.ts'
import * as sql from '../sql.ts'
import type { ListShape } from '../table-shape.ts'
import { isSettled, type Neighbours } from './change-objects.ts'
import { guard } from './guard.ts'
import type { Rename } from './objects.ts'
import { pairKept } from './pair-kept.ts'
import { fieldPointer, isRetyped, type Steps, type TableChange } from './table-change.ts'

export interface ChangedLists {
  readonly steps: Steps
  /** Tables of all collections share their names, and so do indexes. */
  readonly tables: readonly Rename[]
  readonly indexes: readonly Rename[]
}

/**
 * Lists of references of a table that is there. The column has the ids itself, so entries are made anew from it whenever one of
 * the sides is another; they lie hidden with no column, and come back with it.
 */
export function changeLists(change: TableChange, neighbours: Neighbours): ChangedLists {
  const { old, next, schema, columns } = change
  const names = new Map(columns.flatMap(({ name, from }) => (from === undefined ? [] : [[from.name, name]])))
  const stays = new Set(
    columns.flatMap((one) =>
      one.from === undefined || one.fill !== undefined || isRetyped(one) ? [] : [one.from.name],
    ),
  )
  const before = old.lists ?? {}
  const after = next.lists ?? {}
  const { kept, dropped, added } = pairKept(
    before,
    after,
    (list) => stays.has(list.column) && isSettled(list, change, neighbours),
    (list): ListShape => ({
      ...list,
      column: names.get(list.column) ?? list.column,
      table: neighbours.tables.get(list.table) ?? list.table,
      ...livingOf(after, names.get(list.column) ?? list.column),
    }),
  )
  const moved = kept.filter(
    ({ from, to }) =>
      from !== to ||
      old.table !== next.table ||
      before[from]?.column !== after[to]?.column ||
      before[from]?.living !== after[to]?.living,
  )
  const fieldOf = (list: ListShape | undefined) => next.columns[list?.column ?? '']?.field ?? ''
  const wasField = (name: string) => old.columns[before[name]?.column ?? '']?.field ?? ''
  return {
    steps: {
      drop: [
        ...dropped.map(
          (name): Step => ({
            title: `drop the entries of ${change.collection}.${wasField(name)}`,
            sql: entries.dropEntries({ schema, table: old.table, name }).join(';\n'),
            change: { action: 'drop', kind: 'entries', name: `${change.collection}.${wasField(name)}` },
            blocks: 'everything',
          }),
        ),
        ...moved.map(
          ({ from }): Step => ({
            title: `let go of the entries of ${change.collection}.${wasField(from)}`,
            sql: entries.unlinkEntries({ schema, table: old.table, name: from }).join(';\n'),
            blocks: 'everything',
          }),
        ),
      ],
      rename: moved.flatMap(({ from, to }) => (from === to ? [] : [renameKeys(change, from, to)])),
      refer: [
        ...added.flatMap(([name, list]) => addList(change, name, list)),
        ...moved.flatMap(({ to }): Step[] => {
          const list = after[to]
          if (list === undefined) return []
          return [
            {
              title: `keep the entries of ${change.collection}.${fieldOf(list)} equal to the list`,
              sql: entries.linkEntries({ schema, table: next.table, name: to, list }).join(';\n'),
              blocks: 'everything',
            },
          ]
        }),
      ],
    },
    tables: kept,
    indexes: kept.flatMap(({ from, to }) => renamedIndexes(from, to, after[to]?.unique === true)),
  }
}

/** Whether the target's records expire concerns triggers alone. */
function livingOf(after: Readonly<Record<string, ListShape>>, column: string): Pick<ListShape, 'living'> {
  const living = Object.values(after).find((list) => list.column === column)?.living
  return living === undefined ? {} : { living }
}

function renamedIndexes(from: string, to: string, unique: boolean): Rename[] {
  const [was, is] = [entries.entryNames(from), entries.entryNames(to)]
  return [
    { from: was.primaryKey, to: is.primaryKey },
    { from: was.index, to: is.index },
    ...(unique ? [{ from: was.unique, to: is.unique }] : []),
  ]
}

function renameKeys({ collection, schema }: TableChange, from: string, to: string): Step {
  const [was, is] = [entries.entryNames(from), entries.entryNames(to)]
  const table = `"${schema}"."${to}"`
  return {
    title: `name the keys of ${to} as the document does`,
    sql: [
      sql.renameConstraint(table, was.position, is.position),
      sql.renameConstraint(table, was.owner, is.owner),
      sql.renameConstraint(table, was.target, is.target),
    ].join(';\n'),
    pointer: `/collections/${collection}`,
    blocks: 'everything',
  }
}

function addList(change: TableChange, name: string, list: ListShape): Step[] {
  const { collection, schema, next, columns, table } = change
  const column = columns.find((one) => one.name === list.column)
  const field = column?.column.field ?? list.column
  const pointer = fieldPointer(collection, { field })
  const placed = { schema, table: next.table, name, list }
  const isNew = column?.from === undefined && column?.fill === undefined
  const isEmpty = isNew && (column?.column.default === undefined || column.column.default === EMPTY)
  const message = `records of ${collection} whose '${field}' has something that is no record of ${list.table}${list.unique ? ', or has one twice' : ''}: %s`
  const found = entries.withoutLost(schema, list)
  const add: Step = {
    title: `keep ${collection}.${field} as a list of ${list.table}`,
    sql: [
      entries.createEntries(placed, next.storage),
      ...(isEmpty ? [] : [sql.fillColumn(table, list.column, found.value, found.where), entries.fillEntries(placed)]),
      ...entries.constrainEntries(placed),
      ...entries.linkEntries(placed),
      sql.grantTable(`"${schema}"."${name}"`, schema),
    ].join(';\n'),
    pointer,
    change: { action: 'create', kind: 'entries', name: `${collection}.${field}` },
    blocks: 'everything',
    work: { kind: 'scan', table },
  }
  if (isEmpty) return [add]
  return [
    guard(`see that every ${collection}.${field} is there`, table, entries.countUnfit(placed), message, pointer),
    add,
  ]
}

/** The default of a list that has no other. */
const EMPTY = "'[]'::jsonb"
