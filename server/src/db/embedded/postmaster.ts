import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, open, readdir, readFile, readlink, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import type { Location } from './location.ts'
import { spawnOptions, startErrorFrom } from './run-program.ts'
import type { SystemUser } from './system-user.ts'

/** The first process of a running PostgreSQL. */
export interface Postmaster {
  readonly pid: number
  /** Resolves when it is gone, for whatever reason; with words for the log. */
  readonly exited: Promise<string>
}

/** PostgreSQL's own log is for the operator who looks for a fault; what is older than this many bytes is of no use then. */
const LONGEST_LOG = 16 * 1024 * 1024

const READY_POLL = 5
const ADOPTED_POLL = 50
const START_TIMEOUT = 300_000

/** Starts PostgreSQL and waits until it takes connections. Crash recovery may come first. */
export async function startPostmaster(location: Location, binaries: Binaries, user: SystemUser): Promise<Postmaster> {
  await clearAway(location)
  // Not through a link: we may be root, and the folder is the other user's.
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants
  const log = await open(location.log, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600)
  try {
    if ((await log.stat()).size > LONGEST_LOG) await log.truncate()
    const said = (await log.stat()).size
    const child = spawn(binaries.postgres, ['-D', location.data], {
      ...spawnOptions(user, location.root),
      // A session of its own, so that Ctrl-C in a terminal reaches the server only, which then stops it in order.
      detached: true,
      // A file and no pipe: PostgreSQL outlives a server that is killed.
      stdio: ['ignore', log.fd, log.fd],
    })
    child.unref()
    const exited = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(error.message))
      child.on('exit', (status, signal) => resolve(signal === null ? `exit status ${status}` : `signal ${signal}`))
    })
    let gone: string | undefined
    void exited.then((how) => {
      gone = how
    })
    const deadline = performance.now() + START_TIMEOUT
    while (performance.now() < deadline) {
      const file = await readPidFile(location.data)
      if (file !== undefined && file.pid === child.pid && file.ready) return { pid: file.pid, exited }
      if (gone !== undefined) break
      await delay(READY_POLL)
    }
    if (gone === undefined && child.pid !== undefined) signal(child.pid, 'SIGQUIT')
    const words = (await readFile(location.log, 'utf8')).slice(said)
    throw startErrorFrom(words || (gone ?? 'It was not ready in time'), 'PostgreSQL', location.root)
  } finally {
    await log.close()
  }
}

export interface FoundPostmaster extends Postmaster {
  readonly ready: boolean
  /** It runs the programs that we would start. */
  readonly same: boolean
}

/** The postmaster that a server before us left behind on this data folder, when it is alive. */
export async function findPostmaster(location: Location, binaries: Binaries): Promise<FoundPostmaster | undefined> {
  const file = await readPidFile(location.data)
  if (file === undefined || !(await isProcessOf(file.pid, location.data))) return undefined
  const same = process.platform !== 'linux' || (await isProgram(file.pid, binaries.postgres))
  return { pid: file.pid, ready: file.ready, same, exited: watch(file.pid, location.data) }
}

/** An update has replaced the file of a program that runs when they differ. */
async function isProgram(pid: number, path: string): Promise<boolean> {
  const [theirs, ours] = await Promise.all([stat(`/proc/${pid}/exe`), stat(path)])
  return theirs.ino === ours.ino && theirs.dev === ours.dev
}

/**
 * Puts away what a killed postmaster leaves. PostgreSQL would do so itself if the number of the process was free, but
 * another process can have it by now. Ours is the folder's lock, so nobody starts one meanwhile.
 */
async function clearAway(location: Location): Promise<void> {
  const pidFile = join(location.data, 'postmaster.pid')
  if (!(await exists(pidFile))) return
  await endLeftovers(location.data)
  await rm(pidFile, { force: true })
  await rm(join(location.socket, '.s.PGSQL.5432.lock'), { force: true })
}

/**
 * Processes of a killed postmaster end by themselves, but one in the midst of a long statement notices late, and no
 * other postmaster can start until then.
 */
async function endLeftovers(data: string): Promise<void> {
  if (process.platform !== 'linux') return
  for (const name of await readdir('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || !(await isProcessOf(pid, data))) continue
    signal(pid, 'SIGQUIT')
    while (await isProcessOf(pid, data)) await delay(READY_POLL)
  }
}

/** Ends it the fast way: connections are cut, what is committed is kept, nothing needs recovery. */
export async function stopPostmaster(postmaster: Postmaster, patience = 30_000): Promise<void> {
  signal(postmaster.pid, 'SIGINT')
  const timer = new AbortController()
  const late = delay(patience, true, { signal: timer.signal }).catch(() => false)
  if (await Promise.race([postmaster.exited.then(() => false), late])) {
    // Without a checkpoint; the next start recovers from the log.
    signal(postmaster.pid, 'SIGQUIT')
    await postmaster.exited
  }
  timer.abort()
}

interface PidFile {
  readonly pid: number
  readonly ready: boolean
}

/** Line 1 is the process, line 8 its state: https://www.postgresql.org/docs/current/storage-file-layout.html */
async function readPidFile(data: string): Promise<PidFile | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  return Number.isInteger(pid) && pid > 1 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined
}

/** PostgreSQL's processes have the data folder as their working directory. (A dead process that nobody has waited for has none.) */
async function isProcessOf(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') return true
  try {
    const [theirs, ours] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(data)])
    return (
      theirs.ino === ours.ino && theirs.dev === ours.dev && (await readlink(`/proc/${pid}/exe`)).includes('postgres')
    )
  } catch {
    return false
  }
}

/** For a process that isn't our child, so that nobody tells us of its end. */
async function watch(pid: number, data: string): Promise<string> {
  while (await isProcessOf(pid, data)) await delay(ADOPTED_POLL, undefined, { ref: false })
  return 'the process is gone'
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
