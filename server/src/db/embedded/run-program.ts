import { spawn } from 'node:child_process'
import { StartError } from '../../errors/start-error.ts'
import type { SystemUser } from './system-user.ts'

/** Runs a program of PostgreSQL to its end, as the user; throws a `StartError` with what it said. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly user: SystemUser; readonly cwd: string; readonly input?: string },
): Promise<void> {
  const child = spawn(program, args, { ...spawnOptions(options.user, options.cwd), stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-10_000)
  })
  child.stdin.on('error', () => {}) // It ended before it had read everything; its status tells.
  child.stdin.end(options.input ?? '')
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (status !== 0 || /^.*(FATAL|ERROR|PANIC):/m.test(said)) throw startErrorFrom(said, program, options.cwd)
}

/** The environment is not handed on: `PGDATA`, `PGOPTIONS` and others would change what runs. */
export function spawnOptions(user: SystemUser, cwd: string) {
  return {
    cwd,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(user.dropped ? { uid: user.uid, gid: user.gid } : {}),
  }
}

/** Puts what PostgreSQL wrote before it gave up into a message with a way out. */
export function startErrorFrom(said: string, program: string, folder: string): StartError {
  const lines = said.split('\n').filter((line) => /FATAL|PANIC|ERROR|error:/.test(line))
  const reason = (lines.at(-1) ?? said.trim().split('\n').at(-1) ?? '').replace(/^.*?(FATAL|PANIC|ERROR|error): */, '')
  if (/No space left on device|Disk quota exceeded/.test(said)) {
    return new StartError('storage', `There is no space left on the disk of ${folder}. Free some and start again.`)
  }
  return new StartError('database_unavailable', `${program} failed: ${reason || 'it said nothing'}`)
}
