import type { CollectionModel } from '../model.ts'

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

/** Of `rows`, which have the `id` of a record and its writer `uid`. */
export function setWriters(rows: string, alias: string): string {
  return `set_config('roadbase.written_by', coalesce((select jsonb_object_agg(${alias}.id, ${alias}.uid) from ${rows} where ${alias}.uid is not null)::text, ''), true)`
}
