import type { Sql } from '../../../db/database.ts'
import { isUuid } from '../../../db/uuid.ts'
import { Problem } from '../../../errors/problem.ts'
import type { AdminCaller, AdminsDeps } from '../deps.ts'
import { requireApp } from '../require.ts'
import type { Actor } from './audit-entry.ts'

export interface AuditQuery {
  readonly app?: string | undefined
  readonly limit?: number | undefined
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined
}

export interface AuditPage {
  readonly items: readonly ListedEntry[]
  readonly nextCursor: string | null
}

export interface ListedEntry {
  readonly id: string
  readonly at: string
  readonly by: Actor
  readonly action: string
  readonly app: string | null
  readonly target: string | null
  readonly details: Readonly<Record<string, unknown>>
  readonly ip: string | null
  readonly requestId: string | null
}

const DEFAULT_LIMIT = 50

/** What was done, the newest first. A key limited to apps sees what was done to them. */
export async function listAudit(
  deps: Pick<AdminsDeps, 'db'>,
  admin: AdminCaller,
  { app, limit = DEFAULT_LIMIT, cursor }: AuditQuery,
): Promise<AuditPage> {
  if (app !== undefined) requireApp(admin, app)
  if (cursor !== undefined && !isUuid(cursor)) throw new Problem('invalid_cursor')
  const apps = app === undefined ? admin.apps : [app]
  const entries = await selectEntries(deps.db, { apps, before: cursor ?? null, limit: limit + 1 })
  const items = entries.slice(0, limit)
  return { items, nextCursor: entries.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** Ids are made of the time, so their order is that of what happened. */
async function selectEntries(
  sql: Sql,
  page: { readonly apps: readonly string[] | null; readonly before: string | null; readonly limit: number },
): Promise<ListedEntry[]> {
  const rows = await sql.query<{ entry: string }>(
    `select json_build_object('id', id, 'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       'by', json_build_object('kind', actor_kind, 'id', actor_id, 'name', actor_name), 'action', action, 'app', app,
       'target', target, 'details', details, 'ip', ip, 'requestId', request_id)::text as entry
     from roadbase.audit
     where ($1::jsonb is null or app in (select jsonb_array_elements_text($1::jsonb))) and ($2::uuid is null or id < $2::uuid)
     order by id desc limit $3::int`,
    [page.apps === null ? null : JSON.stringify(page.apps), page.before, page.limit],
    { idempotent: true },
  )
  return rows.map(({ entry }) => JSON.parse(entry) as ListedEntry)
}
