import { withAppLocked } from '../load/lock-app.ts'
import { supersedeFolder } from '../load/sql.ts'
import type { ActDependencies, Actor } from './deps.ts'
import { noSuchApp } from './no-such-app.ts'
import { retire } from './sql.ts'
import { fingerprintOfFolder, supersede } from './supersede-folder.ts'

/** Ends serving the app, also after a restart. Its data and versions stay: loading it or rolling back brings it back. */
export async function retireApp(deps: ActDependencies, slug: string, { by }: Actor): Promise<void> {
  await deps.inTurn(slug, async () => {
    const fingerprint = await fingerprintOfFolder(deps, slug)
    await withAppLocked(deps, slug, (session) =>
      session.transaction(async (sql) => {
        if (!(await retire(sql, slug))) throw noSuchApp(slug)
        await supersedeFolder(sql, slug, fingerprint)
      }),
    )
    supersede(deps, slug, fingerprint)
    deps.registry.remove(slug)
    deps.registry.note(slug, 'retired')
    deps.report({ type: 'app.retired', app: slug, by })
  })
}
