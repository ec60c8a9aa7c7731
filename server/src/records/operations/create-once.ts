import { DatabaseError } from '../../db/database-error.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { CreateInput, WriteRow } from '../statements/create.ts'
import { constraintProblem } from './constraint-problem.ts'
import { claimKey, fingerprintOf, holderOfKey, type KeptAnswer, type KeyNames } from './idempotency-key.ts'
import { readBack } from './read-back.ts'
import { parseId } from './record-id.ts'
import { writeInTransaction } from './write-in-transaction.ts'
import { type WriteOutput, writeOutput } from './write-output.ts'

/**
 * A create that happens once per key. Keys belong to one user or administrator, app and collection, and are kept for a day.
 */
export async function createOnce(
  collection: Collection,
  input: CreateInput,
  key: string,
  prefer: 'minimal' | 'representation' | undefined,
): Promise<WriteOutput> {
  const { app, model } = collection
  const { caller } = input
  const names: KeyNames = [app.slug, holderOfKey(caller, key), model.name, key]
  const outcome = await app.deps.db
    .transaction(async (sql) => {
      const kept = await claimKey(sql, names, fingerprintOf(input.values))
      if (kept !== undefined) return { kept }
      const row: WriteRow = await writeInTransaction(sql, collection, collection.createStatements(), input)
      await sql.query(
        'update roadbase.idempotency_keys set record_id = $5, version = $6::bigint where app = $1 and user_id = $2::uuid and route = $3 and key = $4',
        [...names, row.id, row.version],
      )
      return { row }
    })
    .catch((error: unknown) => {
      // What is looked at when all of it is done.
      throw error instanceof DatabaseError ? constraintProblem(error, model) : error
    })
  if ('row' in outcome) {
    return writeOutput(model, 201, await readBack(collection, collection.lanes, caller, outcome.row), prefer)
  }
  return { ...(await replay(collection, caller, outcome.kept, prefer)), replayed: true }
}

/** The record as its creator sees it now: who may not view it any more is told its id alone. */
async function replay(
  collection: Collection,
  caller: Caller,
  kept: KeptAnswer,
  prefer: 'minimal' | 'representation' | undefined,
): Promise<WriteOutput> {
  const written = { id: kept.record_id ?? '', version: kept.version ?? '' }
  return writeOutput(collection.model, 201, await asSeenNow(collection, caller, written), prefer)
}

/** What was written earlier, as this caller sees it by now. */
export async function asSeenNow(
  collection: Collection,
  caller: Caller,
  { id: written, version }: { readonly id: string; readonly version: string },
): Promise<WriteRow> {
  // Made by a version of the app whose ids looked otherwise, it may be no id any more.
  const id = parseId(collection.model, written)
  const found = id === undefined ? null : await collection.lanes.read({ caller, id })
  return { id: written, version: found?.version ?? version, json: found?.json ?? null }
}
