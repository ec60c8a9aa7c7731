import type { AppRecords } from '../app-records.ts'
import type { Lane } from '../coalesce/lane.ts'
import { lazily } from '../lazily.ts'
import type { CollectionModel } from '../model.ts'
import type { WriteRow } from '../statements/create.ts'
import { possibleTransitionsStatement } from '../statements/possible-transitions.ts'
import type { ReadInput } from '../statements/read.ts'
import { wholeRecord } from '../statements/shape.ts'
import { type TransitionInput, transitionStatements } from '../statements/transition.ts'
import { createReadLane, type FoundRecord } from './read-lane.ts'
import { viewProblem } from './view-problem.ts'
import { createWriteLane } from './write-lane.ts'

/** The lanes of a collection with states. */
export interface TransitionPlans {
  /** One for each transition; undefined where there is none of that name. */
  of(name: string): Lane<TransitionInput, WriteRow> | undefined
  /** What can be done with a record now, as JSON. */
  readonly possible: () => Lane<ReadInput, FoundRecord | null>
}

/** Undefined where the collection has no states. */
export function createTransitionPlans(app: AppRecords, model: CollectionModel): TransitionPlans | undefined {
  const { states } = model
  if (states === undefined) return undefined
  const lanes = new Map(
    [...states.transitions].map(([name, transition]) => [
      name,
      lazily(() =>
        createWriteLane<TransitionInput, WriteRow>(
          app,
          model,
          transitionStatements(app, model, states, transition, wholeRecord(model)),
        ),
      ),
    ]),
  )
  return {
    of: (name) => lanes.get(name)?.(),
    possible: lazily(() => {
      const statement = possibleTransitionsStatement(app, model, states)
      return createReadLane(app.deps, statement, app.deps.db.hot.query, (error) =>
        viewProblem(app, statement.text, error),
      )
    }),
  }
}
