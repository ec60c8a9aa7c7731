import { atOnce, type Parts } from '../../apps/parts.ts'
import type { Plan, PlanContext, Refusal, Step } from '../../apps/section.ts'
import { quoteName } from '../../db/quote.ts'
import { deleteExpired } from './changes/change-living.ts'
import { type ChangedTable, changeTable, joinSteps } from './changes/change-table.ts'
import { changeViews } from './changes/change-views.ts'
import { createTable, referFrom } from './changes/create-table.ts'
import { collectionPointer, describeCollection } from './changes/describe-collection.ts'
import { type FoundTables, findTables } from './changes/find-tables.ts'
import { hideTable } from './changes/hide-table.ts'
import { movingName } from './changes/names.ts'
import { needsPause } from './changes/needs-pause.ts'
import { renameAll } from './changes/objects.ts'
import { readRemains } from './changes/remains.ts'
import { rememberAll } from './changes/remember.ts'
import { restoreTable } from './changes/restore-table.ts'
import { phases, type Steps, type TableChange } from './changes/table-change.ts'
import type { CollectionModels } from './check-collections.ts'
import { ownerOf } from './companions.ts'
import { slugOf, snapshotCollections } from './describe-table.ts'
import { ownName } from './expiry.ts'
import * as sql from './sql.ts'
import { type CollectionsSnapshot, readSnapshot } from './table-shape.ts'

/**
 * The steps from what is live to what the document says. What the document no longer has is put out of sight, and comes back with it;
 * what can be found out or built while everybody goes on is done before the transaction; what rows could forbid is looked at by a step
 * that refuses and says how many they are. Why each thing is done as it is: docs/decisions/0012-changing-collections.md.
 */
export function planCollections(live: unknown, models: CollectionModels, context: PlanContext): Plan {
  return atOnce(planCollectionsInParts(live, models, context))
}

/** The same with breaks for requests. */
export function* planCollectionsInParts(live: unknown, models: CollectionModels, context: PlanContext): Parts<Plan> {
  const { schema } = context
  const before = readSnapshot(live)
  const wanted = snapshotCollections(models)
  const after = wanted.collections
  const memory = readRemains(context.remains)
  yield
  const found = yield* findTables(before?.collections, after, models, memory, context)
  if (found.refusals.length > 0) return { steps: [], refusals: found.refusals }

  const tables = new Map(found.changes.map(({ old, next }) => [old.table, next.table]))
  const unsettled = new Set([
    ...found.created.map((name) => after[name]?.table ?? name),
    ...found.changes.filter(isUnsettled).map(({ next }) => next.table),
  ])
  const changed: ReturnType<typeof changeTable>[] = []
  for (const change of found.changes) {
    changed.push(changeTable(change, { tables, unsettled }))
    yield
  }
  const refusals = changed.flatMap((one) => one.refusals)
  if (refusals.length > 0) return { steps: [], refusals }

  const views = changeViews(before?.views ?? {}, wanted.views ?? {}, touchedTables(found, changed), schema)
  const steps = inOrder([
    { drop: views.drop },
    ...(before === undefined ? [{ drop: [grantDefaults(schema)] }] : []),
    { drop: found.changes.flatMap(deleteExpired) },
    ...(comparesKeys(wanted) && !comparesKeys(before) ? [makeKeysComparable(before === undefined)] : []),
    ...(hasTrigrams(after) && !hasTrigrams(before?.collections ?? {}) ? [makeTrigrams(before === undefined)] : []),
    ...found.gone.map((gone) => hideTable(gone, context)),
    { rename: renameTables(found.changes, schema) },
    ...found.changes.filter(({ isRestored }) => isRestored).map(restoreTable),
    { rename: renameShared(changed, found.changes, schema) },
    ...found.created.flatMap((name) => createTable(name, after, schema)),
    ...changed.map((one) => one.steps),
    // Last, when every table is there: collections may refer to one another.
    ...found.created.flatMap((name) => referFrom(name, after, schema)),
    { refer: views.create },
  ])
  yield
  return {
    steps,
    refusals: [] as Refusal[],
    remains: yield* rememberAll(found, memory, before === undefined, context),
    pauses:
      views.isRedefined ||
      changesKind(before, wanted) ||
      needsPause(
        found,
        found.created.flatMap((name) => (after[name] === undefined ? [] : [ownName(after[name])])),
      ),
  }
}

/** Those of which a view shows something that changes, as they were called: columns, or all of it. */
function touchedTables({ changes, gone }: FoundTables, changed: readonly ChangedTable[]): ReadonlySet<string> {
  const touched = changes.filter(
    ({ isRestored, old, next }, index) =>
      isRestored ||
      old.table !== next.table ||
      COLUMNS.some((phase) => (changed[index]?.steps[phase] ?? []).length > 0),
  )
  return new Set([...touched.map(({ old }) => ownName(old)), ...gone.map(({ shape }) => ownName(shape))])
}

const COLUMNS = ['drop', 'hide', 'rename', 'create', 'type', 'fill'] as const

