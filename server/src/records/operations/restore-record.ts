import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { versionOf } from './etag.ts'
import { notFound } from './get-record.ts'
import { keepFacts } from './keep-facts.ts'
import { parseId } from './record-id.ts'
import { trashOf } from './trash-of.ts'
import { type WriteOutput, writeOutput } from './write-output.ts'

export interface RestoreInput {
  readonly id: string
  readonly ifMatch?: string | undefined
  readonly prefer?: 'minimal' | 'representation' | undefined
}

/**
 * Brings a record back from the trash, with all that was deleted with it. 409 `unique_violation` when a living record has its place,
 * 422 `reference_not_found` when what it refers to is gone, or lies in a trash itself. The answer is the record as it is right then.
 */
export async function restoreRecord(collection: Collection, sender: Caller, input: RestoreInput): Promise<WriteOutput> {
  const { restores } = trashOf(collection)
  const caller = keepFacts(collection, sender)
  const id = parseId(collection.model, input.id)
  if (id === undefined) throw notFound(collection, input.id)
  const row = await restores().submit({ caller, id, version: versionOf(input.ifMatch) })
  // The statement that brings it back sees the tables as they were before. Somebody else may have changed it by now.
  const found = await collection.reads.of(undefined, undefined).submit({ caller, id })
  return writeOutput(collection.model, 200, { ...row, json: null, ...found }, input.prefer)
}
