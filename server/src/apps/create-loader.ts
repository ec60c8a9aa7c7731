import { type AppActs, createActs } from './acts/create-acts.ts'
import { createEngine, type EngineDatabase } from './load/engine.ts'
import type { ReportApps } from './load/events.ts'
import { createAppLoader, type LoadOptions } from './load/load-app.ts'
import { createFolderLoader, type FolderLoader } from './load/load-folder.ts'
import { createPauses, type Pauses } from './load/pauses.ts'
import { type AppStatus, type Apps, createRegistry } from './load/registry.ts'
import { createSuccession, type Succession } from './load/succession.ts'
import { type FolderWatcher, watchFolder } from './load/watch-folder.ts'
import { HURRIED } from './parts.ts'
import type { SomeSection } from './section.ts'
import type { AppSource } from './source/read-app.ts'

export interface LoaderDependencies {
  readonly db: EngineDatabase
  /** The parts of a document, in order: each may ask for the models of those before it. */
  readonly sections: readonly SomeSection[]
  readonly report: ReportApps
  readonly clock: { now(): Date; sleep(milliseconds: number): Promise<void> }
  /**
   * Resolves when every request that had begun before the call has ended: then a replaced version is put away.
   * Requests do not count their uses of an app, which would cost each of them (a grace period, as in RCU).
   */
  readonly afterRequests: () => Promise<void>
  /** The same of the requests of apps only, and of their handlers: the one that loads an app is not among them. */
  readonly afterVisits: () => Promise<void>
  /** Where an author looks: gets the issues with the lines they are about. */
  readonly terminal?: ((text: string) => void) | undefined
}

export interface Loader {
  readonly registry: Apps
  /** Loads what is new or changed in the folder of apps, and stops serving what is gone from it. Throws when the folder or the database can't be read. */
  loadAll(directory: string): Promise<readonly AppStatus[]>
  /** Loads one app. What is wrong with it is told by the status, and what was served before still is. */
  load(source: AppSource, options?: LoadOptions): Promise<AppStatus>
  /** For requests that met a schema that is not theirs. */
  readonly isSucceeded: Succession
  /** Every request of an app passes here. */
  readonly pauses: Pick<Pauses, 'of'>
  /** What administrators do with apps. */
  readonly acts: AppActs
  /** Starts the version that is served once more, since what its sections read from elsewhere has changed. */
  refresh(slug: string): Promise<void>
  /** There are requests from now on: loading takes its time, so that they need not wait. */
  servesFromNow(): void
  /** From now on, loads what changes in the folder. */
  watch(directory: string): Promise<FolderWatcher>
  /** Puts all apps away; requests must be over. */
  close(): Promise<void>
}

/** The way of apps from their documents to being served: read, check, plan, apply, swap. */
export function createLoader(dependencies: LoaderDependencies): Loader {
  const { db, sections, report, clock, afterRequests, afterVisits, terminal } = dependencies
  const registry = createRegistry({ afterRequests, report, now: clock.now })
  const pace = { ...HURRIED }
  const pauses = createPauses({ afterVisits, sleep: clock.sleep })
  const engine = createEngine({ db, sections, registry, report, sleep: clock.sleep, pauses, pace })
  const apps = createAppLoader(engine, terminal)
  const folders = new Map<string, FolderLoader>()

  return {
    registry,
    pauses,
    isSucceeded: createSuccession({ db, registry, sleep: clock.sleep }),
    load: apps.load,
    acts: createActs({ ...engine, folders: () => [...folders.values()] }),
    refresh: apps.refresh,
    loadAll: (directory) => folder(directory).load(),
    servesFromNow: () => {
      pace.hurried = false
    },
    watch: (directory) => watchFolder({ directory, loadFolder: folder(directory).load, report }),
    close: registry.close,
  }

  function folder(directory: string): FolderLoader {
    const known = folders.get(directory)
    if (known !== undefined) return known
    const made = createFolderLoader(apps, directory, pace)
    folders.set(directory, made)
    return made
  }
}
