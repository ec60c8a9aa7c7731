import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Server {
  readonly url: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

const ROOT = join(import.meta.dirname, '..')

/** Passwords are hashed as cheaply as can be: hashing is not what is measured. */
const SETTINGS = {
  ROADBASE_LOG_LEVEL: 'warn',
  ROADBASE_TOKENS_ACCESS: '12h',
  ROADBASE_PASSWORDS_MEMORY: '8KiB',
  ROADBASE_PASSWORDS_PASSES: '1',
  ROADBASE_PASSWORDS_PARALLELISM: '1',
}

export function startRoadbase(options: {
  readonly data: string
  readonly apps?: string
  readonly databaseUrl?: string
  /** Apps are loaded again when their folder changes. */
  readonly development?: boolean
}): Promise<Server> {
  const args = ['--port', '0', '--data', options.data, '--apps', options.apps ?? join(import.meta.dirname, 'apps')]
  if (options.development === true) args.push('--dev')
  const { DATABASE_URL: _, ...inherited } = process.env
  return start('server/src/main.ts', args, {
    ...inherited,
    ...SETTINGS,
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
  })
}

export function startBare(options: {
  readonly form: 'plain' | 'ruled'
  readonly databaseUrl: string
  readonly jwk: string
}) {
  return start(
    'bench/bare/server.ts',
    ['--form', options.form, '--database', options.databaseUrl, '--jwk', options.jwk],
    process.env,
  )
}

/** Both print where they listen, as a URL or as a bare port. `BENCH_PROFILE=<folder>` writes CPU profiles there. */
function start(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Server> {
  const profile =
    process.env['BENCH_PROFILE'] === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', process.env['BENCH_PROFILE']]
  const child = spawn(process.execPath, [...profile, '--import', 'tsx', join(ROOT, script), ...args], {
    cwd: ROOT,
    env,
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // Twice does no harm: it may have been stopped before everything is ended.
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  let output = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const port = /http:\/\/127\.0\.0\.1:(\d+)|^(\d+)$/m.exec(output)
      const found = port?.[1] ?? port?.[2]
      if (found !== undefined) resolve({ url: `http://127.0.0.1:${found}`, process: child, stop })
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}:\n${output}`)))
  })
}

/** Seconds of processor time the process has used. */
export function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Seconds of processor time of all children that a process has now: PostgreSQL's backends. */
export function childrenCpuSeconds(parent: number): number {
  let seconds = 0
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const pid = Number(name)
    try {
      const [, parentOf] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      if (Number(parentOf) === parent) seconds += cpuSeconds(pid)
    } catch {
      // Ended since it was listed.
    }
  }
  return seconds
}

/** Resident memory in MiB. */
export function residentMiB(pid: number | undefined): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}
