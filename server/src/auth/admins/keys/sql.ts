import type { Sql } from '../../../db/database.ts'
import type { Scope } from '../scopes.ts'

export interface KeyOfToken {
  readonly keyId: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly apps: readonly string[] | null
  readonly expiresAt: Date | null
}

/** Whose key this is, unless it has expired or was revoked. That it was used is noted once a minute. */
export async function selectKeyOfToken(sql: Sql, tokenHash: string): Promise<KeyOfToken | undefined> {
  const [row] = await sql.query<{ key: string }>(
    `with key as (
       select * from roadbase.admin_keys where token_hash = decode($1, 'hex') and (expires_at is null or expires_at > now())
     ), used as (
       update roadbase.admin_keys k set last_used_at = now() from key
       where k.id = key.id and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute')
     )
     select ${KEY_JSON} as key from key`,
    [tokenHash],
    { idempotent: true },
  )
  if (row === undefined) return undefined
  const { id, name, scopes, apps, expiresAt } = JSON.parse(row.key) as StoredKey
  return { keyId: id, name, scopes, apps, expiresAt: expiresAt === null ? null : new Date(expiresAt) }
}

/** Everything but the key itself, which nobody has but its owner. */
export interface StoredKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly apps: readonly string[] | null
  readonly createdAt: string
  readonly createdBy: string
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
}

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const KEY_JSON = `json_build_object('id', id, 'name', name, 'scopes', scopes, 'apps', apps, 'createdAt', ${time('created_at')},
  'createdBy', created_by, 'expiresAt', ${time('expires_at')}, 'lastUsedAt', ${time('last_used_at')})::text`

export interface NewKey {
  readonly tokenHash: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly apps: readonly string[] | null
  readonly expiresAt: Date | null
  readonly createdBy: string
  readonly madeWith: string | null
}

/** Undefined when the key that makes it was revoked in the meantime: the foreign key locks it, so no key outlives its maker. */
export async function insertKey(sql: Sql, key: NewKey): Promise<StoredKey | undefined> {
  const [row] = await sql.query<{ key: string }>(
    `with maker as materialized (
       select id from roadbase.admin_keys where id = $7::uuid for key share
     )
     insert into roadbase.admin_keys (token_hash, name, scopes, apps, expires_at, created_by, made_with)
     select decode($1, 'hex'), $2, array(select jsonb_array_elements_text($3::jsonb)),
       case when $4::jsonb is null then null else array(select jsonb_array_elements_text($4::jsonb)) end,
       $5::timestamptz, $6, $7::uuid
     where $7::uuid is null or exists (select from maker)
     returning ${KEY_JSON} as key`,
    [
      key.tokenHash,
      key.name,
      JSON.stringify(key.scopes),
      key.apps === null ? null : JSON.stringify(key.apps),
      key.expiresAt?.toISOString() ?? null,
      key.createdBy,
      key.madeWith,
    ],
  )
  return row && (JSON.parse(row.key) as StoredKey)
}

/** The newest first. */
export async function selectKeys(sql: Sql): Promise<StoredKey[]> {
  const rows = await sql.query<{ key: string }>(
    `select ${KEY_JSON} as key from roadbase.admin_keys order by id desc`,
    [],
    { idempotent: true },
  )
  return rows.map(({ key }) => JSON.parse(key) as StoredKey)
}

export async function selectKey(sql: Sql, id: string): Promise<StoredKey | undefined> {
  const [row] = await sql.query<{ key: string }>(
    `select ${KEY_JSON} as key from roadbase.admin_keys where id = $1::uuid`,
    [id],
    { idempotent: true },
  )
  return row && (JSON.parse(row.key) as StoredKey)
}

/** False when it was gone already. Keys that were made with it go with it. */
export async function deleteStoredKey(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql.query('delete from roadbase.admin_keys where id = $1::uuid returning 1', [id])
  return rows.length === 1
}
