import type { Sql } from '../db/database.ts'
import { createRounds, type Rounds } from '../db/rounds.ts'
import type { ReportAuthEvent } from './events.ts'

/** A round gives how many rows went. Everything that is bounded by time is checked again wherever it is used; this only frees space. */
export type Sweeper = Rounds<number>

/** Rows of each kind per round, so that no round holds locks for long. */
const BATCH = 1000

/** Deletes what has expired, now and then and a little at a time. Several servers may do so at once. */
export function createSweeper(deps: {
  readonly db: Sql
  readonly report: ReportAuthEvent
  /** Seconds between rounds. */
  readonly every?: number
}): Sweeper {
  const { db, report, every = 60 } = deps
  async function sweep(): Promise<number> {
    const [row] = await db.query<{ swept: string }>(SWEEP)
    return Number(row?.swept ?? 0)
  }

  return createRounds({
    every: every * 1000,
    work: sweep,
    failed: (error) => report({ type: 'auth.task_failed', task: 'sweep', error }),
  })
}

/**
 * Refresh tokens go with their session, or when they expire: a used one is kept until then, for its reuse must be noticed. An admin key
 * that expired is listed for a while, so that it is seen why a program fails.
 */
const SWEEP = `
  with sessions as (
    delete from roadbase.sessions where id in (
      select id from roadbase.sessions
      where expires_at < now() or revoked_at < now() - interval '1 day'
      limit ${BATCH} for update skip locked
    ) returning 1
  ), tokens as (
    delete from roadbase.refresh_tokens where hash in (
      select hash from roadbase.refresh_tokens where expires_at < now() limit ${BATCH} for update skip locked
    ) returning 1
  ), admin_sessions as (
    delete from roadbase.admin_sessions where expires_at < now() returning 1
  ), links as (
    delete from roadbase.admin_setup_links where expires_at < now() returning 1
  ), resets as (
    delete from roadbase.password_resets where expires_at < now() returning 1
  ), admin_keys as (
    delete from roadbase.admin_keys where expires_at < now() - interval '30 days' returning 1
  ), entries as (
    delete from roadbase.audit where id in (
      select id from roadbase.audit where at < now() - interval '1 year' limit ${BATCH} for update skip locked
    ) returning 1
  ), keys as (
    delete from roadbase.signing_keys where signs_until < now() - interval '90 days' returning 1
  ), attempts as (
    delete from roadbase.login_attempts where key in (
      select key from roadbase.login_attempts where expires_at < now() limit ${BATCH} for update skip locked
    ) returning 1
  )
  select (select count(*) from sessions) + (select count(*) from tokens) + (select count(*) from admin_sessions)
    + (select count(*) from links) + (select count(*) from resets) + (select count(*) from admin_keys) + (select count(*) from entries)
    + (select count(*) from keys) + (select count(*) from attempts) as swept`
