import type { Sql } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import type { LaneLimits } from '../app-records.ts'
import { createLane, type Lane, type Task } from '../coalesce/lane.ts'
import type { ReadInput, ReadRow, Statement } from '../statements/read.ts'
import { isOfOne } from './list-lane.ts'

/** A record that its reader may see. */
export interface FoundRecord {
  readonly version: string
  readonly json: string
}

/** Reads of one shape of one collection; null where there is no such record for the caller. */
export function createReadLane(
  deps: { readonly limits: LaneLimits; readonly onBatch: (size: number) => void },
  statement: Statement<ReadInput>,
  query: Sql['query'],
  explain: (error: unknown) => unknown,
): Lane<ReadInput, FoundRecord | null> {
  return createLane<ReadInput, FoundRecord | null>({ ...deps.limits, onBatch: deps.onBatch, run })

  async function run(batch: readonly Task<ReadInput, FoundRecord | null>[]): Promise<void> {
    try {
      await read(batch)
    } catch (error) {
      if (batch.length === 1 || !isOfOne(error)) throw explain(error)
      await Promise.all(batch.map((task) => read([task]).catch((own: unknown) => task.reject(explain(own)))))
    }
  }

  async function read(batch: readonly Task<ReadInput, FoundRecord | null>[]): Promise<void> {
    const rows = await query<ReadRow & Record<string, unknown>>(
      statement.text,
      statement.inputs.params(batch.map((task) => task.input)),
      { idempotent: true },
    )
    for (const row of rows) {
      const task = batch[row.i - 1]
      if (task === undefined) continue
      if (!row.live) task.reject(new Problem('invalid_token', 'The session has ended'))
      else task.resolve(row.json === null || row.version === null ? null : { version: row.version, json: row.json })
    }
  }
}
