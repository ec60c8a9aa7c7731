import { createHash } from 'node:crypto'
import type { Sql } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import { type Caller, holderOf } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { CreateInput } from '../statements/create.ts'
import { createInTransaction } from './create-in-transaction.ts'
import { readBack } from './read-back.ts'
import { parseId } from './record-id.ts'
import { type WriteOutput, writeOutput } from './write-output.ts'

interface KeptAnswer {
  readonly fingerprint: string
  readonly record_id: string
  readonly version: string
}

/**
 * A create that happens once per key. The key is committed together with the record, so a crash leaves both or
 * neither; a duplicate that arrives meanwhile waits at the key's row until the first is through.
 * Keys belong to one user or administrator, app and collection, and are kept for a day.
 */
export async function createOnce(
  collection: Collection,
  input: CreateInput,
  key: string,
  prefer: 'minimal' | 'representation' | undefined,
): Promise<WriteOutput> {
  const { caller } = input
  const owner = holderOfKey(caller, key)
  const names = [collection.app.slug, owner, collection.model.name, key]
  const fingerprint = fingerprintOf(input.values)
  const outcome = await collection.app.deps.db.transaction(async (sql) => {
    const kept = await claim(sql, names, fingerprint)
    if (kept !== undefined) return { kept }
    const row = await createInTransaction(sql, collection.model, collection.createStatements(), input)
    await sql.query(
      'update roadbase.idempotency_keys set record_id = $5, version = $6::bigint where app = $1 and user_id = $2::uuid and route = $3 and key = $4',
      [...names, row.id, row.version],
    )
    return { row }
  })
  if ('row' in outcome)
    return writeOutput(collection.model, 201, await readBack(collection, caller, outcome.row), prefer)
  return { ...(await replay(collection, input, outcome.kept, fingerprint, prefer)), replayed: true }
}

/** Whose key it is; throws where nobody's keys are kept, or none like this. */
export function holderOfKey(caller: Caller, key: string): string {
  const owner = holderOf(caller)
  if (owner === undefined) {
    throw new Problem('invalid_parameter', "'Idempotency-Key' needs a signed-in caller, whose keys nobody else can use")
  }
  if (KEY.test(key)) return owner
  throw new Problem('invalid_parameter', "'Idempotency-Key' takes 1 to 255 visible ASCII characters")
}

const KEY = /^[\x21-\x7e]{1,255}$/

/** Undefined when the key is ours now; else what it stands for. */
async function claim(sql: Sql, names: readonly string[], fingerprint: string): Promise<KeptAnswer | undefined> {
  const claimed = await sql.query(
    `insert into roadbase.idempotency_keys as k (app, user_id, route, key, fingerprint) values ($1, $2::uuid, $3, $4, $5)
on conflict (app, user_id, route, key) do update set fingerprint = excluded.fingerprint, record_id = null, created_at = now()
where k.created_at < now() - interval '24 hours' returning 1`,
    [...names, fingerprint],
  )
  if (claimed.length > 0) return undefined
  const [kept] = await sql.query<KeptAnswer & Record<string, unknown>>(
    'select fingerprint, record_id, version from roadbase.idempotency_keys where app = $1 and user_id = $2::uuid and route = $3 and key = $4',
    names,
  )
  if (kept === undefined) throw new Problem('unavailable', 'The idempotency key has just expired', { retryAfter: 1 })
  return kept
}

/** The record as its creator sees it now: who may not view it any more is told its id alone. */
async function replay(
  collection: Collection,
  { caller }: CreateInput,
  kept: KeptAnswer,
  fingerprint: string,
  prefer: 'minimal' | 'representation' | undefined,
): Promise<WriteOutput> {
  if (kept.fingerprint !== fingerprint) {
    throw new Problem('idempotency_conflict', 'This key was used with another body; use a new key for a new request')
  }
  // Made by a version of the app whose ids looked otherwise, it may be no id any more.
  const id = parseId(collection.model, kept.record_id)
  const found = id === undefined ? null : await collection.reads.of(undefined, undefined).submit({ caller, id })
  return writeOutput(
    collection.model,
    201,
    { id: kept.record_id, version: found?.version ?? kept.version, json: found?.json ?? null },
    prefer,
  )
}

/** Equal for bodies that are equal as JSON, whatever the order of their keys. */
function fingerprintOf(values: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(values, sortedKeys)).digest('base64url')
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
}
