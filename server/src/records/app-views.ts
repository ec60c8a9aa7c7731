import type { LiveApp, Section } from '../apps/section.ts'
import type { Database } from '../db/database.ts'
import { DatabaseError } from '../db/database-error.ts'
import { Problem } from '../errors/problem.ts'
import type { Collection } from './collection.ts'
import type { ReportRecords } from './events.ts'
import { refreshNow } from './refresh-views.ts'
import type { CollectionModels } from './schema/index.ts'
import { snakeCase } from './schema/naming.ts'

export interface AppViewsDeps {
  readonly db: Pick<Database, 'query' | 'session'>
  readonly section: Section<CollectionModels, { get(name: string): Collection | undefined }>
  readonly report: ReportRecords
}

/** A view that keeps its rows, and how old these are. */
export interface AppView {
  readonly name: string
  /** How often they are made anew, as an interval of PostgreSQL; null: when somebody asks. */
  readonly every: string | null
  readonly refreshedAt: string
  /** How long the last time took; null: it was the load of the app that made them. */
  readonly milliseconds: number | null
  /** What has gone wrong since. */
  readonly failedAt: string | null
  readonly error: string | null
}

/** The views of an app that keep their rows. */
export async function listViews(
  { db, section }: AppViewsDeps,
  app: LiveApp,
): Promise<{ readonly items: readonly AppView[] }> {
  const models = [...app.model(section).values()].filter(({ view }) => view?.materialized !== undefined)
  if (models.length === 0) return { items: [] }
  const rows = await db.query<Row>(SELECT, [app.slug], { idempotent: true })
  const found = new Map(rows.map((row) => [row.view, row]))
  const items = models.flatMap(({ name, view }): AppView[] => {
    const row = found.get(snakeCase(name))
    if (row === undefined) return []
    const { view: _, refreshed_at, failed_at, ...rest } = row
    return [{ name, every: view?.materialized?.every ?? null, refreshedAt: refreshed_at, ...rest, failedAt: failed_at }]
  })
  return { items }
}

/** Makes the rows of a view anew. */
export async function refreshAppView(deps: AppViewsDeps, app: LiveApp, name: string): Promise<AppView> {
  const model = app.model(deps.section).get(name)
  if (model?.view?.materialized === undefined) {
    throw new Problem('not_found', `The app '${app.slug}' has no view '${name}' that keeps its rows`)
  }
  try {
    if (!(await refreshNow(deps, app.slug, model))) {
      throw new Problem('conflict', `The rows of '${name}' are being made anew already`, { retryAfter: 5 })
    }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    throw new Problem('conflict', `The rows of '${name}' stay as they were: ${error.message}`, { cause: error })
  }
  const { items } = await listViews(deps, app)
  const view = items.find((one) => one.name === name)
  if (view === undefined) throw new Problem('not_found')
  return view
}

interface Row extends Readonly<Record<string, unknown>> {
  readonly view: string
  readonly refreshed_at: string
  readonly milliseconds: number | null
  readonly failed_at: string | null
  readonly error: string | null
}

const SELECT = `select view, ${iso('refreshed_at')}, milliseconds, ${iso('failed_at')}, error
from roadbase.view_refreshes where app = $1`

function iso(column: string): string {
  return `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${column}`
}
