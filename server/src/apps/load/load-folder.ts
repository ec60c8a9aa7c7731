import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { StartError } from '../../errors/start-error.ts'
import type { Pace } from '../parts.ts'
import { diskFolder, isDirectory } from '../source/folder.ts'
import { type AppSource, readApp } from '../source/read-app.ts'
import type { AppLoader } from './load-app.ts'
import type { AppStatus } from './registry.ts'
import type { StoredApp } from './sql.ts'

/** Applying one app keeps one connection busy; the checks are bound to the one thread anyway. */
const AT_ONCE = 4

export interface FolderLoader {
  /** Loads what has changed in the folder of apps since the last call; the first call loads everything, also what has no folder. */
  load(): Promise<readonly AppStatus[]>
  /** What the files of an app are like now; undefined when there is no folder for it. */
  fingerprintOf(slug: string): Promise<string | undefined>
  /** An administrator has acted: files of this fingerprint are not loaded any more. */
  supersede(slug: string, fingerprint: string): void
}

/** The folder of apps: one folder for each, named like the app. Hidden folders and single files are none. */
export function createFolderLoader(loader: AppLoader, directory: string, pace: Pace): FolderLoader {
  /** Of every app that is loaded from here, what its files were like. */
  const seen = new Map<string, string>()
  let first = true

  return {
    load,
    fingerprintOf: async (slug) => (await read(slug))?.fingerprint,
    supersede: (slug, fingerprint) => void seen.set(slug, fingerprint),
  }

  async function load(): Promise<readonly AppStatus[]> {
    const names = await appNames(directory)
    const stored = first ? await loader.stored() : undefined
    const statuses: AppStatus[] = []
    await forEach(names, AT_ONCE, async (name) => {
      const status = await loadChanged(name, stored?.get(name))
      if (status !== undefined) statuses.push(status)
    })
    const gone = [...(stored?.keys() ?? []), ...seen.keys()].filter((name) => !names.includes(name))
    await forEach([...new Set(gone)], AT_ONCE, async (name) => {
      seen.delete(name)
      await loader.missing(name)
    })
    first = false
    return statuses
  }

  async function loadChanged(name: string, stored: StoredApp | undefined): Promise<AppStatus | undefined> {
    const source = await read(name)
    if (source === undefined || seen.get(name) === source.fingerprint) return undefined
    // Before it is loaded, so that what is rejected is not tried again as it is; but what broke off is.
    seen.set(name, source.fingerprint)
    try {
      if (stored?.superseded === source.fingerprint) return await loader.restore(name)
      return await loader.load(source, { stored: stored?.current })
    } catch (error) {
      seen.set(name, 'broke off')
      throw error
    }
  }

  /** Nothing when the folder disappears right now: the next call will see that. */
  async function read(name: string): Promise<AppSource | undefined> {
    try {
      const path = join(directory, name)
      return await readApp(name, await diskFolder(path, shown(path)), pace)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }
}

/** The names of the apps in a folder. Those of symbolic links count: an app may live with the rest of its project. */
export async function appNames(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    const names: string[] = []
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue
      const linked = entry.isSymbolicLink() && (await isDirectory(join(directory, entry.name)))
      if (entry.isDirectory() || linked) names.push(entry.name)
    }
    return names.sort()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      'configuration',
      `The folder of the apps can not be read: ${reason}. Make it, or set \`apps\` to another one.`,
      {
        cause: error,
      },
    )
  }
}

/** Short when the folder is below the one the server was started in, so that a terminal opens it on a click. */
function shown(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

async function forEach<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
