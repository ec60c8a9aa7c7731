import type { Parts } from '../../../apps/parts.ts'
import type { PlanContext, Refusal } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import { toSql } from '../../../expr/index.ts'
import type { CollectionModels } from '../check-collections.ts'
import { companionOf, ownerOf } from '../companions.ts'
import { readColumn } from '../computed-sql.ts'
import { primaryKeyName, versionSequenceName } from '../describe-table.ts'
import { ownName, rowsOf } from '../expiry.ts'
import { FREE_COLUMN } from '../naming.ts'
import { numberingSql } from '../sequence-sql.ts'
import type { ColumnShape, TableShape } from '../table-shape.ts'
import { castOf, isSameType } from './cast-values.ts'
import { canBecome, formerValues } from './change-columns.ts'
import { computedAnew } from './change-computed.ts'
import { withoutStrangers } from './follow-collection.ts'
import { isPromoted } from './free-fields.ts'
import type { GoneTable } from './hide-table.ts'
import { type Matching, matchNames } from './match-names.ts'
import { hiddenName } from './names.ts'
import type { CollectionMemory, CollectionRemains, HiddenColumn, HiddenTable } from './remains.ts'
import { type ColumnChange, fieldPointer, type TableChange } from './table-change.ts'

type Collections = Readonly<Record<string, TableShape>>

export interface FoundTables {
  /** Collections that are new. */
  readonly created: readonly string[]
  /** Those that are there already, in sight or not. */
  readonly changes: readonly TableChange[]
  readonly gone: readonly GoneTable[]
  readonly refusals: readonly Refusal[]
  /** What comes back, by the collection's name. */
  readonly restored: ReadonlyMap<string, HiddenTable>
}

/** Which table, and which column of it, is which of the next version. */
export function* findTables(
  before: Collections | undefined,
  after: Collections,
  models: CollectionModels,
  memory: CollectionRemains,
  context: PlanContext,
): Parts<FoundTables> {
  const matching = matchTables(before, after, memory, context)
  const refusals = faultsOf(matching, (name) => below('/collections', name, 'renamedFrom'))
  const changes: TableChange[] = []
  for (const [collection, next] of Object.entries(after)) {
    yield
    const source = sourceOf(collection, before ?? {}, memory, matching)
    if (source === undefined) continue
    const fields = matchFields(source, next, context)
    // A trash has the fields of its collection, of which this is told already.
    if (companionOf(collection) === undefined) {
      refusals.push(...faultsOf(fields, (name) => `${fieldPointer(collection, { field: name })}/renamedFrom`))
    }
    changes.push(changeOf(collection, source, next, fields, models, context))
  }
  const known = new Set(changes.map(({ collection }) => collection))
  return {
    created: Object.keys(after).filter((name) => !known.has(name)),
    changes,
    gone: matching.gone.flatMap((collection) => {
      const shape = before?.[collection]
      return shape === undefined ? [] : [{ collection, shape }]
    }),
    refusals,
    restored: matching.restored,
  }
}

function faultsOf({ faults }: Pick<Matching<unknown>, 'faults'>, pointer: (name: string) => string): Refusal[] {
  return [...faults]
    .filter(([name]) => companionOf(name) === undefined)
    .map(([name, message]) => ({ pointer: pointer(name), message }))
}

function matchTables(
  before: Collections | undefined,
  after: Collections,
  memory: CollectionRemains,
  { restores }: PlanContext,
): Matching<HiddenTable & { readonly name: string }> {
  // What a new app was called elsewhere is nobody's concern.
  if (before === undefined) return { kept: new Map(), restored: new Map(), gone: [], faults: new Map() }
  const matching = matchNames({
    kind: 'collection',
    present: new Map(
      Object.entries(before).map(([name, { renamedFrom }]) => [name, { renamedFrom, past: memory.live[name] ?? {} }]),
    ),
    wanted: new Map(Object.entries(after).map(([name, { renamedFrom }]) => [name, { renamedFrom }])),
    hidden: memory.hidden.map((hidden) => ({ ...hidden, name: hidden.collection, past: hidden.memory ?? {} })),
    fits: (name, { shape }) => canHaveIds(shape, after[name], restores !== undefined),
    restores,
  })
  return withoutStrangers(matching)
}

