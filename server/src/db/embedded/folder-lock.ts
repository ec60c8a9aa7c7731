import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { StartError } from '../../errors/start-error.ts'

/**
 * Holds a folder for this process until `release`; another server on it gets a clear error.
 * The system itself gives it back however the process ends, so nothing is ever stale.
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const release = process.platform === 'linux' ? await listenOn(await nameOf(folder)) : await lockFile(folder)
  if (release !== undefined) return { release }
  throw new StartError(
    'locked',
    `Another server is using the data folder ${folder}. Stop it, or give this one a folder of its own; ` +
      'servers that shall share a database use DATABASE_URL.',
  )
}

type Release = () => Promise<void>

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
    const file = await open(join(folder, 'lock'), flags, 0o600)
    return () => file.close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}
