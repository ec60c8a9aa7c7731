import type { Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import * as sql from '../sql.ts'
import type { ColumnShape, ComputedShape, TableShape } from '../table-shape.ts'
import { canonical, namesIn, renameIn } from './objects.ts'
import { type ColumnChange, fieldPointer, isRetyped, type Steps, type TableChange } from './table-change.ts'

/**
 * What computes the columns of a table that is there. Between its going and its coming no row is written but by the plan's own steps,
 * which go behind the back of triggers.
 */
export function changeComputed(change: TableChange): Steps {
  const { collection, schema, old, next, isRestored } = change
  const anew = change.columns.filter(({ computes }) => computes === true)
  // A table out of sight has none.
  const before = isRestored ? undefined : old.computed
  const after = next.computed
  const stays = old.table === next.table && anew.length === 0 && canonical(before ?? []) === canonical(after ?? [])
  return {
    drop:
      before === undefined || stays
        ? []
        : [
            {
              title: `stop computing fields of ${collection}`,
              sql: sql.dropComputing(schema, old.table),
              blocks: 'everything',
            },
          ],
    hide: change.dropped.map(([name, column]) => dropColumn(change, name, column)),
    fill: after === undefined || stays ? [] : [compute(change, next), ...anew.map(computeColumn(change))],
  }
}

function compute({ collection, schema }: TableChange, next: TableShape): Step {
  return {
    title: `compute fields of ${collection} whenever a record is written`,
    sql: sql.createComputing(schema, next),
    blocks: 'writes',
  }
}

/** Together, in the step of the first; the others are told. */
function computeColumn({ collection, table }: TableChange): (one: ColumnChange, index: number) => Step {
  return ({ column, pointer }, index) => {
    const full = `${collection}.${column.field}`
    return {
      title: `compute ${full} of the records that are there`,
      sql: index === 0 ? sql.computeAll(table) : 'select 1',
      pointer,
      change: { action: 'change', kind: 'field', name: full },
      blocks: 'everything',
      ...(index === 0 ? { work: { kind: 'rewrite', table } as const } : {}),
      consent: `${full} is computed anew: every record of ${collection} is rewritten, and requests for it wait meanwhile`,
    }
  }
}

/** Nothing is lost with it: a version that has it makes it anew. */
function dropColumn({ collection, former, schema, old }: TableChange, name: string, column: ColumnShape): Step {
  const full = `${collection}.${column.field}`
  return {
    title: `drop computed field ${full}`,
    sql: sql.dropColumn(`${quoteName(schema)}.${quoteName(old.table)}`, name),
    pointer: fieldPointer(former, column),
    change: { action: 'drop', kind: 'field', name: full },
    blocks: 'everything',
  }
}

/** Columns whose values are made anew: what makes them says something else, or what they are made of has changed. */
export function computedAnew(
  columns: readonly ColumnChange[],
  old: TableShape,
  next: TableShape,
  isRestored: boolean,
): readonly ColumnChange[] {
  const names = namesOf(columns)
  const former = new Map(
    (old.computed ?? []).map((one) => inNew(one, names)).map(({ column, sql: text }) => [column, text]),
  )
  const changed = new Set(columns.filter(hasChanged).map(({ name }) => name))
  const anew = new Set<string>()
  for (const { column, sql: text } of next.computed ?? []) {
    const mentioned = [...namesIn(text)]
    const isNew = columns.some(({ name, from }) => name === column && from === undefined)
    if (!isRestored && !isNew && former.get(column) === text && !mentioned.some((name) => changed.has(name))) continue
    anew.add(column)
    changed.add(column)
  }
  return columns.map((one) => (anew.has(one.name) ? { ...one, computes: true } : one))
}

function hasChanged(one: ColumnChange): boolean {
  const { from, fill, promotes } = one
  return from === undefined || from.hidden !== undefined || fill !== undefined || promotes === true || isRetyped(one)
}

function inNew({ column, sql: text }: ComputedShape, names: ReadonlyMap<string, string>): ComputedShape {
  return { column: names.get(column) ?? column, sql: renameIn(text, names) }
}

function namesOf(columns: readonly ColumnChange[]): ReadonlyMap<string, string> {
  return new Map(columns.flatMap(({ name, from }) => (from === undefined ? [] : [[from.name, name] as const])))
}
