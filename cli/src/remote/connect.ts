import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError } from '../cli-error.ts'
import type { Io } from '../io.ts'
import { readLogins } from './logins.ts'

/** Which server a command speaks to, and as whom. */
export interface Connection {
  /** Without a slash at the end. */
  readonly url: string
  readonly token: string | undefined
  /** For people: where the token comes from, or why there is none. */
  readonly tokenFrom: string
}

export interface ConnectionFlags {
  readonly url?: string | undefined
  readonly data?: string | undefined
}

export const DEFAULT_URL = 'http://127.0.0.1:8080'

/**
 * The server of `--url`, `ROADBASE_URL`, the last login, or this machine; the token of `ROADBASE_TOKEN`, the login there, or the key in
 * the data folder. That key opens one server, so it is never sent to another machine.
 */
export async function connect(flags: ConnectionFlags, { env, cwd }: Pick<Io, 'env' | 'cwd'>): Promise<Connection> {
  const logins = await readLogins(env)
  const url = toUrl(flags.url ?? (env['ROADBASE_URL'] || undefined) ?? logins.current ?? DEFAULT_URL)

  const fromEnvironment = env['ROADBASE_TOKEN']?.trim()
  if (fromEnvironment) return { url, token: fromEnvironment, tokenFrom: 'ROADBASE_TOKEN' }

  // Whoever names a data folder means the key in it.
  const login = flags.data === undefined ? logins.servers[url] : undefined
  if (login !== undefined) return { url, token: login.token, tokenFrom: `the login at ${url}` }

  if (!isThisMachine(url)) return { url, token: undefined, tokenFrom: `nobody is logged in at ${url}` }
  const file = join(dataFolder(flags.data, { env, cwd }), 'secrets', 'admin.key')
  const { token, why } = await readKey(file)
  return { url, token, tokenFrom: why ?? file }
}

/** The data folder of the server on this machine: as the server itself finds it. */
export function dataFolder(given: string | undefined, { env, cwd }: Pick<Io, 'env' | 'cwd'>): string {
  const named = given ?? (env['ROADBASE_DATA'] || undefined)
  return named === undefined ? fileURLToPath(new URL('../../../.data', import.meta.url)) : resolve(cwd, named)
}

/** A URL as `connect` and `login` write it, so that both find the same login. */
export function toUrl(text: string): string {
  const withScheme = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new CliError('usage', `'${hidePassword(text)}' is not the URL of a server.`, {
      fixes: [`Write it as ${DEFAULT_URL} or https://api.example.org.`],
    })
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

function hidePassword(text: string): string {
  return text.replace(/\/\/[^@/]*@/, '//…@')
}

export function isThisMachine(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

async function readKey(file: string): Promise<{ token?: string; why?: string }> {
  try {
    return { token: (await readFile(file, 'utf8')).trim() }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    return { why: code === 'EACCES' ? `${file} may not be read by this user` : `there is no ${file}` }
  }
}
