import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../errors/start-error.ts'
import { writeOnce } from './write-once.ts'

export interface Secrets {
  /** 32 bytes, from which every other key of the server is derived. */
  readonly masterKey: Buffer
  /** Opens the admin API to whoever can read the data folder. */
  readonly adminKey: string
}

/**
 * The server's own secrets, made on the first start and never changed after: without the master key, what it sealed is lost.
 * They are readable by the server's user only; a mode that became wider (some volumes do that) is narrowed again, and told.
 */
export function openSecrets(
  data: string,
  randomBytes: (size: number) => Buffer,
  warn: (message: string) => void,
): Secrets {
  const folder = join(data, 'secrets')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  narrow(folder, 0o700, warn)
  const read = (name: string, make: () => string) => {
    const file = join(folder, name)
    if (!existsSync(file)) writeOnce(file, `${make()}\n`, 0o600)
    narrow(file, 0o600, warn)
    return readFileSync(file, 'utf8').trim()
  }
  const masterKey = Buffer.from(
    read('master.key', () => randomBytes(32).toString('base64')),
    'base64',
  )
  const adminKey = read('admin.key', () => `rbk_${randomBytes(32).toString('base64url')}`)
  if (masterKey.length !== 32) throw damaged(join(folder, 'master.key'), 'Put the file back from a backup.')
  if (!/^rbk_[\w-]{43}$/.test(adminKey)) throw damaged(join(folder, 'admin.key'), 'Delete it, and a new one is made.')
  return { masterKey, adminKey }
}

function narrow(path: string, mode: number, warn: (message: string) => void): void {
  const found = statSync(path).mode & 0o777
  if ((found & ~mode) === 0) return
  try {
    chmodSync(path, mode)
  } catch (error) {
    const command = `chmod ${mode.toString(8)} '${path}'`
    throw new StartError('permission', `Others can read ${path}. Run as its owner: ${command}`, { cause: error })
  }
  warn(`Others could read ${path} (mode ${found.toString(8)}); it is ${mode.toString(8)} again.`)
}

function damaged(file: string, fix: string): StartError {
  return new StartError('storage', `${file} is damaged. ${fix}`)
}
