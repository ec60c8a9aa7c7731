import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import { StartError } from '../../errors/start-error.ts'
import type { Log } from '../log.ts'

export interface SystemUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
  /** True when processes have to be started as this user because we are root. */
  readonly dropped: boolean
}

/**
 * Whom PostgreSQL runs as: ourselves, or, as it refuses root, an unprivileged user of this machine.
 * Data that is there already stays with the user it belongs to.
 */
export async function chooseSystemUser(owner: number | undefined, log: Log): Promise<SystemUser> {
  if (process.getuid?.() !== 0) return ownUser()
  const users = await readUsers()
  const known =
    [...users.values()].find(({ uid }) => uid === owner) ??
    users.get('roadbase') ??
    users.get('postgres') ??
    (await createUser(log)) ??
    users.get('nobody')
  if (known === undefined) {
    throw new StartError(
      'permission',
      "PostgreSQL refuses to run as root, and there is no user 'roadbase', 'postgres' or 'nobody' to run it as. " +
        'Run: useradd --system roadbase',
    )
  }
  return { ...known, dropped: true }
}

function ownUser(): SystemUser {
  try {
    const { username, uid, gid } = userInfo()
    return { name: username, uid, gid, dropped: false }
  } catch (cause) {
    // A container started under a bare number: initdb refuses a uid that has no name.
    throw new StartError(
      'permission',
      `The user id ${process.getuid?.()} has no entry in /etc/passwd, and PostgreSQL needs one. ` +
        'Run as a named user or as root, or set DATABASE_URL to a PostgreSQL server.',
      { cause },
    )
  }
}

type KnownUser = Omit<SystemUser, 'dropped'>

async function readUsers(): Promise<Map<string, KnownUser>> {
  const users = new Map<string, KnownUser>()
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name && uid && gid && uid !== '0') users.set(name, { name, uid: Number(uid), gid: Number(gid) })
  }
  return users
}

async function createUser(log: Log): Promise<KnownUser | undefined> {
  try {
    const options = ['--system', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin']
    await promisify(execFile)('useradd', [...options, 'roadbase'])
    log.info({}, "Made the system user 'roadbase' for PostgreSQL, which refuses to run as root")
    return (await readUsers()).get('roadbase')
  } catch {
    return undefined // No useradd, or a read-only system: `nobody` is there on any.
  }
}
