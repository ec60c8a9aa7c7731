import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { ListParameters } from './list-plans.ts'
import { type ListOutput, listRecords } from './list-records.ts'
import { trashOf } from './trash-of.ts'

/** A page of what lies in the trash, for who may see it: the newest first, unless a sort is asked for. */
export async function listTrash(
  collection: Collection,
  caller: Caller,
  input: ListParameters & { readonly cursor?: string | undefined },
): Promise<ListOutput> {
  const { model, lists } = trashOf(collection)
  return listRecords({ ...collection, model, lists }, caller, { ...input, sort: input.sort ?? '-deletedAt' })
}
