import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { refuseChange } from './append-only.ts'
import { versionOf } from './etag.ts'
import { notFound } from './get-record.ts'
import { keepFacts } from './keep-facts.ts'
import { parseId } from './record-id.ts'

export interface DeleteInput {
  readonly id: string
  readonly ifMatch?: string | undefined
}

/** Deletes one record, and what refers to it where the document says `onDelete: cascade`. */
export async function deleteRecord(
  collection: Collection,
  sender: Caller,
  input: DeleteInput,
  access = collection.lanes,
): Promise<void> {
  refuseChange(collection.model)
  const caller = keepFacts(collection, sender)
  const id = parseId(collection.model, input.id)
  const version = versionOf(input.ifMatch)
  if (id === undefined) throw notFound(collection, input.id)
  await access.delete({ caller, id, version })
}