/** A name that was a table's is a view's, or the other way round. */
function changesKind(before: CollectionsSnapshot | undefined, after: CollectionsSnapshot): boolean {
  const viewsOf = (snapshot: CollectionsSnapshot | undefined) => Object.keys(snapshot?.views ?? {})
  return (
    viewsOf(after).some((name) => before?.collections[name] !== undefined) ||
    viewsOf(before).some((name) => after.collections[name] !== undefined)
  )
}

function inOrder(all: readonly Steps[]): Step[] {
  const joined = joinSteps(all)
  return [...(joined.before ?? []), ...phases.flatMap((phase) => joined[phase] ?? [])]
}

/** To which no reference can stay as it is: its ids change their type, or it is kept elsewhere. */
function isUnsettled({ isRestored, old, next, columns }: TableChange): boolean {
  const id = columns.find(({ name }) => name === 'id')
  return isRestored || old.storage !== next.storage || id?.from?.column.type !== id?.column.type
}

/** Of collections and of views whose rows are kept. */
function comparesKeys({ collections, views = {} }: Omit<CollectionsSnapshot, 'format'> = { collections: {} }): boolean {
  const tables = Object.values(collections)
  const indexes = [...tables, ...Object.values(views).map(({ materialized }) => materialized)]
  return (
    tables.some(({ excludes = {} }) => Object.values(excludes).some(({ key }) => key.length > 0)) ||
    indexes.some((of) =>
      Object.values(of?.indexes ?? {}).some(({ overlaps, columns }) => overlaps === true && columns.length > 1),
    )
  )
}

/** Of an app that is live, indexes are built before the transaction. */
function makeTrigrams(isNew: boolean): Steps {
  const step: Step = {
    title: 'let PostgreSQL compare words by their letters (pg_trgm)',
    sql: sql.makeExtension('pg_trgm', "'search' with `fuzzy`"),
  }
  return isNew ? { drop: [step] } : { before: [{ ...step, before: { undo: 'select 1' } }] }
}

function hasTrigrams(collections: CollectionsSnapshot['collections']): boolean {
  return Object.values(collections).some(({ indexes }) =>
    Object.values(indexes).some(({ search }) => search === 'trigrams'),
  )
}

function makeKeysComparable(isNew: boolean): Steps {
  const step: Step = {
    title: 'let PostgreSQL compare keys beside ranges (btree_gist)',
    sql: sql.makeExtension('btree_gist', "'exclude' with a key, or an index of a range and another field,"),
  }
  return isNew ? { drop: [step] } : { before: [{ ...step, before: { undo: 'select 1' } }] }
}

function grantDefaults(schema: string): Step {
  return { title: `let the app's role make ids`, sql: sql.grantDefaults(schema) }
}

function renameTables(changes: readonly TableChange[], schema: string): Step[] {
  const staying = changes.filter(({ isRestored }) => !isRestored)
  const renamed = staying.filter(({ former, collection }) => former !== collection)
  const qualified = (name: string) => `${quoteName(schema)}.${quoteName(name)}`
  const statements = renameAll(
    staying.map(({ old, next }) => ({ from: old.table, to: next.table })),
    movingName,
    (from, to) => sql.renameTable(qualified(from), to),
  )
  const [moved] = staying.filter(({ old, next }) => old.table !== next.table)
  if (moved !== undefined && renamed.length === 0) {
    return [{ title: 'name the tables as the document wants it', sql: statements.join(';\n'), blocks: 'everything' }]
  }
  const keys = sql.renameIdempotencyKeys(
    slugOf(schema),
    renamed.map(({ former, collection }) => ({ from: former, to: collection })),
  )
  return renamed.map(({ former, collection }, index) => ({
    title: `rename ${describeCollection(former).noun} to ${ownerOf(collection)}`,
    // What goes together is done with the first; the others are told.
    sql: index === 0 ? [...statements, keys].join(';\n') : 'select 1',
    pointer: collectionPointer(collection),
    change: { action: 'rename', kind: describeCollection(collection).kind, name: describeCollection(collection).name },
    blocks: 'everything',
  }))
}

/** Names that belong to the whole schema: indexes and sequences, of all tables at once. */
function renameShared(
  changed: readonly ReturnType<typeof changeTable>[],
  changes: readonly TableChange[],
  schema: string,
): Step[] {
  const keys = changes.map(({ primaryKey, next }) => ({ from: primaryKey, to: sql.primaryKeyOf(next) }))
  const statements = [
    ...renameAll([...keys, ...changed.flatMap(({ indexes }) => indexes)], movingName, (from, to) =>
      sql.renameIndex(schema, from, to),
    ),
    ...renameAll(
      changed.flatMap(({ sequences }) => sequences),
      movingName,
      (from, to) => sql.renameSequence(schema, from, to),
    ),
  ]
  const tables = renameAll(
    changed.flatMap((one) => one.tables),
    movingName,
    (from, to) => sql.renameTable(`${quoteName(schema)}.${quoteName(from)}`, to),
  )
  const entries: Step = {
    title: 'name the entries of lists as the document does',
    sql: tables.join(';\n'),
    blocks: 'everything',
  }
  const named = tables.length === 0 ? [] : [entries]
  if (statements.length === 0) return named
  return [
    ...named,
    { title: 'name the indexes as the document does', sql: statements.join(';\n'), blocks: 'everything' },
  ]
}
