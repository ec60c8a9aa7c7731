import { LRUCache } from 'lru-cache'
import type { AppRecords } from '../app-records.ts'
import type { Lane } from '../coalesce/lane.ts'
import { lazily } from '../lazily.ts'
import type { CollectionModel } from '../model.ts'
import type { Change } from '../statements/change.ts'
import type { WriteRow } from '../statements/create.ts'
import type { UpdateStatements } from '../statements/locked-update.ts'
import { wholeRecord } from '../statements/shape.ts'
import { type UpdateInput, updateStatements } from '../statements/update.ts'
import { createWriteLane } from './write-lane.ts'

/** The lanes for updates, one for each set of fields that is changed in the same way. */
export interface UpdatePlans {
  of(changes: readonly Change[]): Lane<UpdateInput, WriteRow>
  /** The statements behind the lane, for transactions. */
  statements(changes: readonly Change[]): UpdateStatements<UpdateInput>
}

interface UpdatePlan {
  readonly statements: UpdateStatements<UpdateInput>
  readonly lane: () => Lane<UpdateInput, WriteRow>
}

const MAX_SHAPES = 100

export function createUpdatePlans(app: AppRecords, model: CollectionModel): UpdatePlans {
  const plans = new LRUCache<string, UpdatePlan>({ max: MAX_SHAPES })
  return {
    of: (changes) => planOf(changes).lane(),
    statements: (changes) => planOf(changes).statements,
  }

  function planOf(changes: readonly Change[]): UpdatePlan {
    let name = ''
    for (const { field, operator } of changes) name += `${field.name}:${operator},`
    let plan = plans.get(name)
    if (plan === undefined) {
      const statements = updateStatements(app, model, changes, wholeRecord(model))
      const lane = lazily(() => createWriteLane<UpdateInput, WriteRow>(app, model, statements, { manyForms: true }))
      plan = { statements, lane }
      plans.set(name, plan)
    }
    return plan
  }
}
