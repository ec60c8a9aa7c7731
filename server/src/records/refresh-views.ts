import type { Database, Sql } from '../db/database.ts'
import { createRounds, type Rounds } from '../db/rounds.ts'
import type { ReportRecords } from './events.ts'
import type { CollectionModel } from './model.ts'
import type { CollectionModels } from './schema/index.ts'
import { snakeCase } from './schema/naming.ts'
import { refreshView } from './schema/sql.ts'

/** The collections of an app that is served. */
export interface ViewsOfApp {
  readonly slug: string
  readonly models: CollectionModels
}

/** A round makes the rows of the views anew whose time it is, and gives how many they were. */
export type ViewRefresher = Rounds<number>

interface Deps {
  readonly db: Pick<Database, 'query' | 'session'>
  readonly report: ReportRecords
}

/**
 * Makes the rows of views anew that are to be `every` so often. Any server may do it, each view by one at a time: the database knows when
 * it was done last. Readers see the rows as they were until all of it is there. What fails leaves them so; it is told, and tried again
 * when it is time again.
 */
export function createViewRefresher(
  deps: Deps & {
    readonly apps: () => Iterable<ViewsOfApp>
    /** Milliseconds between rounds. */
    readonly every?: number
  },
): ViewRefresher {
  const { apps, every = 10_000 } = deps

  async function refreshAll(): Promise<number> {
    let refreshed = 0
    for (const { slug, models } of apps()) {
      for (const model of models.values()) {
        const often = model.view?.materialized?.every
        if (often === undefined) continue
        try {
          if ((await isDue(deps.db, slug, model, often)) && (await refresh(deps, slug, model, often))) refreshed++
        } catch (error) {
          deps.report({ type: 'view.refresh_failed', app: slug, view: model.name, error })
        }
      }
    }
    return refreshed
  }

  return createRounds({ every, work: refreshAll })
}

/** Makes the rows of one view anew; false where another server is at it. What goes wrong is kept with the view, and thrown. */
export async function refreshNow(deps: Deps, slug: string, model: CollectionModel): Promise<boolean> {
  return refresh(deps, slug, model, undefined)
}

async function refresh(
  { db, report }: Deps,
  slug: string,
  model: CollectionModel,
  often: string | undefined,
): Promise<boolean> {
  const view = snakeCase(model.name)
  const begun = performance.now()
  try {
    // A session has no timeout: this may take longer than any request.
    const done = await db.session((session) =>
      session.transaction(async (sql) => {
        const [row] = await sql.once<{ locked: boolean }>(LOCK, [slug, view])
        if (row?.locked !== true) return false
        // Somebody else may have done it since it was asked.
        if (often !== undefined && !(await isDue(sql, slug, model, often))) return false
        await sql.once(refreshView(model.table, 'concurrently'))
        await sql.once(NOTE, [slug, view, Math.round(performance.now() - begun)])
        return true
      }),
    )
    if (done) report({ type: 'view.refreshed', app: slug, view: model.name, milliseconds: performance.now() - begun })
    return done
  } catch (error) {
    await db.query(NOTE_FAILURE, [slug, view, error instanceof Error ? error.message : String(error)])
    throw error
  }
}

async function isDue(sql: Pick<Sql, 'query'>, slug: string, model: CollectionModel, often: string): Promise<boolean> {
  const [row] = await sql.query<{ due: boolean }>(DUE, [slug, snakeCase(model.name), often], { idempotent: true })
  return row?.due === true
}

const LOCK = `select pg_try_advisory_xact_lock(hashtextextended('roadbase view ' || $1::text || ' ' || $2::text, 0)) as locked`

/** After a failure it waits as long as after a success, so that what can not be done is not tried all the time. */
const DUE = `select greatest(refreshed_at, failed_at) + $3::interval <= clock_timestamp() as due
from roadbase.view_refreshes where app = $1 and view = $2`

/** The time is that of the transaction, whose snapshot is no older. */
const NOTE = `update roadbase.view_refreshes set refreshed_at = now(), milliseconds = $3::int, failed_at = null, error = null
where app = $1 and view = $2`

const NOTE_FAILURE = `update roadbase.view_refreshes set failed_at = now(), error = $3 where app = $1 and view = $2`
