import { quoteName, quoteText } from '../../db/quote.ts'
import { storedFields } from '../computed.ts'
import { type CollectionModel, type FieldModel, idField } from '../model.ts'
import { columnDefault } from '../schema/column-default.ts'
import { versionSequence } from '../schema/describe-table.ts'
import { entryId } from '../schema/entries.ts'
import { expiryField, hasCome, isToCome, rowsOf } from '../schema/index.ts'
import { snakeCase } from '../schema/naming.ts'
import { ANY_STATE } from '../schema/state-triggers.ts'
import { DELETION, ROOT, trashModel, trashTable } from '../schema/trash.ts'
import { allOf, type Condition, verdictColumns } from './condition-list.ts'
import type { DeleteInput, DeleteStatements } from './delete.ts'
import { inputs } from './inputs.ts'
import type { AppCollections } from './reference.ts'
import { callerColumns, callerJoins, condition, LIVE, NOW, ruleScope } from './scope.ts'
import { setWriters } from './tell-writers.ts'

/** Brings records back from the trash, each with all that went with it. */
export function restoreStatements(app: AppCollections, model: CollectionModel): DeleteStatements {
  return trashStatements(app, model, 'restore', (soft) => {
    const own = soft.indexOf(model)
    return {
      with: [
        ...soft.map(taken),
        ...(isKept(soft) ? [restorers(soft)] : []),
        ...soft.map((one, index) => returned(app, soft, one, index)),
      ],
      select: `select r.id::text as id, r.version, null::text as json from r${own} r join d on d.id = r.id`,
    }
  })
}

/** Deletes records that lie in the trash for good, each with all that went with it. */
export function purgeStatements(app: AppCollections, model: CollectionModel): DeleteStatements {
  return trashStatements(app, model, 'delete', (soft) => ({
    with: soft.map(taken),
    select: `select m.id::text as id from m${soft.indexOf(model)} m join d on d.id = m.id`,
  }))
}

/** Deletes for good what the same transaction has put into the trash, by the id of what it deleted. Who may is asked before. */
export function purgeDeletedStatement(app: AppCollections, model: CollectionModel): string {
  const { type } = idField(model)
  const soft = softCollections(app.collections)
  return `with d as materialized (
select t.id, t.${DELETION} as deletion from ${trashTable(model)} t where t.id = $1::${type.pg} and t.deleted_at = ${NOW}),
${soft.map(taken).join(',\n')}
select 1`
}

/** Which rows a sweep takes: the first `most`, without the `skipped` first of them. */
export interface SweepPart {
  readonly most: number
  readonly skipped: number
}

/** Some of what lies in the trash for too long, or has expired there, each with all that went with it. Gives how many were deleted. */
export function sweepTrashStatement(
  collections: AppCollections['collections'],
  model: CollectionModel,
  why: 'kept' | 'expired',
  { most, skipped }: SweepPart,
): string {
  const soft = softCollections(collections)
  const time = why === 'kept' ? 't.deleted_at' : `t.${quoteName(expiryField(model)?.column ?? '')}`
  const isOver = why === 'kept' ? `${time} < now() - interval '${model.softDelete?.purgeAfter}'` : hasCome(time)
  return `with d as materialized (
select t.id, t.${DELETION} as deletion from ${trashTable(model)} t
where t.${ROOT} and ${isOver} order by ${time} limit ${most} offset ${skipped} for update skip locked),
${soft.map(taken).join(',\n')}
select count(*)::int as swept from d`
}

/** Some of what has expired. What refers to it goes or lets go as its `onDelete` says. Gives how many were deleted. */
export function sweepExpiredStatement(model: CollectionModel, { most, skipped }: SweepPart): string {
  const table = rowsOf(model)
  const column = quoteName(expiryField(model)?.column ?? '')
  return `with d as (
delete from ${table} o where o.id = any(array(
select e.id from ${table} e where ${hasCome(`e.${column}`)} order by e.${column} limit ${most} offset ${skipped} for update skip locked)) returning o.id)
select count(*)::int as swept from d`
}

