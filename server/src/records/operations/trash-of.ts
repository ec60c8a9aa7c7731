import { Problem } from '../../errors/problem.ts'
import type { Collection } from '../collection.ts'
import type { Trash } from '../trash.ts'

/** 404 `not_found` where the collection has none. */
export function trashOf({ model, trash }: Collection): Trash {
  if (trash !== undefined) return trash
  throw new Problem('not_found', `'${model.name}' has no trash: what is deleted there is gone`)
}
