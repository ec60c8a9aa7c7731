import type { AppState } from '../load/app-state.ts'
import type { Origin } from '../load/sql.ts'
import { selectDocument } from '../load/sql.ts'
import type { Remain } from '../section.ts'
import type { DocumentIssue } from '../source/document-issue.ts'
import type { ActDependencies } from './deps.ts'
import { noSuchApp } from './no-such-app.ts'
import { remainsOf } from './purge-app.ts'
import { type AppRow, selectAppRows } from './sql.ts'

/** An app as administrators see it. Null: nothing was ever applied. */
export interface AppSummary {
  readonly slug: string
  readonly title: string
  readonly description: string
  readonly state: AppState
  readonly version: number | null
  readonly origin: Origin | null
  readonly since: string
  /** Why the document in the folder is not served. */
  readonly issues: readonly DocumentIssue[]
}

export interface AppDetails extends AppSummary {
  readonly document: unknown
  readonly remains: readonly Remain[]
  /** What is amiss although the app is served, in words. */
  readonly warnings: readonly string[]
}

type Dependencies = Pick<ActDependencies, 'db' | 'registry' | 'sections'>

/** All apps: those of the database, and those whose folder never got that far. */
export async function listApps({ db, registry }: Dependencies): Promise<readonly AppSummary[]> {
  const rows = new Map((await selectAppRows(db, null)).map((row) => [row.slug, row]))
  const statuses = new Map(registry.status().map((status) => [status.slug, status]))
  const slugs = [...new Set([...rows.keys(), ...statuses.keys()])].sort()
  return slugs.map((slug) => summary(slug, rows.get(slug), statuses.get(slug)))
}

export async function showApp({ db, registry, sections }: Dependencies, slug: string): Promise<AppDetails> {
  const [row] = await selectAppRows(db, slug)
  const status = registry.status().find((one) => one.slug === slug)
  if (row === undefined && status === undefined) throw noSuchApp(slug)
  const stored = await selectDocument(db, slug)
  const live = registry.get(slug)
  return {
    ...summary(slug, row, status),
    document: stored?.document ?? null,
    remains: stored === undefined ? [] : remainsOf(sections, stored.remains),
    warnings: live === undefined ? [] : sections.flatMap((section) => section.warn?.(live.part(section), slug) ?? []),
  }
}

type Status = ReturnType<ActDependencies['registry']['status']>[number]

/** The database says what is, this server what it makes of it. Another server may have loaded what this one does not serve (yet). */
function summary(slug: string, row: AppRow | undefined, status: Status | undefined): AppSummary {
  return {
    slug,
    title: status?.title ?? row?.title ?? slug,
    description: row?.description ?? '',
    state: status?.state ?? (row?.isRetired === true ? 'retired' : 'removed'),
    version: status?.version ?? row?.version ?? null,
    origin: row?.origin ?? null,
    since: status?.since.toISOString() ?? row?.appliedAt ?? new Date(0).toISOString(),
    issues: status?.issues ?? [],
  }
}
