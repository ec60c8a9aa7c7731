import type { Session } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { Refusal, Step } from '../section.ts'

/** Milliseconds for each look: who asks for a plan waits for it. What takes longer shows when the step is done. */
const LONGEST = 3000

/**
 * What the rows that are there say against the steps, without locks and without changing anything. It finds most of what a step would
 * refuse, before anybody has waited for anything. Of rows that a step before gives other values (a `backfill`), those of now say nothing.
 */
export async function lookAtRows(
  db: Pick<Session, 'transaction'>,
  steps: readonly Step[],
): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = []
  const ready: string[] = []
  const changed = new Set<string>()
  let anyChanged = false
  for (const { look, sql, work, before, mends, temporary = false, pointer = '' } of steps) {
    if (temporary) ready.push(sql)
    // What comes before the transaction comes before all the others.
    const isUntouched = before !== undefined || (!anyChanged && !changed.has(work?.table ?? ''))
    const message = look === undefined || !isUntouched ? null : await refusalOf(db, look, ready)
    if (message !== null) refusals.push({ pointer, message })
    if (work !== undefined && (mends !== undefined || work.kind === 'rewrite')) changed.add(work.table)
    anyChanged ||= mends === 'references'
  }
  return refusals
}

async function refusalOf(
  db: Pick<Session, 'transaction'>,
  look: string,
  ready: readonly string[],
): Promise<string | null> {
  try {
    return await db.transaction(async (sql) => {
      if (ready.length > 0) await sql.once(ready.join(';\n'))
      await sql.once(`set transaction read only; set local statement_timeout = ${LONGEST}`)
      const [row] = await sql.once<{ refusal: string | null }>(look)
      return row?.refusal ?? null
    })
  } catch (error) {
    if (error instanceof DatabaseError || (error instanceof Problem && error.code === 'query_too_costly')) return null
    throw error
  }
}