/**
 * Whether its records can come back with the ids that the collection is to have. A rollback asks for these very records, so it is refused
 * where some of their ids have no counterpart; another version is only given records that certainly fit.
 */
function canHaveIds(hidden: TableShape, next: TableShape | undefined, isRollback: boolean): boolean {
  const [from, to] = [hidden.columns['id'], next?.columns['id']]
  if (from === undefined || to === undefined) return false
  if (isSameType(from, to)) return true
  const cast = castOf(from, to)
  return cast !== undefined && (isRollback || (!cast.checked && cast.loses === undefined))
}

/** A table as it is. */
interface Source {
  readonly former: string
  readonly isRestored: boolean
  readonly shape: TableShape
  readonly primaryKey: string
  readonly sequence: string
  readonly memory: CollectionMemory
}

function sourceOf(
  collection: string,
  before: Collections,
  memory: CollectionRemains,
  { kept, restored }: Matching<HiddenTable>,
): Source | undefined {
  const former = kept.get(collection)
  const shape = former === undefined ? undefined : before[former]
  if (former !== undefined && shape !== undefined) {
    const own = { primaryKey: primaryKeyName(ownName(shape)), sequence: versionSequenceName(ownName(shape)) }
    return { former, isRestored: false, shape, ...own, memory: memory.live[former] ?? {} }
  }
  const hidden = restored.get(collection)
  return hidden === undefined ? undefined : outOfSight(hidden)
}

/** As {@link hideTable} has left it. */
function outOfSight({ collection, table, hiddenIn, shape, memory = {} }: HiddenTable): Source {
  const hide = <T>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [hiddenName(name, hiddenIn), one]))
  return {
    former: collection,
    isRestored: true,
    shape: {
      ...shape,
      table,
      indexes: hide(shape.indexes),
      foreignKeys: {},
      lists: {},
      ...(shape.excludes === undefined ? {} : { excludes: hide(shape.excludes) }),
      ...(shape.sequences === undefined ? {} : { sequences: hide(shape.sequences) }),
    },
    primaryKey: hiddenName(primaryKeyName(ownName(shape)), hiddenIn),
    sequence: hiddenName(versionSequenceName(ownName(shape)), hiddenIn),
    memory,
  }
}

type HiddenField = HiddenColumn & { readonly name: string; readonly past: NonNullable<HiddenColumn['past']> }

function matchFields({ shape, memory }: Source, next: TableShape, { restores }: PlanContext): Matching<HiddenField> {
  const { columns = [], fields = {} } = memory
  const wanted = new Map(Object.values(next.columns).map((column) => [column.field, column]))
  return matchNames({
    kind: 'field',
    present: new Map(
      Object.values(shape.columns).map(({ field, renamedFrom }) => [field, { renamedFrom, past: fields[field] ?? {} }]),
    ),
    wanted,
    hidden: columns
      .filter(({ kind }) => kind === 'field')
      .map((hidden) => ({ ...hidden, name: hidden.field, past: hidden.past ?? {} })),
    fits: (name, hidden) => {
      const column = wanted.get(name)
      const from = { name: hidden.column, column: hidden.type }
      return (
        column !== undefined && (isSameType(hidden.type, column) || formerValues(columns, from, column) !== undefined)
      )
    },
    restores,
  })
}

