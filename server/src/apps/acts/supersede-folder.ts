import { slugFault } from '../slug.ts'
import type { ActDependencies } from './deps.ts'

/**
 * What an administrator does takes the place of what the app's folder says at that moment. The fingerprint goes into the database, for
 * the next start, together with the act; null when there is no folder.
 */
export async function fingerprintOfFolder(
  { folders }: Pick<ActDependencies, 'folders'>,
  slug: string,
): Promise<string | null> {
  // It becomes part of a path.
  if (slugFault(slug) !== undefined) return null
  for (const folder of folders()) {
    const fingerprint = await folder.fingerprintOf(slug)
    if (fingerprint !== undefined) return fingerprint
  }
  return null
}

/** For who watches the folder now. */
export function supersede(
  { folders }: Pick<ActDependencies, 'folders'>,
  slug: string,
  fingerprint: string | null,
): void {
  if (fingerprint !== null) for (const folder of folders()) folder.supersede(slug, fingerprint)
}
