import type { Sql } from '../../db/database.ts'

export async function hasAdmin(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ found: boolean }>('select exists (select from roadbase.admins) as found')
  return row?.found === true
}

/** Only the latest link is good. */
export async function replaceSetupLink(sql: Sql, tokenHash: string, life: number): Promise<void> {
  await sql.query('delete from roadbase.admin_setup_links')
  await sql.query(
    `insert into roadbase.admin_setup_links (token_hash, expires_at)
     values (decode($1, 'hex'), now() + make_interval(secs => $2::int))`,
    [tokenHash, life],
  )
}

export async function isSetupLinkGood(sql: Sql, tokenHash: string): Promise<boolean> {
  const [row] = await sql.query<{ good: boolean }>(
    `select exists (
       select from roadbase.admin_setup_links where token_hash = decode($1, 'hex') and expires_at > now()
     ) as good`,
    [tokenHash],
  )
  return row?.good === true
}

/** Whether it was good: of parallel uses exactly one deletes the row. */
export async function useSetupLink(sql: Sql, tokenHash: string): Promise<boolean> {
  const rows = await sql.query(
    `delete from roadbase.admin_setup_links where token_hash = decode($1, 'hex') and expires_at > now() returning created_at`,
    [tokenHash],
  )
  return rows.length === 1
}

export interface StoredAdmin {
  readonly adminId: string
  readonly passwordHash: string
}

export async function insertAdmin(
  sql: Sql,
  admin: { readonly email: string; readonly passwordHash: string },
): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    'insert into roadbase.admins (email, password_hash) values ($1, $2) returning id::text',
    [admin.email, admin.passwordHash],
  )
  if (row === undefined) throw new Error('An insert returned nothing')
  return row.id
}

/** Undefined when the address is taken. */
export async function insertAnotherAdmin(
  sql: Sql,
  admin: { readonly email: string; readonly passwordHash: string },
): Promise<ListedAdmin | undefined> {
  const [row] = await sql.query<{ admin: string }>(
    `insert into roadbase.admins (email, password_hash) values ($1, $2) on conflict (email) do nothing
     returning ${ADMIN_JSON} as admin`,
    [admin.email, admin.passwordHash],
  )
  return row && (JSON.parse(row.admin) as ListedAdmin)
}

export interface ListedAdmin {
  readonly id: string
  readonly email: string
  readonly createdAt: string
}

const ADMIN_JSON = `json_build_object('id', id, 'email', email,
  'createdAt', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text`

export async function selectAdmins(sql: Sql): Promise<ListedAdmin[]> {
  const rows = await sql.query<{ admin: string }>(
    `select ${ADMIN_JSON} as admin from roadbase.admins order by email`,
    [],
    { idempotent: true },
  )
  return rows.map(({ admin }) => JSON.parse(admin) as ListedAdmin)
}

/** All of them, locked until the transaction ends: of two who delete each other, one finds the other gone. */
export async function lockAdmins(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ id: string }>('select id::text from roadbase.admins order by id for update')
  return rows.map(({ id }) => id)
}

/** With their sessions. */
export async function deleteStoredAdmin(sql: Sql, id: string): Promise<void> {
  await sql.query('delete from roadbase.admins where id = $1::uuid', [id])
}

export async function selectAdmin(sql: Sql, email: string): Promise<StoredAdmin | undefined> {
  const [row] = await sql.query<{ id: string; password_hash: string }>(
    'select id::text, password_hash from roadbase.admins where email = $1',
    [email],
    { idempotent: true },
  )
  return row && { adminId: row.id, passwordHash: row.password_hash }
}

export interface NewAdminSession {
  readonly tokenHash: string
  readonly adminId: string
  readonly ip: string
  readonly life: number
  /** Of the password that was given. */
  readonly passwordHash: string
}

/** Undefined when the password has been changed meanwhile, or the administrator deleted: a change waits for who holds the row, and then ends the session. */
export async function insertAdminSession(sql: Sql, session: NewAdminSession): Promise<Date | undefined> {
  const [row] = await sql.query<{ expires: string }>(
    `with owner as materialized (
       select id from roadbase.admins where id = $2::uuid and password_hash = $5 for share
     )
     insert into roadbase.admin_sessions (token_hash, admin_id, ip, expires_at)
     select decode($1, 'hex'), owner.id, $3, now() + make_interval(secs => $4::int) from owner
     returning (extract(epoch from expires_at) * 1000)::bigint::text as expires`,
    [session.tokenHash, session.adminId, session.ip, session.life, session.passwordHash],
  )
  return row && new Date(Number(row.expires))
}

/** Whether `from` was the password until now. */
export async function replaceAdminPassword(
  sql: Sql,
  change: { readonly adminId: string; readonly from: string; readonly to: string },
): Promise<boolean> {
  const rows = await sql.query(
    'update roadbase.admins set password_hash = $3 where id = $1::uuid and password_hash = $2 returning id',
    [change.adminId, change.from, change.to],
  )
  return rows.length === 1
}

/** All of the administrator's sessions but this one. */
export async function deleteOtherAdminSessions(
  sql: Sql,
  session: { readonly adminId: string; readonly tokenHash: string },
): Promise<void> {
  await sql.query(`delete from roadbase.admin_sessions where admin_id = $1::uuid and token_hash <> decode($2, 'hex')`, [
    session.adminId,
    session.tokenHash,
  ])
}

export async function selectAdminOfSession(
  sql: Sql,
  tokenHash: string,
): Promise<{ readonly adminId: string; readonly email: string } | undefined> {
  const [row] = await sql.query<{ id: string; email: string }>(
    `select a.id::text, a.email from roadbase.admin_sessions s join roadbase.admins a on a.id = s.admin_id
     where s.token_hash = decode($1, 'hex') and s.expires_at > now()`,
    [tokenHash],
    { idempotent: true },
  )
  return row && { adminId: row.id, email: row.email }
}

export async function deleteAdminSession(sql: Sql, tokenHash: string): Promise<void> {
  await sql.query(`delete from roadbase.admin_sessions where token_hash = decode($1, 'hex')`, [tokenHash])
}
