import type { LiveApp } from '../apps/section.ts'
import type { Sql } from '../db/database.ts'
import { DatabaseError } from '../db/database-error.ts'
import { Outdated } from '../errors/outdated.ts'
import { Problem } from '../errors/problem.ts'

/** Milliseconds. */
const LOCK_WAIT = 3000

/**
 * Until the end of the transaction nobody loads the app, and this server has the version that the database has: what was checked
 * against its document still holds when it is written.
 */
export async function shareApp(sql: Sql, { slug, version }: Pick<LiveApp, 'slug' | 'version'>): Promise<void> {
  await sql.query(`select set_config('lock_timeout', $1, true)`, [String(LOCK_WAIT)])
  await sql.query(`select pg_advisory_xact_lock_shared(hashtextextended('roadbase app ' || $1, 0))`, [slug])
  const [row] = await sql.query<{ version: number }>(`select version from roadbase.apps where slug = $1`, [slug])
  if (row?.version === version) return
  throw new Outdated('unavailable', 'The app has another version by now than this server', { retryAfter: 1 })
}

/** What a transaction of {@link shareApp} fails with, for the caller: somebody may have held a lock too long. */
export function shareProblem(error: unknown): unknown {
  if (!(error instanceof DatabaseError) || error.sqlState !== LOCK_NOT_AVAILABLE) return error
  return new Problem('unavailable', 'The app is being loaded, or others use its records all the time', {
    retryAfter: 5,
    cause: error,
  })
}

const LOCK_NOT_AVAILABLE = '55P03'
