import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { WriteRow } from '../statements/create.ts'
import { createOnce } from './create-once.ts'
import { etagOf } from './etag.ts'
import { readBack } from './read-back.ts'

export interface CreateInput {
  readonly body: unknown
  readonly prefer?: 'minimal' | 'representation' | undefined
  readonly idempotencyKey?: string | undefined
}

export interface WriteOutput {
  readonly status: 200 | 201
  readonly id: string
  /** The record, or `{id, version}`: on request, and where the writer may not view what was written. */
  readonly body: string
  /** Where the body is the record. */
  readonly etag?: string
  /** The answer of an earlier request with the same idempotency key. */
  readonly replayed?: boolean
}

/** Stores a new record. */
export async function createRecord(collection: Collection, caller: Caller, input: CreateInput): Promise<WriteOutput> {
  const values = collection.validators.create(input.body)
  const id = collection.model.ids === 'chosen' ? String(values['id']) : collection.app.deps.newId()
  const record = { caller, id, values }
  if (input.idempotencyKey !== undefined) {
    return createOnce(collection, record, input.idempotencyKey, input.prefer)
  }
  const row = await collection.creates().submit(record)
  return writeOutput(201, await readBack(collection, caller, row), input.prefer)
}

export function writeOutput(
  status: 200 | 201,
  row: WriteRow,
  prefer: 'minimal' | 'representation' | undefined,
): WriteOutput {
  if (row.json === null || prefer === 'minimal') {
    return { status, id: row.id, body: `{"id":${JSON.stringify(row.id)},"version":${row.version}}` }
  }
  return { status, id: row.id, body: row.json, etag: etagOf(row.version, row.json) }
}
