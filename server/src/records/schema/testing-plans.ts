import type { Plan, Step } from '../../apps/section.ts'
import type { OpenDatabase } from '../../db/open-database.ts'

/** Does a plan as the loader does: first what comes before the transaction, undone when anything fails. */
export async function runPlan(db: OpenDatabase, { steps }: Pick<Plan, 'steps'>): Promise<void> {
  const before = steps.filter((step) => step.before !== undefined)
  try {
    for (const step of before) {
      await undo(db, step)
      await db.once(step.sql)
    }
    await db.transaction(
      async (sql) => {
        for (const step of steps) if (step.before === undefined) await sql.once(step.sql)
      },
      { attempts: 1, timeout: 0 },
    )
  } catch (error) {
    for (const step of before.toReversed()) await undo(db, step)
    throw error
  }
}

async function undo(db: OpenDatabase, { before }: Step): Promise<void> {
  if (before !== undefined) await db.once(before.undo)
}
