import type { Engine } from '../load/engine.ts'
import type { FolderLoader } from '../load/load-folder.ts'

/** Whoever administers, for the history and the log: a name or an e-mail address, never a secret. */
export interface Actor {
  readonly by: string
}

export interface ActDependencies extends Engine {
  /** Those that apps are loaded from. */
  readonly folders: () => readonly Pick<FolderLoader, 'fingerprintOf' | 'supersede'>[]
}
