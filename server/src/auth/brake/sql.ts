import type { Sql } from '../../db/database.ts'

/** How one counter answers: `free` attempts at once, then each waits twice as long as the one before, from `first` to `most` seconds. */
export interface BrakePolicy {
  readonly free: number
  readonly first: number
  readonly most: number
  /** Attempts forgotten per second. */
  readonly leak: number
}

/** Doublings after which the level stops rising, so that an attack is forgotten within hours of its end. */
const STEPS = 12

/**
 * Counts an attempt before anything is done for it, in one atomic statement: parallel attempts queue at the row, and each sees
 * the one before. `undefined` when it has to wait first; nothing is counted then, or hammering would lengthen the wait.
 *
 * `toll` is a wait in seconds that the first attempt under this key has to sit out, once: the row is made with level 0, and the
 * attempt that comes back after the wait is admitted whatever has happened since. Somebody known under this key pays none.
 */
export async function countAttempt(sql: Sql, key: string, policy: BrakePolicy, toll = 0): Promise<number | undefined> {
  const [row] = await sql.query<{ level: string }>(
    `insert into roadbase.login_attempts as a (key, level, updated_at, allowed_at, expires_at)
     select $1, start.level, moment, moment + make_interval(secs => start.wait),
       moment + make_interval(secs => start.wait + 1 / $5::float8)
     from clock_timestamp() as clock(moment),
       lateral (select case when $6::float8 > 0 then 0 else 1 end as level, $6::float8 as wait) start
     on conflict (key) do update set (level, updated_at, allowed_at, expires_at) = (
       select counted.level, moment, moment + make_interval(secs => delay.wait),
         moment + make_interval(secs => delay.wait + counted.level / $5::float8)
       from clock_timestamp() as clock(moment),
         lateral (select case when a.known_until > moment then 0 else $6::float8 end as wait) toll,
         lateral (
           select case when a.expires_at <= moment and toll.wait > 0 then 0
             else least(
               $2::float8 + ${STEPS},
               greatest(0, a.level - $5::float8 * extract(epoch from moment - a.updated_at)::float8) + 1
             )
           end as level
         ) counted,
         lateral (
           select greatest(toll.wait, case when ceil(counted.level) < $2::float8 then 0
             else least($4::float8, $3::float8 * power(2, ceil(counted.level) - $2::float8)) end) as wait
         ) delay
     )
     where a.allowed_at <= clock_timestamp()
     returning ceil(level)::text as level`,
    [key, policy.free, policy.first, policy.most, policy.leak, toll],
  )
  const level = Number(row?.level ?? 0)
  return level > 0 ? level : undefined
}

export interface AttemptState {
  /** Seconds until an attempt is admitted; 0 when it is. */
  readonly wait: number
  /** Somebody who knew the password was there lately. */
  readonly known: boolean
}

export async function selectAttemptState(sql: Sql, key: string): Promise<AttemptState> {
  const [row] = await sql.query<{ wait: string; known: boolean }>(
    `select greatest(0, extract(epoch from allowed_at - clock_timestamp()))::text as wait,
       coalesce(known_until > now(), false) as known
     from roadbase.login_attempts where key = $1`,
    [key],
    { idempotent: true },
  )
  return row === undefined ? { wait: 0, known: false } : { wait: Number(row.wait), known: row.known }
}

/** Takes back what a successful attempt was counted as, and remembers that this account is at home at this address. */
export async function forgiveAttempt(
  sql: Sql,
  keys: { readonly pair: string; readonly account: string; readonly address: string },
  knownFor: number,
): Promise<void> {
  await sql.query(
    `update roadbase.login_attempts set
       level = case when key = $1 then 0 else greatest(0, level - 1) end,
       allowed_at = case when key = $1 then now() else allowed_at end,
       known_until = case when key = $1 then now() + make_interval(secs => $4::int) end,
       expires_at = case when key = $1 then now() + make_interval(secs => $4::int) else expires_at end
     where key in ($1, $2, $3)`,
    [keys.pair, keys.account, keys.address, knownFor],
  )
}
