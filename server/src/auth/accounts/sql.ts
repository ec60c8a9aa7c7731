import type { Sql } from '../../db/database.ts'
import { quoteName } from '../../db/quote.ts'

/** An app as far as its accounts are concerned. */
export interface AppNames {
  readonly slug: string
  /** The app's PostgreSQL schema, unquoted. */
  readonly schema: string
}

export interface Account {
  readonly userId: string
  readonly passwordHash: string
  readonly suspended: boolean
}

/** Somebody who has a password; users made in another way have none, and can't log in with one. */
export async function selectAccount(sql: Sql, app: AppNames, email: string): Promise<Account | undefined> {
  const [row] = await sql.query<{ id: string; password_hash: string; suspended: boolean }>(
    `select u.id::text, c.password_hash, u.suspended
     from ${usersTable(app)} u join roadbase.credentials c on c.app = $1 and c.user_id = u.id
     where u.email = $2`,
    [app.slug, email],
    { idempotent: true },
  )
  return row && { userId: row.id, passwordHash: row.password_hash, suspended: row.suspended }
}

export async function insertCredentials(sql: Sql, app: AppNames, userId: string, passwordHash: string): Promise<void> {
  await sql.query(`insert into roadbase.credentials (app, user_id, password_hash) values ($1, $2::uuid, $3)`, [
    app.slug,
    userId,
    passwordHash,
  ])
}

/** Only while it is still the one that was checked. */
export async function replacePasswordHash(
  sql: Sql,
  app: AppNames,
  userId: string,
  change: { readonly from: string; readonly to: string },
): Promise<void> {
  await sql.query(
    `update roadbase.credentials set password_hash = $4 where app = $1 and user_id = $2::uuid and password_hash = $3`,
    [app.slug, userId, change.from, change.to],
  )
}

export interface NewSession {
  readonly userId: string
  /** The one that was checked: a password changed in the meantime opens nothing any more. */
  readonly passwordHash: string
  readonly ip: string
  readonly refreshTokenHash: string
  /** Seconds. */
  readonly sessionLife: number
  readonly refreshTokenLife: number
}

/**
 * Opens a session with its first refresh token; `undefined` when the user was suspended or deleted, or the password changed.
 * The shared locks order this and a suspension: either this waits for it and opens nothing, or it finds the new session and ends it.
 */
export async function insertSession(sql: Sql, app: AppNames, session: NewSession): Promise<string | undefined> {
  const [row] = await sql.query<{ session_id: string }>(
    `with owner as (
       select u.id from ${usersTable(app)} u join roadbase.credentials c on c.app = $1 and c.user_id = u.id
       where u.id = $2::uuid and c.password_hash = $3 and not u.suspended
       for share
     ), session as (
       insert into roadbase.sessions (id, app, user_id, created_at, last_used_at, expires_at, ip)
       select roadbase.uuid_v7(), $1, owner.id, now(), now(), now() + make_interval(secs => $5::int), $4 from owner
       returning id, expires_at
     )
     insert into roadbase.refresh_tokens (hash, session_id, created_at, expires_at)
     select decode($6, 'hex'), session.id, now(), least(session.expires_at, now() + make_interval(secs => $7::int)) from session
     returning session_id::text`,
    [
      app.slug,
      session.userId,
      session.passwordHash,
      session.ip,
      session.sessionLife,
      session.refreshTokenHash,
      session.refreshTokenLife,
    ],
  )
  return row?.session_id
}

export interface LiveSession {
  readonly sessionId: string
  readonly userId: string
}

/** The session that a refresh token would be good for at the moment. */
export async function selectSessionOfToken(
  sql: Sql,
  app: AppNames,
  tokenHash: string,
): Promise<LiveSession | undefined> {
  const [row] = await sql.query<{ session_id: string; user_id: string }>(
    `select s.id::text as session_id, s.user_id::text
     from roadbase.refresh_tokens t join roadbase.sessions s on s.id = t.session_id
     where t.hash = decode($2, 'hex') and t.used_at is null and t.expires_at > now()
       and s.app = $1 and s.revoked_at is null and s.expires_at > now()`,
    [app.slug, tokenHash],
    { idempotent: true },
  )
  return row && { sessionId: row.session_id, userId: row.user_id }
}

/**
 * Uses a refresh token up and puts its successor in its place; false when it isn't good (any more). One statement, so one
 * transaction: parallel uses queue at the token's row, and only the first finds it unused. Doing it twice with one successor is
 * doing it once, so a connection that breaks on the way costs nobody their session.
 */
