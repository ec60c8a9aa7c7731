import type { Parts } from '../../../apps/parts.ts'
import type { PlanContext } from '../../../apps/section.ts'
import { castOf, isSameType } from './cast-values.ts'
import { formerValues } from './change-columns.ts'
import type { FoundTables } from './find-tables.ts'
import { followCollection, renamed } from './follow-collection.ts'
import { formerName, hiddenName } from './names.ts'
import type { CollectionMemory, CollectionRemains, HiddenColumn } from './remains.ts'
import type { ColumnChange, TableChange } from './table-change.ts'

/** What is to be remembered once the plan is done. */
export function* rememberAll(
  found: FoundTables,
  before: CollectionRemains,
  isFirst: boolean,
  { version }: PlanContext,
): Parts<CollectionRemains> {
  const { created, changes, gone, restored } = found
  const back = new Set([...restored.values()].map(({ table }) => table))
  const live: [string, CollectionMemory][] = []
  for (const change of changes) {
    live.push([change.collection, remember(change)])
    yield
  }
  for (const name of isFirst ? [] : created) live.push([name, { since: version }])
  return {
    format: 1,
    live: Object.fromEntries(live.filter(([, memory]) => Object.keys(memory).length > 0)),
    hidden: [
      ...before.hidden
        .filter(({ table }) => !back.has(table))
        .map((hidden) => followCollection(hidden, found, version)),
      ...gone.map(({ collection, shape }) => {
        const memory = before.live[collection]
        const table = hiddenName(shape.table, version)
        const hidden = { collection, table, hiddenIn: version, shape, version: version - 1 }
        return followCollection({ ...hidden, ...(memory === undefined ? {} : { memory }) }, found, version)
      }),
    ],
  }
}

function remember(change: TableChange): CollectionMemory {
  const { collection, former, version, memory, columns, next } = change
  const { fields = {}, columns: _hidden, sequence: _sequence, table: _table, ...past } = memory
  const pasts = columns.flatMap(({ column, from, promotes }) => {
    const past =
      from === undefined
        ? { since: version }
        : renamed(from.hidden?.past ?? fields[from.column.field] ?? {}, from.column.field, column.field, version)
    const field = promotes === true ? { ...past, promoted: promotes } : past
    return Object.keys(field).length === 0 ? [] : [[column.field, field] as const]
  })
  const out = hiddenAfter(change)
  const kept = sequenceAfter(change)
  return {
    ...renamed(past, former, collection, version),
    ...(pasts.length === 0 ? {} : { fields: Object.fromEntries(pasts) }),
    ...(out.length === 0 ? {} : { columns: out }),
    ...(kept === undefined ? {} : { sequence: kept }),
    ...(next.living === undefined || out.length === 0 ? {} : { table: next.table }),
  }
}

function sequenceAfter({ old, next, sequence, version, memory }: TableChange): CollectionMemory['sequence'] {
  if (old.ids === next.ids) return memory.sequence
  return next.ids === 'generated' ? { name: hiddenName(sequence ?? '', version), version: version - 1 } : undefined
}

function hiddenAfter({ memory, columns, gone, version }: TableChange): HiddenColumn[] {
  const { columns: hidden = [], fields = {} } = memory
  const used = new Set(columns.flatMap((one) => usedBy(hidden, one)))
  const names = new Map([
    ...columns.flatMap(({ from, name }) => (from === undefined ? [] : [[from.name, name] as const])),
    ...gone.map(([name]) => [name, hiddenName(name, version)] as const),
  ])
  const byColumn = new Map(columns.flatMap((one) => (one.from === undefined ? [] : [[one.from.name, one] as const])))
  return [
    ...hidden.filter(({ column }) => !used.has(column)).map((one) => followed(one, names, byColumn)),
    ...gone.map(([name, { field, type, json }]) => ({
      kind: 'field' as const,
      field,
      column: hiddenName(name, version),
      type: { type, ...(json === undefined ? {} : { json }) },
      version: version - 1,
      ...(fields[field] === undefined ? {} : { past: fields[field] }),
    })),
    ...columns.flatMap((one) => formerOf(one, version)),
  ]
}

/** What has come back, and values that were given back to their field. */
function usedBy(hidden: readonly HiddenColumn[], { from, column }: ColumnChange): string[] {
  if (from === undefined) return []
  const values = isSameType(from.column, column) ? undefined : formerValues(hidden, from, column)
  return [from.hidden?.column, values?.column].filter((name) => name !== undefined)
}

/** Former values stay those of their column, whatever becomes of it. */
function followed(
  one: HiddenColumn,
  names: ReadonlyMap<string, string>,
  byColumn: ReadonlyMap<string, ColumnChange>,
): HiddenColumn {
  const { of } = one
  if (of === undefined) return one
  const change = byColumn.get(of)
  const isChanged = change?.from !== undefined && !isSameType(change.from.column, change.column)
  return {
    ...one,
    of: names.get(of) ?? of,
    ...(change === undefined ? {} : { field: change.column.field }),
    ...(isChanged ? { became: [...(one.became ?? []), typeOf(change.column)] } : {}),
  }
}

function formerOf({ name, column, from }: ColumnChange, version: number): HiddenColumn[] {
  if (from === undefined || isSameType(from.column, column)) return []
  if (castOf(from.column, column)?.loses === undefined) return []
  return [
    {
      kind: 'values',
      field: column.field,
      column: formerName(name, version),
      type: typeOf(from.column),
      of: name,
      became: [typeOf(column)],
      version: version - 1,
    },
  ]
}

function typeOf({ type, json }: HiddenColumn['type']): HiddenColumn['type'] {
  return { type, ...(json === undefined ? {} : { json }) }
}
