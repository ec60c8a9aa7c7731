import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { lockFolder } from '../../settings/lock-folder.ts'
import type { Log } from '../log.ts'
import { type Binaries, prepareBinaries } from './binaries.ts'
import { type ConfigurationFiles, configurationFiles, DATABASE, ROLE, SUPERUSER } from './configuration.ts'
import { initialise } from './initialise.ts'
import { findOwner, type Location, prepareLocation, tidySocket } from './location.ts'
import { findPostmaster, type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts'
import { chooseSystemUser } from './system-user.ts'
import { isConfigured, writeConfiguration } from './write-configuration.ts'

export interface EmbeddedOptions {
  /** Roadbase's data folder; made when it is missing. */
  readonly dataDir: string
  readonly log: Log
  /** Further settings of PostgreSQL; `custom.conf` in its data folder comes after them. */
  readonly settings?: Readonly<Record<string, string>>
  /** Nothing of it has to outlive the server: nobody waits for the disk, and the data is deleted at the end. */
  readonly temporary?: boolean
}

/** For data that nobody needs after a crash of the machine. */
const careless = { fsync: 'off', full_page_writes: 'off', shared_buffers: '128MB' }

export interface EmbeddedPostgres {
  /** Of the database, as the role the server works as. */
  readonly url: string
  /** As PostgreSQL's superuser, for tests and repairs. */
  readonly superuserUrl: string
  /** Of the first process; another one after a crash. */
  readonly pid: number
  /** True when it was still running, left by a server that was killed. */
  readonly adopted: boolean
  /** The file PostgreSQL writes its own log to. */
  readonly logFile: string
  /** Ends PostgreSQL and gives the folder free. */
  stop(): Promise<void>
}

/**
 * Runs a PostgreSQL of our own on a Unix socket in the data folder, and starts it again when it dies.
 * What an earlier server left running there is taken over. Throws a `StartError`.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log, temporary = false } = options
  const folder = join(options.dataDir, 'postgres')
  await mkdir(folder, { recursive: true })
  const release = await lockFolder(folder)
  let made: Location | undefined
  try {
    const user = await chooseSystemUser(await findOwner(options.dataDir), log)
    const location = await prepareLocation(options.dataDir, user, log)
    made = location
    const binaries = await prepareBinaries(location, user, log)
    await initialise(location, binaries, user, log, { temporary })
    const files = configurationFiles(location, user, { ...(temporary ? careless : {}), ...options.settings })
    const left = await takeOver(location, binaries, files, log)
    if (left === undefined) await writeConfiguration(location, user, files)
    const start = () => startPostmaster(location, binaries, user)
    const supervised = supervise(left ?? (await start()), start, log)
    let stopped: Promise<void> | undefined
    log.info({ pid: supervised.pid(), adopted: left !== undefined }, 'PostgreSQL is running')
    return {
      url: urlOf(location, ROLE, DATABASE),
      superuserUrl: urlOf(location, SUPERUSER, DATABASE),
      get pid() {
        return supervised.pid()
      },
      adopted: left !== undefined,
      logFile: location.log,
      stop: () => (stopped ??= stop()),
    }

    async function stop(): Promise<void> {
      await supervised.stop()
      await tidy(location)
      await release()
    }
  } catch (error) {
    if (made !== undefined) await tidy(made)
    await release()
    throw error
  }

  async function tidy(location: Location): Promise<void> {
    await tidySocket(location)
    // Also where it lies elsewhere, because PostgreSQL's user can not enter the data folder.
    if (temporary) await rm(location.root, { recursive: true, force: true })
  }
}

const urlOf = (location: Location, role: string, database: string) =>
  `postgres://${role}@localhost/${database}?host=${encodeURIComponent(location.socket)}`

/** The postmaster left by a killed server, if it can go on as it is; one that can't is stopped. */
async function takeOver(
  location: Location,
  binaries: Binaries,
  files: ConfigurationFiles,
  log: Log,
): Promise<Postmaster | undefined> {
  const left = await findPostmaster(location, binaries)
  if (left === undefined) return undefined
  if (left.ready && left.same && (await isConfigured(location, files))) return left
  log.info({ pid: left.pid }, 'Stopping the PostgreSQL that an earlier server left: this one starts it differently')
  await stopPostmaster(left)
  return undefined
}

const LONGEST_PAUSE = 5000

function supervise(first: Postmaster, start: () => Promise<Postmaster>, log: Log) {
  let current = first
  const stopping = new AbortController()
  const { signal } = stopping
  let restarting: Promise<void> = Promise.resolve()
  watch(first)

  return {
    pid: () => current.pid,
    async stop() {
      stopping.abort()
      await restarting
      await stopPostmaster(current)
    },
  }

  function watch(postmaster: Postmaster): void {
    void postmaster.exited.then((how) => {
      if (signal.aborted) return
      log.error({ pid: postmaster.pid, how }, 'PostgreSQL has died; starting it again')
      restarting = restart()
    })
  }

  /** Soon at first: the usual reason to fail is that processes of the dead one are still ending. */
  async function restart(): Promise<void> {
    for (let pause = 20; !signal.aborted; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
      try {
        current = await start()
        log.info({ pid: current.pid }, 'PostgreSQL is running again')
        return watch(current)
      } catch (error) {
        log.error({ err: error, pause }, 'PostgreSQL does not start')
        await delay(pause, undefined, { signal }).catch(() => {})
      }
    }
  }
}
