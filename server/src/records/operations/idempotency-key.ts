import { createHash } from 'node:crypto'
import type { Sql } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import { type Caller, holderOf } from '../caller.ts'

/** Where a key counts: app, whose it is, what it was used for, and the key itself. */
export type KeyNames = readonly [app: string, holder: string, route: string, key: string]

/** What a key stands for. */
export interface KeptAnswer {
  readonly fingerprint: string
  /** Of a create. */
  readonly record_id: string | null
  readonly version: string | null
  /** Of a batch: what its operations wrote, as JSON. */
  readonly results: string | null
}

const KEY = /^[\x21-\x7e]{1,255}$/

/** Whose key it is; throws where nobody's keys are kept, or none like this. */
export function holderOfKey(caller: Caller, key: string): string {
  const owner = holderOf(caller)
  if (owner === undefined) {
    throw new Problem('invalid_parameter', "'Idempotency-Key' needs a signed-in caller, whose keys nobody else can use")
  }
  if (KEY.test(key)) return owner
  throw new Problem('invalid_parameter', "'Idempotency-Key' takes 1 to 255 visible ASCII characters")
}

/**
 * Undefined when the key is ours now; else what it stands for, if the body is the same. It is committed together with what it
 * stands for, so a crash leaves both or neither; a duplicate that arrives meanwhile waits at its row until the first is through.
 */
export async function claimKey(sql: Sql, names: KeyNames, fingerprint: string): Promise<KeptAnswer | undefined> {
  const claimed = await sql.query(
    `insert into roadbase.idempotency_keys as k (app, user_id, route, key, fingerprint) values ($1, $2::uuid, $3, $4, $5)
on conflict (app, user_id, route, key) do update set fingerprint = excluded.fingerprint, record_id = null, results = null, created_at = now()
where k.created_at < now() - interval '24 hours' returning 1`,
    [...names, fingerprint],
  )
  if (claimed.length > 0) return undefined
  const [kept] = await sql.query<KeptAnswer & Record<string, unknown>>(
    'select fingerprint, record_id, version, results from roadbase.idempotency_keys where app = $1 and user_id = $2::uuid and route = $3 and key = $4',
    names,
  )
  if (kept === undefined) throw new Problem('unavailable', 'The idempotency key has just expired', { retryAfter: 1 })
  if (kept.fingerprint === fingerprint) return kept
  throw new Problem('idempotency_conflict', 'This key was used with another body; use a new key for a new request')
}

/** Equal for bodies that are equal as JSON, whatever the order of their keys. */
export function fingerprintOf(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body, sortedKeys)).digest('base64url')
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
}
