import type { Sql } from '../../../db/database.ts'
import type { ReportAuthEvent } from '../../events.ts'
import type { AuditEntry } from './audit-entry.ts'

/**
 * Adds an entry to the audit. The act has happened by then, so a failure is not the caller's: it is reported with the whole entry, which
 * then is in the log.
 */
export function createAudit(deps: { readonly db: Sql; readonly report: ReportAuthEvent }) {
  return async (entry: AuditEntry): Promise<void> => {
    try {
      await insertAuditEntry(deps.db, entry)
    } catch (error) {
      deps.report({ type: 'audit.failed', entry, error })
    }
  }
}

async function insertAuditEntry(sql: Sql, entry: AuditEntry): Promise<void> {
  const { by, action, app, target, details = {}, ip, requestId } = entry
  await sql.query(
    `insert into roadbase.audit (actor_kind, actor_id, actor_name, action, app, target, details, ip, request_id)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9)`,
    [
      by.kind,
      by.id,
      by.name,
      action,
      app ?? null,
      target ?? null,
      JSON.stringify(details),
      ip ?? null,
      requestId ?? null,
    ],
  )
}
