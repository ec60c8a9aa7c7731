import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { databasePid } from './database-process.ts'
import type { Command } from './find-command.ts'
import { createLog, type Log, quoteLog } from './log.ts'
import { makeTestFolder, removeTestFolder } from './test-folder.ts'

/** A server that tests talk to. */
export interface TestServer {
  readonly url: string
  /** An admin key. */
  readonly token: string
  /** Undefined for a server that somebody else has started. */
  readonly own: OwnServer | undefined
  stop(): Promise<void>
}

/** What can be done with a server that was started for the tests. */
export interface OwnServer {
  readonly log: Log
  /** How it ended, once it has though nobody asked it to. */
  died(): string | undefined
  /** Kills the database, as a crash would, and waits until the server has it back. */
  crashDatabase(): Promise<void>
}

export interface StartOptions {
  readonly command: Command
  /** More flags of `roadbase serve`. */
  readonly flags: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

/** With a cold disk and both cores busy with something else. */
const START_LIMIT = 90_000
/** Longer than the server gives the requests under way. */
const STOP_LIMIT = 40_000
const PORT_TAKEN = 71
const ATTEMPTS = 3

/** Passwords are hashed in 0.1 ms instead of 30: hundreds of people sign up in a second, by the same code. */
const FLAGS = [
  '--port',
  '0',
  '--temporary',
  '--log-format',
  'json',
  '--passwords-memory',
  '8KiB',
  '--passwords-passes',
  '1',
]

/**
 * A server in a process of its own, with an embedded PostgreSQL of its own in a folder that goes with it. It lives at the other end of a pipe:
 * when this process ends, or loses the one that forked it, in whatever way, the server sees that and stops.
 */
export async function startServer(options: StartOptions): Promise<TestServer> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptStart(options)
    if ('server' in outcome) return outcome.server
    // It looks for a free port before it listens there, and another one may have been quicker.
    if (outcome.status !== PORT_TAKEN || attempt === ATTEMPTS) throw outcome.error
  }
}

type Outcome = { readonly server: TestServer } | { readonly status: number | undefined; readonly error: Error }

async function attemptStart(options: StartOptions): Promise<Outcome> {
  const folder = await makeTestFolder()
  const apps = `${folder}-apps`
  await mkdir(apps)
  const log = createLog()
  const child = launch(options, folder, apps)
  const exit = watchExit(child, log)
  const letGo = () => child.stdin?.end()
  // A worker that was forked can outlive the runner that was killed, until a test of it ends: the server must not.
  process.once('disconnect', letGo)
  exit.promise.finally(() => process.off('disconnect', letGo))
  let stopping = false

  async function stop(): Promise<void> {
    stopping = true
    letGo()
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT)
    await exit.promise
    clearTimeout(force)
    await removeTestFolder(folder)
  }

  const url = await ready(log, exit)
  // Apps are loaded by the API. The folder that a server must have is read once.
  await rm(apps, { recursive: true, force: true })
  if (url === undefined) {
    await stop()
    return { status: exit.status(), error: startFailure(options.command, exit.how(), log) }
  }
  const token = (await readFile(join(folder, 'secrets/admin.key'), 'utf8')).trim()
  return {
    server: {
      url,
      token,
      own: {
        log,
        died: () => (stopping ? undefined : exit.how()),
        crashDatabase: () => crashDatabase(folder, url),
      },
      stop,
    },
  }
}

function launch({ command: [program, ...args], flags, env }: StartOptions, folder: string, apps: string): ChildProcess {
  const all = [...args, 'serve', ...FLAGS, '--data', folder, '--apps', apps, ...flags]
  return spawn(program, all, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: withoutSettings(env),
    // Ctrl-C in a terminal goes to this process only, which then stops the server in order.
    detached: true,
  })
}

/** What developers have set for servers of their own must not reach this one. */
function withoutSettings(env: StartOptions['env']): Record<string, string | undefined> {
  const entries = Object.entries(env).filter(([name]) => !/^(?:ROADBASE_|DATABASE_URL$|REDIS_URL$)/.test(name))
  return Object.fromEntries(entries)
}

interface Exit {
  readonly promise: Promise<unknown>
  /** In words; undefined while it runs. */
  how(): string | undefined
  status(): number | undefined
}

function watchExit(child: ChildProcess, log: Log): Exit {
  let how: string | undefined
  let status: number | undefined
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', log.add)
  child.stdin?.on('error', () => {}) // It has ended; its exit tells.
  const failed = once(child, 'error').then(([error]) => {
    how = `could not be started: ${(error as Error).message}`
  })
  // After `exit` come the last words.
  const closed = once(child, 'close').then(([code, signal]) => {
    status = code ?? undefined
    how ??= signal === null ? `ended with the exit code ${code}` : `was ended by ${signal}`
  })
  return { promise: Promise.race([failed, closed]), how: () => how, status: () => status }
}

/** Its address, once it says that it serves; undefined when it has ended, or takes too long. */
async function ready(log: Log, exit: Exit): Promise<string | undefined> {
  for (const end = Date.now() + START_LIMIT; Date.now() < end; await sleep(5)) {
    const url = /^Roadbase serves at (\S+)$/m.exec(log.text())?.[1]
    if (url !== undefined) return url
    if (exit.how() !== undefined) return undefined
  }
  return undefined
}

function startFailure(command: Command, how: string | undefined, log: Log): Error {
  const what = how ?? `was not ready within ${START_LIMIT / 1000} s`
  return new Error(
    `The server for the tests ${what}. The command was: ${command.join(' ')} serve\nIt said:\n${quoteLog(log.show())}`,
  )
}

async function crashDatabase(folder: string, url: string): Promise<void> {
  const pid = await databasePid(folder)
  if (pid === undefined) throw new Error('The database does not run at the moment')
  process.kill(pid, 'SIGKILL')
  for (const end = Date.now() + START_LIMIT; Date.now() < end; await sleep(20)) {
    const now = await databasePid(folder)
    if (now !== undefined && now !== pid && (await isReady(url))) return
  }
  throw new Error('The server did not get its database back')
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
