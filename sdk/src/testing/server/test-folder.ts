import { createHash } from 'node:crypto'
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { elsewhere, endDatabase } from './database-process.ts'

/** Of this machine: containers may share a temporary folder, and see none of each other's processes. */
const PREFIX = `roadbase-scenario-${createHash('sha256').update(hostname()).digest('hex').slice(0, 6)}-`

/** A folder for one server's data, named after the process that has to see to it. */
export async function makeTestFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  // The system user that PostgreSQL runs as under root has to pass through.
  await chmod(folder, 0o711)
  return folder
}

/** Ends what still runs in a folder, and deletes it. The server itself does both, unless it was killed. */
export async function removeTestFolder(folder: string): Promise<void> {
  await endDatabase(folder)
  for (const place of [await elsewhere(folder), folder]) {
    if (place !== undefined) await rm(place, { recursive: true, force: true, maxRetries: 3 })
  }
}

/**
 * Removes what is left of runs that were killed together with their servers, the only way in which something stays. A folder goes when the
 * process it is named after is gone, and no server has it.
 */
export async function sweepTestFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN
    if (!Number.isInteger(pid) || (await isAlive(pid))) continue
    const folder = join(tmpdir(), name)
    try {
      const { uid } = await lstat(folder)
      if (uid === process.getuid?.() && !(await isServed(folder))) await removeTestFolder(folder)
    } catch {
      // Somebody else was at it at the same time.
    }
  }
}

/** A process that has ended, and whose parent has not asked how, is none: in containers such ones stay. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return !/^State:\s+Z/m.test(status)
}

/** Whether a server holds the folder: it listens on a socket named after it, on Linux. A server whose tests are gone ends by itself in any case. */
async function isServed(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const { dev, ino } = await stat(folder)
  const name = `\0roadbase/${createHash('sha256').update(`${dev}:${ino}`).digest('hex')}`
  return new Promise((resolve) => {
    const socket = connect(name)
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
