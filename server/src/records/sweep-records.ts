import type { Database } from '../db/database.ts'
import type { ReportRecords } from './events.ts'
import type { CollectionModels } from './schema/index.ts'
import { sweepHistoryStatement } from './statements/history.ts'
import { softCollections, sweepTrashStatement } from './statements/trash.ts'

export interface RecordSweeper {
  start(): void
  stop(): void
  /** One round: how many records went (with what went with them not counted), and how many entries of histories were looked at. */
  sweep(): Promise<number>
}

/** Records per statement, so that none holds its locks for long. */
const MOST = 500
/** Statements per collection and round: the rest waits for the next one. */
const ROUNDS = 20

/**
 * Deletes for good what has lain in the trash for as long as the document says, and versions that were kept for long enough. Several
 * servers may do so at once. An app that is being loaded may have other tables in a moment: what fails is reported, and done in the
 * next round.
 */
export function createRecordSweeper(deps: {
  readonly db: Pick<Database, 'once'>
  /** The collections of the apps that are served. */
  readonly apps: () => Iterable<CollectionModels>
  readonly report: ReportRecords
  /** Milliseconds between rounds. */
  readonly every?: number
}): RecordSweeper {
  const { db, apps, report, every = 60_000 } = deps
  let timer: NodeJS.Timeout | undefined
  let round: Promise<number> | undefined

  async function sweepAll(): Promise<number> {
    let swept = 0
    for (const collections of apps()) {
      for (const statement of statementsOf(collections)) swept += await sweepOne(statement)
    }
    return swept
  }

  async function sweepOne(statement: string): Promise<number> {
    let swept = 0
    try {
      for (let turn = 0; turn < ROUNDS; turn++) {
        const [row] = await db.once<{ swept: number }>(statement)
        swept += row?.swept ?? 0
        if ((row?.swept ?? 0) < MOST) break
      }
    } catch (error) {
      report({ type: 'records.sweep_failed', error })
    }
    return swept
  }

  const sweep = () => {
    round ??= sweepAll().finally(() => {
      round = undefined
    })
    return round
  }

  return {
    start() {
      timer ??= setInterval(() => void sweep(), every).unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    },
    sweep,
  }
}

function statementsOf(collections: CollectionModels): string[] {
  return [
    ...softCollections(collections).map((model) => sweepTrashStatement(collections, model, MOST)),
    ...[...collections.values()].flatMap((model) => sweepHistoryStatement(model, MOST) ?? []),
  ]
}
