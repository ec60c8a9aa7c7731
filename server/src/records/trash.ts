import type { AppRecords } from './app-records.ts'
import type { Lane } from './coalesce/lane.ts'
import { lazily } from './lazily.ts'
import type { CollectionModel } from './model.ts'
import { restoreProblem } from './operations/constraint-problem.ts'
import { createListPlans, type ListPlans } from './operations/list-plans.ts'
import { createWriteLane } from './operations/write-lane.ts'
import { trashModel } from './schema/trash.ts'
import type { WriteRow } from './statements/create.ts'
import type { DeleteInput } from './statements/delete.ts'
import { purgeDeletedStatement, purgeStatements, restoreStatements, softCollections } from './statements/trash.ts'

/** What is done with what lies in a collection's trash. */
export interface Trash {
  /** The trash as a collection to be listed. */
  readonly model: CollectionModel
  readonly lists: ListPlans
  readonly restores: () => Lane<DeleteInput, WriteRow>
  readonly purges: () => Lane<DeleteInput, { readonly id: string }>
  /** SQL: see {@link purgeDeletedStatement}. */
  readonly purgeDeleted: () => string
}

export function createTrash(app: AppRecords, collection: CollectionModel): Trash {
  const model = trashModel(collection)
  return {
    model,
    lists: createListPlans(app, model),
    restores: lazily(() =>
      createWriteLane<DeleteInput, WriteRow>(app, collection, restoreStatements(app, collection), {
        constraint: (error) => restoreProblem(error, collection, softCollections(app.collections)),
      }),
    ),
    purges: lazily(() => createWriteLane(app, collection, purgeStatements(app, collection))),
    purgeDeleted: lazily(() => purgeDeletedStatement(app, collection)),
  }
}
