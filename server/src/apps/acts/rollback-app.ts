import { Problem } from '../../errors/problem.ts'
import { storedApp } from '../load/stored-app.ts'
import type { ActDependencies } from './deps.ts'
import { type LoadRequest, type LoadResult, loadApp } from './load-app.ts'
import { noSuchApp } from './no-such-app.ts'
import { selectAppRows, selectVersionDocument } from './sql.ts'

/**
 * Loads the document of a former version, as a new one: what happened in between stays in the history. It plans like any load, and
 * what was dropped since then, and not purged, comes back with its data.
 */
export async function rollBackApp(
  deps: ActDependencies,
  slug: string,
  version: number,
  request: LoadRequest,
): Promise<LoadResult> {
  const former = await selectVersionDocument(deps.db, slug, version)
  if (former === undefined) {
    const [app] = await selectAppRows(deps.db, slug)
    if (app === undefined) throw noSuchApp(slug)
    throw new Problem('not_found', `The app "${slug}" has no version ${version}; the newest is ${app.version}.`)
  }
  return loadApp(deps, { ...storedApp(slug, former), restores: version }, request)
}
