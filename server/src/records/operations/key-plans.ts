import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import { createLane, type Lane, type Task } from '../coalesce/lane.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { parseKey } from '../query/parse-key.ts'
import { type FindInput, type FindRow, findStatement } from '../statements/find-by-key.ts'
import type { Statement } from '../statements/read.ts'
import { isDataError, viewProblem } from './view-problem.ts'

/** A unique key that records can be found by. */
export interface RecordKey {
  readonly fields: readonly FieldModel[]
  readonly statement: Statement<FindInput>
  readonly lane: Lane<FindInput, string | null>
}

export interface KeyPlans {
  /** The key with these fields, `email` or `owner,slug`; throws 400 where there is none. */
  of(by: string): RecordKey
}

export function createKeyPlans(app: AppRecords, model: CollectionModel): KeyPlans {
  const plans = new Map<string, RecordKey>()
  return {
    of(by) {
      const fields = parseKey(model, by)
      const name = fields.map((field) => field.name).join()
      let plan = plans.get(name)
      if (plan === undefined) {
        const statement = findStatement(app, model, fields)
        plan = { fields, statement, lane: createFindLane(app, statement) }
        plans.set(name, plan)
      }
      return plan
    },
  }
}

function createFindLane(app: AppRecords, { text, inputs }: Statement<FindInput>): Lane<FindInput, string | null> {
  const { deps } = app
  return createLane<FindInput, string | null>({ ...deps.limits, onBatch: deps.onBatch, run })

  async function run(batch: readonly Task<FindInput, string | null>[]): Promise<void> {
    try {
      await find(batch)
    } catch (error) {
      if (batch.length === 1 || !isDataError(error)) throw viewProblem(app, text, error)
      await Promise.all(
        batch.map((task) => find([task]).catch((own: unknown) => task.reject(viewProblem(app, text, own)))),
      )
    }
  }

  async function find(batch: readonly Task<FindInput, string | null>[]): Promise<void> {
    const params = inputs.params(batch.map((task) => task.input))
    const rows = await deps.db.hot.query<FindRow & Record<string, unknown>>(text, params, { idempotent: true })
    for (const row of rows) {
      const task = batch[row.i - 1]
      if (row.live) task?.resolve(row.id)
      else task?.reject(new Problem('invalid_token', 'The session has ended'))
    }
  }
}
