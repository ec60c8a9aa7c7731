import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { Io } from '../io.ts'

/** What `roadbase login` remembers. */
export interface Logins {
  /** Where commands go that name no server. */
  readonly current: string | undefined
  /** By URL. */
  readonly servers: Readonly<Record<string, Login>>
}

export interface Login {
  readonly token: string
  readonly email: string | undefined
  /** RFC 3339; undefined for a key without an end. */
  readonly expiresAt: string | undefined
}

const NONE: Logins = { current: undefined, servers: {} }

export function loginsFile(env: Io['env']): string {
  const base = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config')
  return join(base, 'roadbase', 'logins.json')
}

export async function readLogins(env: Io['env']): Promise<Logins> {
  const file = loginsFile(env)
  try {
    return toLogins(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOT_THERE.has(String(error.code))) return NONE
    throw new CliError('usage', `The logins can not be read from ${file}.`, {
      fixes: ['Delete the file, then `roadbase login`.'],
      cause: error,
    })
  }
}

/** A home that one may not enter, as in a container under another user, holds no logins of one's own. */
const NOT_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES'])

/** Whole or not at all, and never readable for others, also for a moment. */
export async function writeLogins(env: Io['env'], logins: Logins): Promise<void> {
  const file = loginsFile(env)
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
  const next = `${file}.${process.pid}`
  await writeFile(next, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 })
  await chmod(next, 0o600)
  await rename(next, file)
}

export function withLogin(logins: Logins, url: string, login: Login): Logins {
  return { current: url, servers: { ...logins.servers, [url]: login } }
}

export function withoutLogin({ current, servers }: Logins, url: string): Logins {
  const { [url]: _gone, ...rest } = servers
  return { current: current === url ? Object.keys(rest)[0] : current, servers: rest }
}

function toLogins(value: unknown): Logins {
  const { current, servers } = value as { current?: unknown; servers?: unknown }
  if (typeof servers !== 'object' || servers === null) throw new TypeError('not a file of logins')
  return { current: typeof current === 'string' ? current : undefined, servers: servers as Logins['servers'] }
}
