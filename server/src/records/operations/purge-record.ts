import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { Collection } from '../collection.ts'
import { type DeleteInput, deleteStatements } from '../statements/delete.ts'
import type { Trash } from '../trash.ts'
import { viewProblem } from './view-problem.ts'
import { conditionProblem } from './write-lane.ts'
import { writeProblem } from './write-problem.ts'

const ATTEMPTS = 5

/** Deletes a record for good, with all that goes with it: the living one of this id, or else what lies in the trash. */
export async function purgeRecord(collection: Collection, trash: Trash, input: DeleteInput): Promise<void> {
  let absent: Problem | undefined
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const outcome = await purgeLiving(collection, trash, input)
    if (outcome === 'purged') return
    if (outcome === 'lost a race') continue
    // It was not among the living before, nor in the trash, nor among the living now: so nobody has restored it in between.
    if (absent !== undefined) throw absent
    absent = await purgeLying(trash, input)
    if (absent === undefined) return
  }
  throw new Problem('unavailable', 'The record is being changed by others all the time', { retryAfter: 1 })
}

/** Why not, where it does not lie there. */
async function purgeLying(trash: Trash, input: DeleteInput): Promise<Problem | undefined> {
  try {
    await trash.purges().submit(input)
    return undefined
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return error
    throw error
  }
}

/** Through the trash, so that nothing but who may is asked here; in one transaction, so that nobody sees it there. */
async function purgeLiving(
  { app, model }: Collection,
  trash: Trash,
  input: DeleteInput,
): Promise<'purged' | 'missing' | 'lost a race'> {
  const { alone, diagnose, conditions } = deleteStatements(app, model)
  return app.deps.db.transaction(async (sql) => {
    const asked = sql.query<{ failing: number }>(diagnose.text, diagnose.inputs.params([input]))
    const [verdict] = await asked.catch((error: unknown) => {
      throw viewProblem(app, diagnose.text, error)
    })
    const failed = conditions[(verdict?.failing ?? 0) - 1]
    if (failed?.code === 'not_found') return 'missing'
    if (failed !== undefined) throw conditionProblem(conditions, { failing: verdict?.failing ?? 0 })
    try {
      const [row] = await sql.query(alone.text, alone.inputs.params([input]))
      if (row === undefined) return 'lost a race'
    } catch (error) {
      throw error instanceof DatabaseError ? writeProblem({ app, model }, alone.text, error, { deleting: true }) : error
    }
    await sql.query(trash.purgeDeleted(), [input.id])
    return 'purged'
  })
}
