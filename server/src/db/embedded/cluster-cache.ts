import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, rename, rm, utimes } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * New clusters, kept to be copied: `initdb` takes 0.6 s of processor time, a copy 0.1 s. For tests, which make many. Nothing depends on it:
 * where it can not be read or written, clusters are made.
 */
export interface ClusterCache {
  /** Copies the cluster that was made from `recipe`; false when there is none. */
  copy(recipe: string, target: string): Promise<boolean>
  /** Keeps a copy of a cluster that nobody has used yet. */
  keep(recipe: string, made: string): Promise<void>
}

const PREFIX = 'cluster-'
/** What no test has used for so long is of a version that is gone. */
const UNUSED_MS = 30 * 24 * 3_600_000

export function openClusterCache(folder = cacheFolder()): ClusterCache {
  const pathOf = (recipe: string) =>
    join(folder, `${PREFIX}${createHash('sha256').update(recipe).digest('hex').slice(0, 16)}`)

  return {
    async copy(recipe, target) {
      const kept = pathOf(recipe)
      try {
        await checkOwn(kept)
        await copyFolder(join(kept, 'data'), target)
        const now = new Date()
        await utimes(kept, now, now)
        return true
      } catch {
        await rm(target, { recursive: true, force: true })
        return false
      }
    },

    async keep(recipe, made) {
      const kept = pathOf(recipe)
      const fresh = `${kept}.${randomBytes(6).toString('hex')}`
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await mkdir(fresh, { mode: 0o700 })
        await copyFolder(made, join(fresh, 'data'))
        // Fails when another one was quicker.
        await rename(fresh, kept)
        await deleteUnused(folder)
      } catch {
        await rm(fresh, { recursive: true, force: true }).catch(() => {})
      }
    },
  }
}

/** `cp` keeps owners, who differ from ours when we are root, and takes a third of the time of Node's own copying. */
async function copyFolder(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to])
}

/** Somebody else's cluster could hold what they like. */
async function checkOwn(path: string): Promise<void> {
  const entry = await lstat(path)
  if (!entry.isDirectory() || entry.uid !== process.getuid?.()) throw new Error(`${path} is not ours`)
}

async function deleteUnused(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(PREFIX)) continue
    const path = join(folder, name)
    if (Date.now() - (await lstat(path)).mtimeMs > UNUSED_MS) await rm(path, { recursive: true, force: true })
  }
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'roadbase')
}
