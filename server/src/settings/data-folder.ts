import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError, toStartError } from '../errors/start-error.ts'
import { LOCK_FILE, lockFolder } from './lock-folder.ts'
import { writeOnce } from './write-once.ts'

/** Counts up when a version of Roadbase can not read what the one before wrote there. */
const FORMAT = 1
const MARKER = 'VERSION'
/** What a disk of its own, a first start that was cut short, and the lock may have left. */
const OURS: ReadonlySet<string> = new Set(['lost+found', `${MARKER}.new`, LOCK_FILE])

export interface DataFolder {
  /** The folder's real path. */
  readonly path: string
  /** Lets another server use the folder. */
  release(): Promise<void>
}

/**
 * Makes the data folder on the first start, or checks that it is one of this format, and keeps other servers out of it.
 * A folder that holds something else is refused: a slip in `data` must not mix a database into somebody's files.
 * A temporary one has to be empty, and goes with its release.
 */
export async function openDataFolder(folder: string, { temporary = false } = {}): Promise<DataFolder> {
  const path = guard(folder, () => {
    // The system user of the embedded PostgreSQL has to pass through; what is private inside has modes of its own.
    mkdirSync(folder, { recursive: true, mode: 0o711 })
    return realpathSync(folder)
  })
  const release = await lockFolder(path)
  try {
    guard(path, () => (temporary ? checkEmpty(path) : checkFormat(path)))
  } catch (error) {
    await release()
    throw error
  }
  if (!temporary) return { path, release }
  return {
    path,
    async release() {
      await rm(path, { recursive: true, force: true })
      await release()
    },
  }
}

/** What is deleted at the end must have been made by this very start. */
function checkEmpty(path: string): void {
  if (readdirSync(path).every((name) => name === LOCK_FILE)) return
  throw new StartError(
    'configuration',
    `temporary = true deletes the data folder at the end, and ${path} holds something already. Set data (ROADBASE_DATA) to a new or empty folder.`,
  )
}

function checkFormat(path: string): void {
  const marker = join(path, MARKER)
  if (existsSync(marker)) {
    const found = readFileSync(marker, 'utf8').trim()
    if (found === String(FORMAT)) return
    throw new StartError(
      'data_version',
      `The data folder ${path} has the format ${JSON.stringify(found.slice(0, 40))}; this version of Roadbase knows ${FORMAT}. ` +
        'Start the version that wrote it, or set data (ROADBASE_DATA) to another folder.',
    )
  }
  const foreign = readdirSync(path).filter((name) => !OURS.has(name))
  if (foreign.length > 0) {
    throw new StartError(
      'data_version',
      `The folder ${path} is not empty and no data folder of Roadbase (it holds ${foreign.slice(0, 3).join(', ')}). ` +
        'Set data (ROADBASE_DATA) to a new or empty folder.',
    )
  }
  writeOnce(marker, `${FORMAT}\n`, 0o644)
}

/** Runs `work`; an error of the operating system becomes one that names the folder and what to do. */
function guard<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { reason, message } = toStartError(error)
    if (error instanceof StartError || reason === 'internal') throw error
    const fix =
      reason === 'storage'
        ? 'Free space on its disk'
        : 'Give this user the right to write there, or set data (ROADBASE_DATA) to another folder'
    throw new StartError(reason, `The data folder ${folder} can not be used: ${message}. ${fix}.`, { cause: error })
  }
}
