import type { Database } from '../db/database.ts'
import type { ReportRecords } from './events.ts'

export interface KeySweeper {
  start(): void
  stop(): void
}

const EVERY = 10 * 60_000

/** Removes idempotency keys that are older than a day, some at a time, so that no statement takes long. */
export function createKeySweeper(deps: {
  readonly db: Pick<Database, 'query'>
  readonly report: ReportRecords
}): KeySweeper {
  let timer: NodeJS.Timeout | undefined

  async function sweep(): Promise<void> {
    try {
      await deps.db.query(
        `delete from roadbase.idempotency_keys where ctid in (
select ctid from roadbase.idempotency_keys where created_at < now() - interval '24 hours' limit 10000)`,
      )
    } catch (error) {
      deps.report({ type: 'records.sweep_failed', error })
    }
  }

  return {
    start() {
      timer ??= setInterval(() => void sweep(), EVERY).unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    },
  }
}
