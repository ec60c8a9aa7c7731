import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { run } from '../src/run.ts'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** What is piped in. */
  readonly input?: string
  /** Columns of the terminal that stdout is; without them it is a pipe. */
  readonly columns?: number
  readonly signal?: AbortSignal
}

/** Runs a command inside this process: as the real one, without the second that starting it takes. */
export async function runCommand(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const { env = {}, cwd = process.cwd(), input = '', columns, signal } = surroundings
  let stdout = ''
  let stderr = ''
  const terminal = columns === undefined ? {} : { isTTY: true, columns }
  const code = await run(argv, {
    env,
    cwd,
    stdin: Readable.from([input]),
    stdout: {
      ...terminal,
      write(text) {
        stdout += text
      },
    },
    stderr: {
      write(text) {
        stderr += text
      },
    },
    signal: signal ?? new AbortController().signal,
  })
  return { code, stdout, stderr }
}

const bin = fileURLToPath(new URL('../bin/roadbase.js', import.meta.url))

/** The real command, in a process of its own. */
export function startCommand(argv: readonly string[], { env = {}, cwd, input }: Surroundings = {}) {
  const child = spawn(process.execPath, [bin, ...argv], {
    cwd: cwd ?? process.cwd(),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  // A command that ends before it has read everything is no failure of the test.
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  return {
    child,
    ended: new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr }))),
    stderr: () => stderr,
    stdout: () => stdout,
  }
}

export async function spawnCommand(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return startCommand(argv, surroundings).ended
}