export async function rotateRefreshToken(
  sql: Sql,
  app: AppNames,
  token: { readonly hash: string; readonly successor: string; readonly life: number },
): Promise<boolean> {
  const rows = await sql.query(
    `with used as (
       update roadbase.refresh_tokens t set used_at = clock_timestamp(), replaced_by = decode($3, 'hex')
       from roadbase.sessions s
       where t.hash = decode($2, 'hex') and (t.used_at is null or t.replaced_by = decode($3, 'hex')) and t.expires_at > now()
         and s.id = t.session_id and s.app = $1 and s.revoked_at is null and s.expires_at > now()
         and exists (select from ${usersTable(app)} u where u.id = s.user_id and not u.suspended)
       returning t.session_id
     ), session as (
       update roadbase.sessions s set last_used_at = now() from used
       where s.id = used.session_id and s.revoked_at is null
       returning s.id, s.expires_at
     ), successor as (
       insert into roadbase.refresh_tokens (hash, session_id, created_at, expires_at)
       select decode($3, 'hex'), session.id, now(), least(session.expires_at, now() + make_interval(secs => $4::int)) from session
       on conflict do nothing
     )
     select from session`,
    [app.slug, token.hash, token.successor, token.life],
    { idempotent: true },
  )
  return rows.length === 1
}

/**
 * Ends the session of a refresh token that comes back after its use: it has two holders, and there is no telling which is the thief.
 */
export async function revokeReusedToken(sql: Sql, app: AppNames, tokenHash: string): Promise<LiveSession | undefined> {
  const [row] = await sql.query<{ id: string; user_id: string }>(
    `update roadbase.sessions s set revoked_at = now() from roadbase.refresh_tokens t
     where t.hash = decode($2, 'hex') and t.used_at is not null and s.id = t.session_id and s.app = $1 and s.revoked_at is null
     returning s.id::text, s.user_id::text`,
    [app.slug, tokenHash],
  )
  return row && { sessionId: row.id, userId: row.user_id }
}

/** The id of the session if this ended it. */
export async function revokeSession(sql: Sql, app: AppNames, sessionId: string): Promise<string | undefined> {
  const [row] = await sql.query<{ id: string }>(
    `update roadbase.sessions set revoked_at = now()
     where id = $2::uuid and app = $1 and revoked_at is null returning id::text`,
    [app.slug, sessionId],
  )
  return row?.id
}

export async function revokeSessionOfToken(sql: Sql, app: AppNames, tokenHash: string): Promise<string | undefined> {
  const [row] = await sql.query<{ id: string }>(
    `update roadbase.sessions s set revoked_at = now() from roadbase.refresh_tokens t
     where t.hash = decode($2, 'hex') and s.id = t.session_id and s.app = $1 and s.revoked_at is null returning s.id::text`,
    [app.slug, tokenHash],
  )
  return row?.id
}

/** Whose link it is, while it is good. */
export async function selectUserOfReset(
  sql: Sql,
  app: AppNames,
  tokenHash: string,
): Promise<{ readonly userId: string; readonly email: string } | undefined> {
  const [row] = await sql.query<{ id: string; email: string }>(
    `select u.id::text, u.email from roadbase.password_resets r join ${usersTable(app)} u on u.id = r.user_id
     where r.token_hash = decode($2, 'hex') and r.app = $1 and r.expires_at > now()`,
    [app.slug, tokenHash],
    { idempotent: true },
  )
  return row && { userId: row.id, email: row.email }
}

/** Of parallel uses exactly one deletes the row. */
export async function useReset(sql: Sql, app: AppNames, tokenHash: string): Promise<string | undefined> {
  const [row] = await sql.query<{ user_id: string }>(
    `delete from roadbase.password_resets
     where token_hash = decode($2, 'hex') and app = $1 and expires_at > now() returning user_id::text`,
    [app.slug, tokenHash],
  )
  return row?.user_id
}

/** False when the user is gone. One who had no password has one now. */
export async function replacePassword(sql: Sql, app: AppNames, userId: string, passwordHash: string): Promise<boolean> {
  const rows = await sql.query(
    `with owner as materialized (select u.id from ${usersTable(app)} u where u.id = $2::uuid for share)
     insert into roadbase.credentials as c (app, user_id, password_hash) select $1, owner.id, $3 from owner
     on conflict (app, user_id) do update set password_hash = excluded.password_hash, changed_at = now()
     returning 1`,
    [app.slug, userId, passwordHash],
  )
  return rows.length === 1
}

/** After the password: a login that was quicker has opened its session by then, and a later one finds another password. */
export async function revokeSessionsOfUser(sql: Sql, app: AppNames, userId: string): Promise<void> {
  await sql.query(
    `update roadbase.sessions set revoked_at = now() where app = $1 and user_id = $2::uuid and revoked_at is null`,
    [app.slug, userId],
  )
}

/** The built-in `users` collection of an app. */
export function usersTable(app: AppNames): string {
  return `${quoteName(app.schema)}."users"`
}
