import { LRUCache } from 'lru-cache'
import type { AppRecords } from '../app-records.ts'
import type { Lane } from '../coalesce/lane.ts'
import type { CollectionModel } from '../model.ts'
import { parseShape } from '../query/parse-fields.ts'
import { type ReadInput, readStatement } from '../statements/read.ts'
import { prepareLater } from './prepare-later.ts'
import { createReadLane, type FoundRecord } from './read-lane.ts'

/** The lanes for reads by id, one for each combination of `fields` and `expand` that is asked for. */
export interface ReadPlans {
  of(fields: string | undefined, expand: string | undefined): Lane<ReadInput, FoundRecord | null>
}

/** Every combination is a prepared statement, so a client that tries them all gets only so many at a time. */
const MAX_SHAPES = 100

export function createReadPlans(app: AppRecords, model: CollectionModel): ReadPlans {
  const lanes = new LRUCache<string, Lane<ReadInput, FoundRecord | null>>({ max: MAX_SHAPES })
  let whole: Lane<ReadInput, FoundRecord | null> | undefined

  return {
    of(fields, expand) {
      if (fields === undefined && expand === undefined) {
        whole ??= laneOf(undefined, undefined)
        return whole
      }
      const name = `${fields ?? ''}|${expand ?? ''}`
      let lane = lanes.get(name)
      if (lane === undefined) {
        lane = laneOf(fields, expand)
        lanes.set(name, lane)
      }
      return lane
    },
  }

  function laneOf(fields: string | undefined, expand: string | undefined): Lane<ReadInput, FoundRecord | null> {
    const shape = parseShape(app.collections, model, { fields, expand })
    const { hot } = app.deps.db
    const query = fields === undefined && expand === undefined ? hot.query : prepareLater(hot)
    return createReadLane(app.deps, readStatement(app, model, shape), query)
  }
}
