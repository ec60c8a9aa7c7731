import { LRUCache } from 'lru-cache'
import type { Sql } from '../../db/database.ts'
import type { AppRecords } from '../app-records.ts'
import type { Lane } from '../coalesce/lane.ts'
import { lazily } from '../lazily.ts'
import type { CollectionModel } from '../model.ts'
import { type ExpandTemplate, expandTemplate } from '../query/expand-template.ts'
import { parseShape } from '../query/parse-shape.ts'
import { type ReadInput, readStatement, type Statement } from '../statements/read.ts'
import { type RecordShape, wholeRecord } from '../statements/shape.ts'
import { compileQuery } from './compile-query.ts'
import { prepareLater } from './prepare-later.ts'
import { createReadLane, type FoundRecord } from './read-lane.ts'
import { viewProblem } from './view-problem.ts'

/** The lanes for reads by id, one for each combination of `fields` and `expand` that is asked for. */
export interface ReadPlans {
  of(fields: string | undefined, expand: string | undefined): PlannedRead
  /** The statement for everything of a record, for transactions. */
  readonly whole: () => Statement<ReadInput>
}

/** The lane, with the values of the filters in `expand`. */
export interface PlannedRead {
  submit(input: Omit<ReadInput, 'expandValues'>): Promise<FoundRecord | null>
}

/** Every combination is a prepared statement, so a client that tries them all gets only so many at a time. */
const MAX_SHAPES = 100

export function createReadPlans(app: AppRecords, model: CollectionModel): ReadPlans {
  const lanes = new LRUCache<string, { readonly lane: Lane<ReadInput, FoundRecord | null> | undefined }>({
    max: MAX_SHAPES,
  })
  let whole: PlannedRead | undefined

  return {
    whole: lazily(() => readStatement(app, model, wholeRecord(model))),
    of(fields, expand) {
      if (fields === undefined && expand === undefined) {
        whole ??= laneOf(wholeRecord(model), app.deps.db.hot.query)
        return whole
      }
      return shaped(fields, expandTemplate(expand)) ?? inPlace(fields, expand)
    },
  }

  /** Undefined where a filter has a type only with its values in place, such as a date written as a string. */
  function shaped(fields: string | undefined, expand: ExpandTemplate, inPlace = false): PlannedRead | undefined {
    const key = `${inPlace ? '=' : ''}${fields ?? ''}|${expand.key}`
    let known = lanes.get(key)
    if (known === undefined) {
      const shape = parseShape(app, model, fields, expand, { records: 1, inPlace })
      known = { lane: shape && laneOf(shape, prepareLater(app.deps.db.hot)) }
      lanes.set(key, known)
    }
    const { lane } = known
    return lane && { submit: (input) => lane.submit({ ...input, expandValues: expand.values }) }
  }

  function inPlace(fields: string | undefined, expand: string | undefined): PlannedRead {
    const planned = shaped(fields, expandTemplate(expand, true), true)
    if (planned === undefined) throw new Error('A filter with its values in place has no form')
    return planned
  }

  function laneOf(shape: RecordShape, query: Sql['query']): Lane<ReadInput, FoundRecord | null> {
    const statement = compileQuery(() => readStatement(app, model, shape))
    return createReadLane(app.deps, statement, query, (error) => viewProblem(app, statement.text, error))
  }
}
