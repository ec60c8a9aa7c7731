import type { AppRecords } from './app-records.ts'
import type { Lane } from './coalesce/lane.ts'
import { createTurns, type Turns } from './coalesce/turns.ts'
import { lazily } from './lazily.ts'
import type { CollectionModel } from './model.ts'
import { type Access, laneAccess } from './operations/access.ts'
import { type AggregatePlans, createAggregatePlans } from './operations/aggregate-plans.ts'
import { createExistsPlans, type ExistsPlans } from './operations/exists-plans.ts'
import { createHistoryPlan, type HistoryPlan } from './operations/history-plan.ts'
import { createKeyPlans, type KeyPlans } from './operations/key-plans.ts'
import { createListPlans, type ListPlans } from './operations/list-plans.ts'
import { createReadPlans, type ReadPlans } from './operations/read-plans.ts'
import { createTransitionPlans, type TransitionPlans } from './operations/transition-plans.ts'
import { createUpdatePlans, type UpdatePlans } from './operations/update-plans.ts'
import { createWriteLane } from './operations/write-lane.ts'
import { createFilterForms, type FilterForms } from './query/filter-forms.ts'
import { type CreateInput, type CreateStatements, createStatements, type WriteRow } from './statements/create.ts'
import { type DeleteInput, type DeleteStatements, deleteStatements } from './statements/delete.ts'
import type { SelectStatements } from './statements/select-writable.ts'
import { wholeRecord } from './statements/shape.ts'
import { reachesHistory } from './statements/tell-writers.ts'
import { createTrash, type Trash } from './trash.ts'
import { createValidators, type FieldChecks, type Validators } from './validate/index.ts'

/** A collection that is being served: everything that is made once per version of the app. */
export interface Collection {
  readonly app: AppRecords
  readonly model: CollectionModel
  readonly validators: Validators
  readonly reads: ReadPlans
  readonly lists: ListPlans
  readonly aggregates: () => AggregatePlans
  readonly exists: () => ExistsPlans
  /** What selects the records of a bulk write, by form of filter and kind of change. */
  readonly matching: () => FilterForms<SelectStatements>
  readonly keys: KeyPlans
  readonly createStatements: () => CreateStatements
  readonly creates: () => Lane<CreateInput, WriteRow>
  readonly updates: UpdatePlans
  /** Undefined where records have no states. */
  readonly transitions: TransitionPlans | undefined
  /** Undefined where no versions are kept. */
  readonly history: HistoryPlan | undefined
  /** Merges into stored objects that lost a race, by record. */
  readonly merges: Turns
  readonly deleteStatements: () => DeleteStatements
  readonly deletes: () => Lane<DeleteInput, { readonly id: string }>
  /** The way of requests: through the lanes. */
  readonly lanes: Access
  /** What was deleted and can come back; undefined where deleted is deleted. */
  readonly trash?: Trash
}

/** Statements are made at first use: sixty apps start without the SQL of most of their collections. */
export function createCollection(app: AppRecords, model: CollectionModel, checks: FieldChecks): Collection {
  const creating = lazily(() => createStatements(app, model, wholeRecord(model)))
  const deleting = lazily(() => deleteStatements(app, model))
  const collection = {
    app,
    model,
    validators: createValidators(model, checks),
    reads: createReadPlans(app, model),
    lists: createListPlans(app, model),
    aggregates: lazily(() => createAggregatePlans(app, model)),
    exists: lazily(() => createExistsPlans(app, model)),
    matching: lazily(() => createFilterForms<SelectStatements>(app.environment, model)),
    keys: createKeyPlans(app, model),
    createStatements: creating,
    creates: lazily(() => createWriteLane<CreateInput, WriteRow>(app, model, creating())),
    updates: createUpdatePlans(app, model),
    transitions: createTransitionPlans(app, model),
    history: createHistoryPlan(app, model),
    merges: createTurns(),
    deleteStatements: deleting,
    deletes: lazily(() =>
      createWriteLane<DeleteInput, { readonly id: string }>(app, model, deleting(), {
        deleting: true,
        byCaller: reachesHistory(app.collections, model),
      }),
    ),
    ...(model.softDelete === undefined ? {} : { trash: createTrash(app, model) }),
  }
  return { ...collection, lanes: laneAccess(collection) }
}
