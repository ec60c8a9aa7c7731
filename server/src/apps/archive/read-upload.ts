import type { Pace } from '../parts.ts'
import { memoryFolder } from '../source/folder.ts'
import { type AppSource, MAIN_FILE, readApp } from '../source/read-app.ts'
import { readArchive } from './read-archive.ts'

/** What an app may be sent as: its folder in an archive, or `app.yaml` alone. */
export const uploadTypes = {
  archive: ['application/x-tar', 'application/gzip', 'application/x-gzip'],
  document: ['application/yaml', 'application/x-yaml', 'text/yaml'],
} as const

export interface Upload {
  /** One of {@link uploadTypes}. Whether an archive is compressed is seen from itself. */
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** Files are named as they are in the archive, `app.yaml`. Throws a problem when it can not be read, or must not be. */
export async function readUpload(slug: string, { contentType, bytes }: Upload, pace: Pace): Promise<AppSource> {
  const isDocument = (uploadTypes.document as readonly string[]).includes(contentType)
  const files = isDocument ? { [MAIN_FILE]: bytes } : await readArchive(bytes)
  return { ...(await readApp(slug, memoryFolder(files), pace)), isSent: true }
}
