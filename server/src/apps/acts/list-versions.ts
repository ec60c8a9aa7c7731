import { Problem } from '../../errors/problem.ts'
import type { ActDependencies } from './deps.ts'
import { noSuchApp } from './no-such-app.ts'
import { selectVersionDocument, selectVersionRows, type VersionRow } from './sql.ts'

/** Every version the app has had, newest first. */
export async function listVersions({ db }: Pick<ActDependencies, 'db'>, slug: string): Promise<readonly VersionRow[]> {
  const versions = await selectVersionRows(db, slug)
  if (versions.length === 0) throw noSuchApp(slug)
  return versions
}

export interface ShownVersion extends VersionRow {
  readonly document: unknown
  /** What `seed.yaml` said; null when there was none. */
  readonly seed: unknown
}

export async function showVersion(
  { db }: Pick<ActDependencies, 'db'>,
  slug: string,
  version: number,
): Promise<ShownVersion> {
  const found = await selectVersionDocument(db, slug, version)
  if (found === undefined) throw new Problem('not_found', `The app "${slug.slice(0, 64)}" has no version ${version}.`)
  const { digest: _digest, ...shown } = found
  return { ...shown, seed: shown.seed ?? null }
}
