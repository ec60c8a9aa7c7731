import type { Database } from '../db/database.ts'
import { createRounds, type Rounds } from '../db/rounds.ts'
import type { ReportRecords } from './events.ts'
import type { CollectionModel } from './model.ts'
import type { CollectionModels } from './schema/index.ts'
import { sweepHistoryStatement } from './statements/history.ts'
import { type SweepPart, softCollections, sweepExpiredStatement, sweepTrashStatement } from './statements/trash.ts'

/** A round gives how many records went (with what went with them not counted), and how many entries of histories were looked at. */
export type RecordSweeper = Rounds<number>

/** Records per statement, so that none holds its locks for long. */
const MOST = 500
/** Statements per collection and round: the rest waits for the next one. */
const ROUNDS = 20
/** One by one, so many failures are enough for a round. */
const STUCK = 20

/**
 * Deletes for good what has expired, what has lain in the trash for as long as the document says, and versions that were kept for long
 * enough. Several servers may do so at once. An app that is being loaded may have other tables in a moment: what fails is reported, and
 * done in the next round.
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
  async function sweepAll(): Promise<number> {
    let swept = 0
    for (const collections of apps()) {
      for (const statement of statementsOf(collections)) swept += await sweepOne(statement)
    }
    return swept
  }

  async function sweepOne(statement: Sweep): Promise<number> {
    let swept = 0
    try {
      for (let turn = 0; turn < ROUNDS; turn++) {
        const some = await sweepPart(statement({ most: MOST, skipped: 0 }))
        swept += some
        if (some < MOST) break
      }
      return swept
    } catch (error) {
      report({ type: 'records.sweep_failed', error })
      return swept + (await sweepSingly(statement))
    }
  }

  /** What can not go, because a check of what refers to it forbids it, keeps no other. */
  async function sweepSingly(statement: Sweep): Promise<number> {
    let swept = 0
    let skipped = 0
    for (let turn = 0; turn < MOST && skipped < STUCK; turn++) {
      try {
        const some = await sweepPart(statement({ most: 1, skipped }))
        if (some === 0) break
        swept += some
      } catch {
        skipped++
      }
    }
    return swept
  }

  async function sweepPart(statement: string): Promise<number> {
    const [row] = await db.once<{ swept: number }>(statement)
    return row?.swept ?? 0
  }

  return createRounds({ every, work: sweepAll })
}

/** SQL that deletes a part, and gives the number of what it deleted as `swept`. */
type Sweep = (part: SweepPart) => string

function statementsOf(collections: CollectionModels): Sweep[] {
  const soft = softCollections(collections)
  const expiring = [...collections.values()].filter(({ expires }) => expires !== undefined)
  const keeping = [...collections.values()].filter(({ history }) => history?.keep !== undefined)
  const lying = soft.filter((model) => expiring.includes(model))
  return [
    ...eachOf(soft, (model, part) => sweepTrashStatement(collections, model, 'kept', part)),
    ...eachOf(lying, (model, part) => sweepTrashStatement(collections, model, 'expired', part)),
    ...eachOf(expiring, sweepExpiredStatement),
    ...eachOf(keeping, (model, { most }) => sweepHistoryStatement(model, most)),
  ]
}

function eachOf(
  models: readonly CollectionModel[],
  statement: (model: CollectionModel, part: SweepPart) => string,
): Sweep[] {
  return models.map((model) => {
    return (part) => statement(model, part)
  })
}
