import { Problem } from '../../errors/problem.ts'
import { sectionName } from '../document/check-app.ts'
import { withAppLocked } from '../load/lock-app.ts'
import { obstacleOf } from '../load/obstacle.ts'
import { StepFailed } from '../load/run-steps.ts'
import { selectDocument } from '../load/sql.ts'
import { transactPausing } from '../load/transact-pausing.ts'
import { undoUnfinished } from '../load/undo-unfinished.ts'
import type { Remain, SomeSection } from '../section.ts'
import { schemaOf } from '../slug.ts'
import type { ActDependencies, Actor } from './deps.ts'
import { noSuchApp } from './no-such-app.ts'
import { updateRemains } from './sql.ts'

/** Deletes for good what former versions have left hidden. A rollback does not bring it back any more. */
export async function purgeApp(deps: ActDependencies, slug: string, { by }: Actor): Promise<readonly Remain[]> {
  const purged = await deps.inTurn(slug, () =>
    withAppLocked(deps, slug, async (session) => {
      await undoUnfinished(session, slug)
      const live = await selectDocument(session, slug)
      if (live === undefined) throw noSuchApp(slug)
      const found = remainsOf(deps.sections, live.remains)
      if (found.length === 0) return []
      const steps = deps.sections.flatMap(
        (section) => section.purge?.(live.remains[sectionName(section)], { schema: schemaOf(slug) }) ?? [],
      )
      const transact = transactPausing(deps.pauses, slug, 2)
      await refusing(
        transact(session, deps.sleep, async (run, sql) => {
          await run(steps)
          await updateRemains(sql, slug, afterPurge(deps.sections, live.remains))
        }),
      ).finally(() => deps.pauses.end(slug))
      return found
    }),
  )
  if (purged.length > 0) {
    deps.report({ type: 'app.purged', app: slug, by, purged: purged.map(({ kind, name }) => `${kind} ${name}`) })
  }
  return purged
}

/** What sections remember all the same. */
function afterPurge(
  sections: readonly SomeSection[],
  remains: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const kept = sections.map(
    (section) => [sectionName(section), section.purged?.(remains[sectionName(section)])] as const,
  )
  return Object.fromEntries(kept.filter(([, left]) => left !== undefined))
}

/** What lies hidden, of all sections. */
export function remainsOf(
  sections: readonly SomeSection[],
  remains: Readonly<Record<string, unknown>>,
): readonly Remain[] {
  return sections.flatMap((section) => section.listRemains?.(remains[sectionName(section)]) ?? [])
}

/** Nothing of the document is wrong, so this is told without a place in it. */
async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    throw new Problem('conflict', `Nothing was deleted: ${obstacleOf(error).message}.`, { retryAfter: 5, cause: error })
  }
}
