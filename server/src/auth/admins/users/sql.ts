import type { Sql } from '../../../db/database.ts'
import { type AppNames, usersTable } from '../../accounts/sql.ts'

export interface ChangedUser {
  readonly id: string
  readonly email: string
  readonly roles: readonly string[]
  readonly suspended: boolean
  readonly version: number
}

/** What is undefined stays. The users table's own trigger ends the sessions of whoever is suspended, in the same transaction. */
export async function updateUserRights(
  sql: Sql,
  app: AppNames,
  userId: string,
  change: { readonly roles?: readonly string[] | undefined; readonly suspended?: boolean | undefined },
): Promise<ChangedUser | undefined> {
  const [row] = await sql.query<{ user: string }>(
    `update ${usersTable(app)} set
       roles = case when $2::jsonb is null then roles else array(select jsonb_array_elements_text($2::jsonb)) end,
       suspended = coalesce($3::boolean, suspended)
     where id = $1::uuid
     returning json_build_object('id', id, 'email', email, 'roles', roles, 'suspended', suspended, 'version', version)::text as user`,
    [userId, change.roles === undefined ? null : JSON.stringify(change.roles), change.suspended ?? null],
  )
  return row && (JSON.parse(row.user) as ChangedUser)
}

/** The expiry of the new link; undefined when there is no such user. Links that the user had before are worth nothing any more. */
export async function replaceResetLink(
  sql: Sql,
  app: AppNames,
  link: { readonly userId: string; readonly tokenHash: string; readonly life: number },
): Promise<Date | undefined> {
  const [row] = await sql.query<{ expires: string }>(
    `insert into roadbase.password_resets as r (token_hash, app, user_id, expires_at)
     select decode($3, 'hex'), $1, u.id, now() + make_interval(secs => $4::int) from ${usersTable(app)} u where u.id = $2::uuid
     on conflict (app, user_id) do update
       set token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at
     returning (extract(epoch from expires_at) * 1000)::bigint::text as expires`,
    [app.slug, link.userId, link.tokenHash, link.life],
  )
  return row && new Date(Number(row.expires))
}
