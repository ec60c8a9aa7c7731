import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { createOnce } from './create-once.ts'
import { keepFacts } from './keep-facts.ts'
import { readBack } from './read-back.ts'
import { refuseWrite } from './read-only.ts'
import { type WriteOutput, writeOutput } from './write-output.ts'

export interface CreateInput {
  readonly body: unknown
  readonly prefer?: 'minimal' | 'representation' | undefined
  readonly idempotencyKey?: string | undefined
}

/** Stores a new record. */
export async function createRecord(collection: Collection, sender: Caller, input: CreateInput): Promise<WriteOutput> {
  refuseWrite(collection.model)
  const caller = keepFacts(collection, sender)
  const values = collection.validators.create(input.body)
  const id = collection.model.ids === 'chosen' ? String(values['id']) : collection.app.deps.newId()
  const record = { caller, id, values }
  if (input.idempotencyKey !== undefined) {
    return createOnce(collection, record, input.idempotencyKey, input.prefer)
  }
  const row = await collection.lanes.create(record)
  return writeOutput(collection.model, 201, await readBack(collection, collection.lanes, caller, row), input.prefer)
}
