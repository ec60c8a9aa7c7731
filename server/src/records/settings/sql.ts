import type { Sql } from '../../db/database.ts'

/** What is stored for a setting: the value, or a sealed secret. */
export interface StoredSetting {
  readonly name: string
  /** JSON text. */
  readonly value: string | null
  /** In hexadecimal digits. */
  readonly sealed: string | null
  /** RFC 3339. */
  readonly updatedAt: string
  readonly updatedBy: string | null
}

export async function selectSettings(
  sql: Pick<Sql, 'query'>,
  app: string,
): Promise<ReadonlyMap<string, StoredSetting>> {
  const rows = await sql.query<StoredSetting & Record<string, unknown>>(
    `select name, value::text as value, encode(sealed, 'hex') as sealed,
       to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "updatedAt", updated_by as "updatedBy"
     from roadbase.app_settings where app = $1`,
    [app],
    { idempotent: true },
  )
  return new Map(rows.map((row) => [row.name, row]))
}

export async function upsertSetting(
  sql: Pick<Sql, 'query'>,
  app: string,
  setting: Pick<StoredSetting, 'name' | 'value' | 'sealed' | 'updatedBy'>,
): Promise<void> {
  await sql.query(
    `insert into roadbase.app_settings (app, name, value, sealed, updated_by)
     values ($1, $2, $3::jsonb, decode($4, 'hex'), $5)
     on conflict (app, name) do update
     set value = excluded.value, sealed = excluded.sealed, updated_by = excluded.updated_by, updated_at = now()`,
    [app, setting.name, setting.value, setting.sealed, setting.updatedBy],
  )
}

/** In place of the value that was read; nothing when somebody has set another one since. Who set it, and when, stays. */
export async function updateSealed(
  sql: Pick<Sql, 'query'>,
  app: string,
  { name, value, sealed }: { readonly name: string; readonly value: string; readonly sealed: string },
): Promise<void> {
  await sql.query(
    `update roadbase.app_settings set value = null, sealed = decode($4, 'hex')
     where app = $1 and name = $2 and value = $3::jsonb`,
    [app, name, value, sealed],
  )
}

export async function deleteSetting(sql: Pick<Sql, 'query'>, app: string, name: string): Promise<void> {
  await sql.query(`delete from roadbase.app_settings where app = $1 and name = $2`, [app, name])
}
