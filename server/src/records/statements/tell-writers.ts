import type { CollectionModel } from '../model.ts'
import type { AppNames } from './scope.ts'

interface Told {
  /** Stands behind the inputs `x`. */
  readonly cte: string
  /** Makes the statement ask for it, before it writes. */
  readonly join: string
}

const NOTHING: Told = { cte: '', join: '' }

const WRITERS: Told = {
  cte: `, writers as materialized (
select ${setWriters('x', 'x')})`,
  join: ' cross join writers',
}

/** The triggers that keep versions know no callers. Until the end of the transaction they are told who writes which record. */
export function tellWriters({ history }: CollectionModel): Told {
  return history === undefined ? NOTHING : WRITERS
}

/**
 * The same for deletes. What goes along, or lets go, has no id that the statement knows: it is done by the caller, of whom the statement
 * has one alone.
 */
export function tellDeleters({ collections }: Pick<AppNames, 'collections'>, model: CollectionModel): Told {
  if (!reachesHistory(collections, model)) return tellWriters(model)
  return {
    cte: `, writers as materialized (
select ${setWriters('x', 'x')}, ${SET_CAUSER})`,
    join: WRITERS.join,
  }
}

/** Nobody, if there should be several. */
const SET_CAUSER = `set_config('roadbase.caused_by', coalesce((select min(x.uid::text) from x having count(distinct x.uid) = 1 and count(x.uid) = count(*)), ''), true)`

/** Whether deleting a record changes or deletes others of which versions are kept. */
export function reachesHistory(collections: AppNames['collections'], { name }: Pick<CollectionModel, 'name'>): boolean {
  const reached = new Set([name])
  for (const target of reached) {
    for (const { name: other, fields, history } of collections.values()) {
      for (const { reference, list } of fields.values()) {
        const onDelete = (reference ?? list)?.collection === target ? (reference ?? list)?.onDelete : undefined
        if (onDelete === undefined || onDelete === 'restrict') continue
        if (history !== undefined) return true
        if (onDelete === 'cascade') reached.add(other)
      }
    }
  }
  return false
}

/** Of `rows`, which have the `id` of a record and its writer `uid`. */
export function setWriters(rows: string, alias: string): string {
  return `set_config('roadbase.written_by', coalesce((select jsonb_object_agg(${alias}.id, ${alias}.uid) from ${rows} where ${alias}.uid is not null)::text, ''), true)`
}
