import type { LiveApp } from '../apps/section.ts'
import type { Sql } from '../db/database.ts'
import { DatabaseError } from '../db/database-error.ts'
import { Problem } from '../errors/problem.ts'

/** Milliseconds. */
const LOCK_WAIT = 5000

/**
 * Until the end of the transaction nobody loads the app, and this server has the version that the database has: what was checked
 * against its document still holds when it is written.
 */
export async function shareApp(sql: Sql, { slug, version }: Pick<LiveApp, 'slug' | 'version'>): Promise<void> {
  await sql.query(`select set_config('lock_timeout', $1, true)`, [String(LOCK_WAIT)])
  try {
    await sql.query(`select pg_advisory_xact_lock_shared(hashtextextended('roadbase app ' || $1, 0))`, [slug])
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlState !== '55P03') throw error
    throw new Problem('unavailable', 'The app is being loaded', { retryAfter: 5, cause: error })
  }
  const [row] = await sql.query<{ version: number }>(`select version from roadbase.apps where slug = $1`, [slug])
  if (row?.version === version) return
  throw new Problem('unavailable', 'The app was changed by another server, which this one has not followed yet', {
    retryAfter: 5,
  })
}
