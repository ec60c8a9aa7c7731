import { createHash, randomBytes } from 'node:crypto'
import { chmod, chown, lstat, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../../errors/start-error.ts'
import type { Log } from '../log.ts'
import { isReachable } from './reachable.ts'
import type { SystemUser } from './system-user.ts'

/** Where the parts of an embedded PostgreSQL lie. */
export interface Location {
  /** Holds the rest, and belongs to the user PostgreSQL runs as. */
  readonly root: string
  readonly data: string
  /** Folder of the Unix socket. */
  readonly socket: string
  readonly log: string
}

/** Below `/var/lib`, since that is where a system service's data is looked for, and every user may enter it. */
const ELSEWHERE = '/var/lib/roadbase'

/** The address of a Unix socket has room for 107 bytes, and PostgreSQL appends `/.s.PGSQL.5432`. */
const LONGEST_SOCKET_FOLDER = 85

/**
 * Makes the folders. Below the data folder, unless the user PostgreSQL runs as can't get there: then under
 * `/var/lib/roadbase`, with a file in the data folder that says where (so a new data folder is a new database).
 */
export async function prepareLocation(dataFolder: string, user: SystemUser, log: Log): Promise<Location> {
  const root = await prepareRoot(await realpath(dataFolder), user, log)
  const location = { root, data: join(root, 'data'), socket: join(root, 'run'), log: join(root, 'postgres.log') }
  if (Buffer.byteLength(location.socket) <= LONGEST_SOCKET_FOLDER) {
    await makeFolder(location.socket, user)
    return location
  }
  const socket = join(tmpdir(), `roadbase-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`)
  await makeFolder(socket, user)
  await checkPrivate(socket, user)
  log.info({ socket }, 'The path of the data folder is too long for a Unix socket; it is under the temporary folder')
  return { ...location, socket }
}

/** Leaves nothing in the temporary folder. To be called when PostgreSQL has stopped. */
export async function tidySocket(location: Location): Promise<void> {
  if (!location.socket.startsWith(location.root)) await rm(location.socket, { recursive: true, force: true })
}

/** The user to whom the database belongs that is there already, unless there is none. */
export async function findOwner(dataFolder: string): Promise<number | undefined> {
  const inside = join(dataFolder, 'postgres')
  const entry = await stat((await readPointer(inside)) ?? inside).catch(() => undefined)
  return entry === undefined || entry.uid === 0 ? undefined : entry.uid
}

const readPointer = (inside: string) =>
  readFile(join(inside, 'location'), 'utf8').then(
    (text) => text.trim() || undefined,
    () => undefined,
  )

async function prepareRoot(dataFolder: string, user: SystemUser, log: Log): Promise<string> {
  const inside = join(dataFolder, 'postgres')
  await mkdir(inside, { recursive: true })
  if (await isReachable(dataFolder, user)) {
    await own(inside, user)
    await checkOwn(inside, user)
    return inside
  }
  const known = await readPointer(inside)
  const root = known ?? join(ELSEWHERE, randomBytes(6).toString('hex'))
  await mkdir(ELSEWHERE, { recursive: true, mode: 0o755 })
  await makeFolder(root, user)
  if (known === undefined) {
    await writeFile(join(root, 'belongs-to'), `${dataFolder}\n`)
    await writeFile(join(inside, 'location'), `${root}\n`)
  }
  log.info({ folder: root, user: user.name }, `The database lies in ${root}: its user can not enter ${dataFolder}`)
  return root
}

async function makeFolder(path: string, user: SystemUser): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  // What already lies in a folder open to everybody is looked at before it is touched.
  if ((await lstat(path)).isDirectory()) await own(path, user)
}

async function own(path: string, user: SystemUser): Promise<void> {
  const entry = await lstat(path)
  if (user.dropped && entry.uid === 0) await chown(path, user.uid, user.gid)
  if (entry.uid === process.getuid?.() || user.dropped) await chmod(path, 0o700)
}

async function checkOwn(path: string, user: SystemUser): Promise<void> {
  const { uid } = await lstat(path)
  if (uid === user.uid) return
  throw new StartError(
    'cannot_create',
    `${path} belongs to the user with number ${uid}, and this is ${user.name} (${user.uid}). ` +
      'Start as that user, or set another data folder.',
  )
}

/** In a folder where everybody may write, somebody else could have been first. */
async function checkPrivate(path: string, user: SystemUser): Promise<void> {
  const entry = await lstat(path)
  if (entry.isDirectory() && entry.uid === user.uid && (entry.mode & 0o077) === 0) return
  throw new StartError('cannot_create', `${path} belongs to somebody else. Remove it, or use a shorter data folder.`)
}
