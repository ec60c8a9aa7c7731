import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SystemUser } from './system-user.ts'

/** True when the user may enter the folder and all folders above it (root's home is the usual one it may not). */
export async function isReachable(folder: string, user: SystemUser): Promise<boolean> {
  if (!user.dropped) return true
  for (let path = folder; ; path = dirname(path)) {
    const entry = await stat(path)
    const mayEnter = entry.uid === user.uid ? 0o100 : entry.gid === user.gid ? 0o010 : 0o001
    if ((entry.mode & mayEnter) === 0) return false
    if (path === dirname(path)) return true
  }
}