function changeOf(
  collection: string,
  source: Source,
  next: TableShape,
  fields: Matching<HiddenField>,
  models: CollectionModels,
  { schema, version, restores }: PlanContext,
): TableChange {
  const { former, isRestored, shape, primaryKey, sequence, memory } = source
  const byField = new Map(Object.entries(shape.columns).map(([name, column]) => [column.field, { name, column }]))
  const referring = new Set(Object.values(next.foreignKeys).map(({ column }) => column))
  const lists = new Set(Object.values(next.lists ?? {}).map(({ column }) => column))
  const computedNow = new Set((next.computed ?? []).map(({ column }) => column))
  const computedBefore = new Set((shape.computed ?? []).map(({ column }) => column))
  const found = Object.entries(next.columns).map(([name, column]): ColumnChange => {
    const live = byField.get(fields.kept.get(column.field) ?? '')
    const hidden = fields.restored.get(column.field)
    const source = live === undefined ? fromHidden(hidden) : live
    const isComputed = computedNow.has(name)
    const wasComputed = isPastValue(models, collection, column)
    // What comes back and can not be what it now should be is put aside, as if it had not come back.
    const usable =
      source !== undefined &&
      (isComputed
        ? computedBefore.has(source.name) && isSameType(source.column, column)
        : wasComputed
          ? isSameType(source.column, column)
          : !isRestored || isUsable(memory, source, column))
    const from = usable ? withoutLost(source, isRestored && referring.has(name)) : undefined
    const promotes = !isComputed && isPromoted(shape, column, from)
    const preset = promotes ? column.default : undefined
    const numbered = numberOf(models, collection, column, from)
    const given = fillOf(models, collection, column, from, isRestored || lists.has(name)) ?? preset
    const fill = numbered === undefined ? given : 'numbers.value'
    return {
      name,
      column,
      pointer: fieldPointer(collection, column),
      ...(from === undefined ? {} : { from }),
      ...(fill === undefined ? {} : { fill }),
      ...(promotes ? { promotes } : {}),
      ...(numbered === undefined ? {} : { fillFrom: { name: 'numbers', query: numbered } }),
    }
  })
  const columns = computedAnew(found, shape, next, isRestored)
  const staying = new Set(columns.map(({ from }) => from?.name))
  const left = Object.entries(shape.columns).filter(([name]) => !staying.has(name))
  const gone = left.filter(([name]) => !computedBefore.has(name))
  const dropped = left.filter(([name]) => computedBefore.has(name))
  const isOpen = next.columns[FREE_COLUMN] !== undefined && shape.columns[FREE_COLUMN] !== undefined
  const demotes = gone.filter(([, { field }]) => isOpen && memory.fields?.[field]?.promoted === true)
  return {
    collection,
    former,
    schema,
    version,
    table: `${quoteName(schema)}.${quoteName(next.table)}`,
    isRestored,
    old: shape,
    primaryKey,
    sequence: shape.ids === 'chosen' ? sequence : undefined,
    next,
    columns,
    gone,
    dropped,
    ...(restores === undefined ? {} : { demotes }),
    memory,
  }
}

/** In a history, what was computed stays what it was: it is neither made anew nor converted. */
function isPastValue(models: CollectionModels, collection: string, { field }: ColumnShape): boolean {
  const companion = companionOf(collection)
  return companion?.kind === 'history' && models.get(companion.owner)?.fields.get(field)?.computed !== undefined
}

type From = NonNullable<ColumnChange['from']>

function fromHidden(hidden: HiddenField | undefined): From | undefined {
  if (hidden === undefined) return undefined
  return { name: hidden.column, column: { field: hidden.field, ...hidden.type, notNull: false }, hidden }
}

function isUsable({ columns = [] }: CollectionMemory, from: From, column: ColumnShape): boolean {
  return isSameType(from.column, column) || canBecome(columns, from, column)
}

function withoutLost(from: From, mayBeLost: boolean): From {
  return mayBeLost ? { ...from, column: { ...from.column, notNull: false } } : from
}

/** Records that are there are numbered, where they may have no number yet. */
function numberOf(
  models: CollectionModels,
  collection: string,
  column: ColumnShape,
  from: From | undefined,
): string | undefined {
  const model = models.get(collection)
  const field = model?.fields.get(column.field)
  if (model === undefined || field?.sequence === undefined || from?.column.notNull === true) return undefined
  return numberingSql(rowsOf(model), field, field.sequence, model.fields)
}

/** What records that have no value get: SQL over the row `t`. */
function fillOf(
  models: CollectionModels,
  collection: string,
  column: ColumnShape,
  from: From | undefined,
  isRestored: boolean,
): string | undefined {
  const expression = models.get(ownerOf(collection))?.fields.get(column.field)?.backfill
  const becomesRequired = column.notNull && from?.column.notNull === false
  if (from !== undefined && !becomesRequired) return undefined
  if (expression !== undefined) {
    const variables = new Map([
      ['record', { row: 't' }],
      ['now', { sql: 'now()::timestamptz(3)' }],
    ])
    return `(${toSql(expression, { variables, column: readColumn(models, 'null::uuid') })})`
  }
  // Where nobody could have given a value, the default stands in; what was left empty on purpose stays so.
  return from !== undefined && (isRestored || from.hidden !== undefined) ? column.default : undefined
}
