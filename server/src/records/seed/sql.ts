import type { Sql } from '../../db/database.ts'
import type { Draft } from './draft-records.ts'
import { keyOf, type Planted } from './model.ts'

/** Until the end of the transaction nobody else seeds the app. */
export async function lockSeeds(sql: Sql, app: string): Promise<void> {
  await sql.query(`select pg_advisory_xact_lock(hashtextextended('roadbase seed ' || $1, 0))`, [app])
}

/** What has become of the entries of these sets so far, by {@link keyOf}. */
export async function selectSeeds(
  sql: Pick<Sql, 'query'>,
  app: string,
  sets: readonly string[],
): Promise<ReadonlyMap<string, Planted>> {
  const rows = await sql.query<{ set: string; name: string; position: number; collection: string; id: string }>(
    `select seed_set as set, name, position, collection, id from roadbase.seeds
     where app = $1 and seed_set in (select jsonb_array_elements_text($2::jsonb))`,
    [app, JSON.stringify(sets)],
    { idempotent: true },
  )
  return new Map(rows.map((row) => [keyOf(row), { collection: row.collection, id: row.id }]))
}

export async function rememberSeeds(sql: Sql, app: string, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return
  const rows = drafts.map(({ record: { set, name, position, collection }, id }) => ({
    set,
    name,
    position,
    collection,
    id,
  }))
  await sql.query(
    `insert into roadbase.seeds (app, seed_set, name, position, collection, id)
     select $1, x.set, x.name, x.position, x.collection, x.id
     from jsonb_to_recordset($2::jsonb) x(set text, name text, position integer, collection text, id text)
     on conflict (app, seed_set, name, position) do update set collection = excluded.collection, id = excluded.id`,
    [app, JSON.stringify(rows)],
  )
}

export async function forgetSeeds(sql: Sql, app: string): Promise<void> {
  await sql.query(`delete from roadbase.seeds where app = $1`, [app])
}

/** Of users; ordinary statements do not write these columns. */
export async function updateRights(
  sql: Sql,
  users: string,
  rights: readonly { readonly id: string; readonly roles: readonly string[]; readonly suspended: boolean }[],
): Promise<void> {
  if (rights.length === 0) return
  await sql.query(
    `update ${users} u set roles = array(select jsonb_array_elements_text(x.roles)), suspended = x.suspended
     from jsonb_to_recordset($1::jsonb) x(id uuid, roles jsonb, suspended boolean) where u.id = x.id`,
    [JSON.stringify(rights)],
  )
}

/** Which of these keys have a record. */
export async function selectExisting(sql: Sql, table: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(
    `select t.id::text as id from ${table} t where t.id::text in (select jsonb_array_elements_text($1::jsonb))`,
    [JSON.stringify(ids)],
  )
  return new Set(rows.map(({ id }) => id))
}
