import { LRUCache } from 'lru-cache'
import type { AppRecords } from '../app-records.ts'
import type { Lane } from '../coalesce/lane.ts'
import type { CollectionModel } from '../model.ts'
import type { Change } from '../statements/change.ts'
import type { WriteRow } from '../statements/create.ts'
import { wholeRecord } from '../statements/shape.ts'
import { type UpdateInput, updateStatements } from '../statements/update.ts'
import { createWriteLane } from './write-lane.ts'

/** The lanes for updates, one for each set of fields that is changed in the same way. */
export interface UpdatePlans {
  of(changes: readonly Change[]): Lane<UpdateInput, WriteRow>
}

const MAX_SHAPES = 100

export function createUpdatePlans(app: AppRecords, model: CollectionModel): UpdatePlans {
  const lanes = new LRUCache<string, Lane<UpdateInput, WriteRow>>({ max: MAX_SHAPES })
  return {
    of(changes) {
      let name = ''
      for (const { field, operator } of changes) name += `${field.name}:${operator},`
      let lane = lanes.get(name)
      if (lane === undefined) {
        const statements = updateStatements(app, model, changes, wholeRecord(model))
        lane = createWriteLane<UpdateInput, WriteRow>(app.deps, model, statements, { manyForms: true })
        lanes.set(name, lane)
      }
      return lane
    },
  }
}
