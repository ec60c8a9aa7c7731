import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { refuseChange } from './append-only.ts'
import { versionOf } from './etag.ts'
import { notFound } from './get-record.ts'
import { keepFacts } from './keep-facts.ts'
import { purgeRecord } from './purge-record.ts'
import { parseId } from './record-id.ts'
import { trashOf } from './trash-of.ts'

export interface DeleteInput {
  readonly id: string
  readonly ifMatch?: string | undefined
  /** `true`: for good, where deleted records go to the trash. */
  readonly purge?: string | undefined
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
  if (isPurge(collection, input.purge)) await purgeRecord(collection, trashOf(collection), { caller, id, version })
  else await access.delete({ caller, id, version })
}

function isPurge({ model, trash }: Collection, purge: string | undefined): boolean {
  if (purge === undefined) return false
  if (trash === undefined) {
    throw new Problem(
      'invalid_parameter',
      `'purge' is for collections with a trash; what is deleted in '${model.name}' is gone`,
    )
  }
  if (purge === 'true' || purge === 'false') return purge === 'true'
  throw new Problem('invalid_parameter', "'purge' must be 'true' or 'false'")
}
