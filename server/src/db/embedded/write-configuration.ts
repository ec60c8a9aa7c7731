import { randomBytes } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigurationFiles } from './configuration.ts'
import type { Location } from './location.ts'
import type { SystemUser } from './system-user.ts'

/** True when the files say already what they should; a running PostgreSQL was started with them then. */
export async function isConfigured(location: Location, files: ConfigurationFiles): Promise<boolean> {
  for (const [name, text] of Object.entries(files)) {
    if ((await readFile(join(location.data, name), 'utf8').catch(() => '')) !== text) return false
  }
  return true
}

/**
 * Replaces each file as a whole. We may be root in a folder of somebody else, who could have put a link there:
 * a new file with a name nobody knows, moved to its place, follows none.
 */
export async function writeConfiguration(
  location: Location,
  user: SystemUser,
  files: ConfigurationFiles,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(location.data, name)
    const fresh = `${path}.${randomBytes(6).toString('hex')}`
    const file = await open(fresh, 'wx', 0o600)
    try {
      await file.writeFile(text)
      if (user.dropped) await file.chown(user.uid, user.gid)
    } finally {
      await file.close()
    }
    await rename(fresh, path)
  }
}
