import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const START_LIMIT = 90_000
const STOP_LIMIT = 40_000

export interface ServerOptions {
  /** The folder of apps. Default: the repository's `config/apps`. */
  readonly apps?: string
  /** The data folder, which the caller removes. Default: a new one that `stop` removes. */
  readonly data?: string
  /** More flags, `['--cors', '*']`. */
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface TestServer {
  /** `http://127.0.0.1:41234`. */
  readonly url: string
  readonly data: string
  readonly pid: number
  /** All that it has printed. */
  output(): string
  /** The process id of its embedded PostgreSQL, as its own pid file tells. */
  postgresPid(): Promise<number>
  /** Ends it as a service manager would, and removes a data folder that was made for it. Gives the exit code. */
  stop(): Promise<number | null>
  /** Ends it as a crash would; the data folder stays for the next one. */
  kill(): Promise<void>
}

/**
 * The whole server in a process of its own, as `npm start` runs it: on a free port, with embedded PostgreSQL and a data
 * folder of its own. For tests from end to end.
 */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const data = options.data ?? (await makeDataFolder())
  const server = launch(data, options)
  const printed = collectOutput(server)
  // A test run that ends early, at Ctrl+C say, takes its servers along.
  const abandon = () => void server.kill('SIGTERM')
  process.once('exit', abandon)
  const exited = new Promise<number | null>((resolve) => {
    server.once('exit', (code) => {
      process.off('exit', abandon)
      resolve(code)
    })
  })

  async function stop(): Promise<number | null> {
    server.kill('SIGTERM')
    const force = setTimeout(() => server.kill('SIGKILL'), STOP_LIMIT)
    const code = await exited
    clearTimeout(force)
    if (options.data === undefined) await rm(data, { recursive: true, force: true })
    return code
  }

  try {
    const url = await until(START_LIMIT, 'the server has started', async () => {
      if (server.exitCode !== null || server.signalCode !== null) throw new Ended(`The server ended:\n${printed()}`)
      const found = findUrl(printed())
      return found !== undefined && (await isReady(found)) ? found : undefined
    })
    return {
      url,
      data,
      pid: server.pid ?? 0,
      output: printed,
      postgresPid: () => readPostgresPid(data),
      stop,
      async kill() {
        server.kill('SIGKILL')
        await exited
      },
    }
  } catch (error) {
    await stop()
    throw error instanceof Ended ? error : new Error(`${String(error)}\n${printed()}`)
  }
}

/** A server that has ended does not become ready, so nobody waits for it. */
class Ended extends Error {}

function launch(data: string, { apps, flags = [], env = {} }: ServerOptions): ChildProcess {
  const start = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url))
  const folders = apps === undefined ? ['--data', data] : ['--data', data, '--apps', apps]
  return spawn(process.execPath, [start, '--port', '0', ...folders, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutSettings(process.env), ...env },
  })
}

/** What the developer has set for their own server must not reach the tests' one. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = Object.keys(environment).filter((name) => !/^(?:ROADBASE_|DATABASE_URL$|REDIS_URL$)/.test(name))
  return Object.fromEntries(names.map((name) => [name, environment[name]]))
}

async function makeDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'roadbase-e2e-'))
  // PostgreSQL runs as another user when this one is root, and has to pass through.
  await chmod(folder, 0o755)
  return folder
}

function collectOutput(server: ChildProcess): () => string {
  let text = ''
  for (const stream of [server.stdout, server.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  return () => text
}

/** Printed once it listens. */
function findUrl(output: string): string | undefined {
  return /serves at (https?:\/\/\S+)/.exec(output)?.[1]
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

async function readPostgresPid(data: string): Promise<number> {
  const file = await readFile(join(data, 'postgres/data/postmaster.pid'), 'utf8')
  return Number(file.split('\n', 1)[0])
}

/** Asks again and again until there is an answer. */
async function until<T>(limit: number, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + limit
  while (Date.now() < end) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`Waited ${limit / 1000} s in vain until ${what}`)
}
