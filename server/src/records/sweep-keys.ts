import type { Database } from '../db/database.ts'
import { createRounds, type Rounds } from '../db/rounds.ts'
import type { ReportRecords } from './events.ts'

/** Removes idempotency keys that are older than a day, every ten minutes and some at a time, so that no statement takes long. */
export function createKeySweeper({
  db,
  report,
}: {
  readonly db: Pick<Database, 'query'>
  readonly report: ReportRecords
}): Rounds<unknown> {
  return createRounds({
    every: 10 * 60_000,
    work: () => db.query(SWEEP),
    failed: (error) => report({ type: 'records.sweep_failed', error }),
  })
}

const SWEEP = `delete from roadbase.idempotency_keys where ctid in (
select ctid from roadbase.idempotency_keys where created_at < now() - interval '24 hours' limit 10000)`
