import { Problem } from '../../errors/problem.ts'
import { withAppLocked } from '../load/lock-app.ts'
import { obstacleOf } from '../load/obstacle.ts'
import { StepFailed, transactSteps } from '../load/run-steps.ts'
import { supersedeFolder } from '../load/sql.ts'
import { schemaOf } from '../slug.ts'
import type { ActDependencies, Actor } from './deps.ts'
import { noSuchApp } from './no-such-app.ts'
import { deleteApp, dropSchema, retire } from './sql.ts'
import { fingerprintOfFolder, supersede } from './supersede-folder.ts'

/**
 * Deletes the app: its records and accounts, versions, everything. It is retired first, so that no request meets a table that goes
 * away; when the rest fails, it stays so, whole, and can be dropped again.
 */
export async function dropApp(deps: ActDependencies, slug: string, { by }: Actor): Promise<void> {
  await deps.inTurn(slug, async () => {
    const fingerprint = await fingerprintOfFolder(deps, slug)
    await withAppLocked(deps, slug, async (session) => {
      await session.transaction(async (sql) => {
        if (!(await retire(sql, slug))) throw noSuchApp(slug)
        await supersedeFolder(sql, slug, fingerprint)
      })
      supersede(deps, slug, fingerprint)
      deps.registry.remove(slug)
      deps.registry.note(slug, 'retired')
      await afterRequests(deps, slug)
      await told(
        transactSteps(session, deps.sleep, async (run, sql) => {
          // First what may be many rows: the tables of the app are locked only after that.
          await deleteApp(sql, slug)
          await run([{ title: `delete the schema ${schemaOf(slug)}`, sql: dropSchema(schemaOf(slug)) }])
        }),
      )
    })
    deps.registry.forget(slug)
    deps.report({ type: 'app.dropped', app: slug, by })
  })
}

/** Those that had begun with the app end with it. Not all of the server's: the one that drops the app is among them. */
async function afterRequests({ pauses }: Pick<ActDependencies, 'pauses'>, slug: string): Promise<void> {
  try {
    await pauses.begin(slug)
  } finally {
    pauses.end(slug)
  }
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    const detail = `The app is retired, but was not deleted: ${obstacleOf(error).message}. Try again.`
    throw new Problem('conflict', detail, { retryAfter: 5, cause: error })
  }
}
