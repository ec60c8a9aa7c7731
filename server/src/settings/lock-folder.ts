import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { StartError } from '../errors/start-error.ts'

type Release = () => Promise<void>

/** What may lie in a locked folder where the system has no better names for locks. */
export const LOCK_FILE = 'lock'

/**
 * Holds a folder for this process until it is released; another server on it gets a clear error. The system itself gives it
 * back however the process ends, also by kill -9, so nothing is ever stale. A file with a process id can not say that: in a
 * container the dead server and the new one have the same id.
 */
export async function lockFolder(folder: string): Promise<Release> {
  const release = process.platform === 'linux' ? await listenOn(await nameOf(folder)) : await lockFile(folder)
  if (release !== undefined) return release
  throw new StartError(
    'locked',
    `Another Roadbase server is using the data folder ${folder}. Stop it first, or set data (ROADBASE_DATA) to another folder; ` +
      'servers that shall share a database use DATABASE_URL.',
  )
}

/** Linux has names for sockets apart from the file system, each of which one process can have. */
function listenOn(name: string): Promise<Release | undefined> {
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(`\0${name}`, () => {
      server.unref()
      resolve(() => new Promise((done) => void server.close(() => done())))
    })
  })
}

/** By device and number, so that links and mounts to one folder are one name. */
async function nameOf(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder)
  return `roadbase/${createHash('sha256').update(`${dev}:${ino}`).digest('hex')}`
}

/** O_EXLOCK of macOS and the BSDs, which Node has no name for. */
const EXCLUSIVE_LOCK = 0x20

async function lockFile(folder: string): Promise<Release | undefined> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | EXCLUSIVE_LOCK
  try {
    const file = await open(join(folder, LOCK_FILE), flags, 0o600)
    return () => file.close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}
