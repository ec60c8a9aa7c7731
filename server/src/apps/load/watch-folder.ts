import { type FSWatcher, watch } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { directoriesOf } from '../source/folder.ts'
import type { ReportApps } from './events.ts'
import { appNames, type FolderLoader } from './load-folder.ts'

interface Options {
  readonly directory: string
  readonly loadFolder: FolderLoader['load']
  readonly report: ReportApps
}

export interface FolderWatcher {
  /** Once it resolves, nothing is loaded any more. */
  close(): Promise<void>
}

/** Editors write a file in several steps, and `git checkout` writes many. */
const QUIET = 50
/** After a failure, such as a database that is away; doubled each time. */
const RETRY = { first: 500, longest: 30_000 }

/**
 * Calls `loadFolder` whenever something has changed below the folder of apps; it finds out itself what.
 * Every folder is watched singly: `recursive` of Node 20 on Linux
 * misses what happens to a file or folder after it was replaced, which is how editors and git write.
 */
export async function watchFolder({ directory, loadFolder, report }: Options): Promise<FolderWatcher> {
  let watchers: readonly FSWatcher[] = []
  let isMoved = true
  let isClosed = false
  let retry = RETRY.first
  let timer: NodeJS.Timeout | undefined
  let scanning: Promise<void> = Promise.resolve()

  // What was changed between the loading of the apps and now has led to no event.
  await scan()

  return {
    async close() {
      isClosed = true
      clearTimeout(timer)
      await scanning
      for (const watcher of watchers) watcher.close()
    },
  }

  function scanIn(milliseconds: number): void {
    if (isClosed) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      scanning = scanning.then(scan)
    }, milliseconds)
  }

  async function scan(): Promise<void> {
    if (isClosed) return
    try {
      // First the watchers, then the files: so a change is either read now or noticed later.
      if (isMoved) await watchAnew()
      await loadFolder()
      retry = RETRY.first
    } catch (error) {
      isMoved = true
      report({ type: 'apps.scan_failed', error })
      scanIn(retry)
      retry = Math.min(retry * 2, RETRY.longest)
    }
  }

  /** A watcher holds on to the folder it was made for, also when another one has taken its place. */
  async function watchAnew(): Promise<void> {
    isMoved = false
    const former = watchers
    watchers = (await foldersOf(directory)).flatMap((path) => watchOne(path) ?? [])
    for (const watcher of former) watcher.close()
  }

  function watchOne(path: string): FSWatcher | undefined {
    try {
      const watcher = watch(path, (event) => {
        if (event === 'rename') isMoved = true
        scanIn(QUIET)
      })
      return watcher.on('error', () => {
        isMoved = true
        scanIn(QUIET)
      })
    } catch {
      // Gone since it was listed, which the folder around it has noticed.
      return undefined
    }
  }
}

async function foldersOf(directory: string): Promise<readonly string[]> {
  const names = await appNames(directory)
  const below = await Promise.all(
    names.map(async (name) => directoriesOf(await realpath(join(directory, name))).catch(() => [])),
  )
  return [directory, ...below.flat()]
}