function trashStatements(
  app: AppCollections,
  model: CollectionModel,
  act: 'restore' | 'delete',
  doing: (soft: readonly CollectionModel[]) => { readonly with: readonly string[]; readonly select: string },
): DeleteStatements {
  const id = idField(model)
  const trash = trashModel(model)
  const scope = ruleScope(app, { row: 't' })
  const rule = act === 'restore' ? (model.softDelete?.restore ?? model.rules.delete) : model.rules.delete
  const rules = [trash.rules.view, rule]
  const conditions: Condition[] = [
    { sql: LIVE, code: 'invalid_token' },
    { sql: 't.id is not null', code: 'not_found' },
    { sql: condition(trash.rules.view, scope), code: 'not_found' },
    { sql: condition(rule, scope), code: 'forbidden' },
    {
      sql: '(x.version is null or x.version = t.version)',
      code: 'version_mismatch',
      detail: 'The record has another version than If-Match says',
    },
  ]
  const rows = inputs<DeleteInput>('x', [
    ...callerColumns(rules),
    { name: 'id', pg: id.type.pg, value: (input) => input.id },
    { name: 'version', pg: 'bigint', value: (input) => input.version },
  ])
  const soft = softCollections(app.collections)
  const { with: parts, select } = doing(soft)
  // Elsewhere records begin in their first state; these come back in that which they had.
  const inAnyState = act === 'restore' && soft.some(({ states }) => states !== undefined)
  const isNumbered = act === 'restore' && soft.some(hasNumbers)
  const settings = [...(inAnyState ? [ANY_STATE] : []), ...(isNumbered ? [RESTORING] : [])]
  const prepared = settings.map((name) => `, set_config('${name}', 'on', true)`).join('')
  const text = `with x as materialized (select * from ${rows.from}), d as materialized (
select t.id, t.${DELETION} as deletion, x.uid${prepared} from x ${callerJoins(app, rules)} join ${trash.table} t on t.id = x.id where ${allOf(conditions)}),
${parts.join(',\n')}
${select}`
  const one = { text, inputs: rows }
  return {
    batch: one,
    alone: one,
    diagnose: {
      text: `select x.i::int, ${verdictColumns(conditions)} from ${rows.from} ${callerJoins(app, rules)} left join ${trash.table} t on t.id = x.id`,
      inputs: rows,
    },
    conditions,
  }
}

/** Whatever cascades reached, and may have reached by another version of the document: every trash of the app. */
export function softCollections(collections: AppCollections['collections']): readonly CollectionModel[] {
  return [...collections.values()].filter(({ softDelete }) => softDelete !== undefined)
}

function taken(model: CollectionModel, index: number): string {
  return `m${index} as (delete from ${trashTable(model)} o using d where o.${DELETION} = d.deletion returning o.*)`
}

/** A history is to say who brought back what, and what came with it; see {@link tellWriters}. */
function restorers(soft: readonly CollectionModel[]): string {
  const back = soft.map((_, index) => `select m.id::text, d.uid from m${index} m join d on d.deletion = m.${DELETION}`)
  return `writers as materialized (select ${setWriters(`(${back.join(' union all ')}) b(id, uid)`, 'b')})`
}

function isKept(soft: readonly CollectionModel[]): boolean {
  return soft.some(({ history }) => history !== undefined)
}

/** What has expired in the trash is gone. References are looked at when the statement is over, so the order of the collections does not matter. */
function returned(
  app: AppCollections,
  soft: readonly CollectionModel[],
  model: CollectionModel,
  index: number,
): string {
  const fields = storedFields(model.fields)
  const expiry = expiryField(model)
  const columns = fields.map(({ column }) => quoteName(column))
  const values = fields.map((field) => restoredValue(app, soft, model, field))
  const living = expiry === undefined ? '' : ` where ${isToCome(`m.${quoteName(expiry.column)}`)}`
  return `r${index} as (insert into ${rowsOf(model)} (${columns.join(', ')}) select ${values.join(', ')} from m${index} m${isKept(soft) ? ' cross join writers' : ''}${living} returning id, version)`
}

/** Who sets it brings records back, with the numbers and versions that they have. */
const RESTORING = 'roadbase.restoring'

function versionsOf({ name, table }: CollectionModel): string {
  // Quoted and qualified, and the schema's name has no point.
  return `${quoteText(versionSequence(snakeCase(name), table.slice(1, table.indexOf('".'))))}::regclass`
}

function hasNumbers({ fields }: CollectionModel): boolean {
  return [...fields.values()].some(({ sequence }) => sequence !== undefined)
}

function restoredValue(
  app: AppCollections,
  soft: readonly CollectionModel[],
  model: CollectionModel,
  field: FieldModel,
): string {
  const value = `m.${quoteName(field.column)}`
  // Versions of chosen ids come from a sequence: by the trigger, or from here, where numbers are kept.
  if (field.name === 'version') return model.ids === 'chosen' ? `nextval(${versionsOf(model)})` : `${value} + 1`
  if (field.name === 'updatedAt') return `greatest(${NOW}, ${value})`
  const { reference, list } = field
  const isThere = (collection: string, id: string) => {
    const target = app.collections.get(collection)
    if (target === undefined) return 'false'
    const back = soft.indexOf(target)
    const places = [target.table, ...(back < 0 ? [] : [`m${back}`])]
    return `(${places.map((place) => `exists (select from ${place} r where r.id = ${id})`).join(' or ')})`
  }
  if (reference?.onDelete === 'setNull') return `case when ${isThere(reference.collection, value)} then ${value} end`
  if (list !== undefined) {
    const kept = list.onDelete === 'remove' ? ` where ${isThere(list.collection, entryId('e.v', list.ids.pg))}` : ''
    return `(select coalesce(jsonb_agg(e.v order by e.n), '[]') from jsonb_array_elements(${value}) with ordinality e(v, n)${kept})`
  }
  // What has become required since.
  const preset = field.required ? columnDefault(field) : undefined
  return preset === undefined ? value : `coalesce(${value}, ${preset})`
}
