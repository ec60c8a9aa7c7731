import type { Sql } from '../../db/database.ts'
import type { KeyTerm } from './key-ring.ts'

export interface StoredKey extends KeyTerm {
  readonly kid: string
  readonly x: string
  readonly sealed: Buffer
}

/** Keys that sign, will sign, or have signed tokens that may still live. */
export async function selectKeys(sql: Sql, tokenLife: number): Promise<StoredKey[]> {
  const rows = await sql.query<{ kid: string; x: string; sealed: string; signs_from: string; signs_until: string }>(
    `select kid, public_key as x, encode(private_key, 'base64') as sealed,
       floor(extract(epoch from signs_from) * 1000)::text as signs_from,
       floor(extract(epoch from signs_until) * 1000)::text as signs_until
     from roadbase.signing_keys
     where signs_until > now() - make_interval(secs => $1::int)
     order by signs_from`,
    [tokenLife],
    { idempotent: true },
  )
  return rows.map((row) => ({
    kid: row.kid,
    x: row.x,
    sealed: Buffer.from(row.sealed, 'base64'),
    signsFrom: Number(row.signs_from),
    signsUntil: Number(row.signs_until),
  }))
}

/** Held until the transaction ends: servers that find a key missing at the same time make one between them. Readers don't wait. */
export async function lockKeys(sql: Sql): Promise<void> {
  await sql.query('lock table roadbase.signing_keys in share row exclusive mode')
}

/** When the last term ends; null without a key that signs, or will. */
export async function selectLastTerm(sql: Sql): Promise<{ endsIn: number } | undefined> {
  const [row] = await sql.query<{ ends_in: string | null }>(
    `select extract(epoch from max(signs_until) - now())::text as ends_in
     from roadbase.signing_keys where signs_until > now()`,
  )
  return row === undefined || row.ends_in === null ? undefined : { endsIn: Number(row.ends_in) }
}

/** Signs from the end of the last term on, or at once when there is none. */
export async function insertKey(
  sql: Sql,
  key: { readonly kid: string; readonly x: string; readonly sealed: Buffer; readonly term: number },
): Promise<void> {
  await sql.query(
    `insert into roadbase.signing_keys (kid, public_key, private_key, signs_from, signs_until)
     select $1, $2, decode($3, 'base64'), start, start + make_interval(secs => $4::int)
     from (select coalesce(max(signs_until) filter (where signs_until > now()), now()) as start from roadbase.signing_keys) last`,
    [key.kid, key.x, key.sealed.toString('base64'), key.term],
  )
}
