import { execFile } from 'node:child_process'
import { readFile, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StartError } from '../../errors/start-error.ts'
import type { Log } from '../log.ts'
import type { Binaries } from './binaries.ts'
import { type ClusterCache, openClusterCache } from './cluster-cache.ts'
import { DATABASE, ROLE, SUPERUSER } from './configuration.ts'
import type { Location } from './location.ts'
import { runProgram } from './run-program.ts'
import type { SystemUser } from './system-user.ts'

/** Of the binaries; a data folder of another one can't be opened. */
const MAJOR = '18'

/** What an empty cluster and its first log segments take, with room to work. */
const NEEDED = 256 * 1024 * 1024

/** Makes the data folder when there is none. It appears as a whole or not at all: a start cut short begins anew. */
export async function initialise(
  location: Location,
  binaries: Binaries,
  user: SystemUser,
  log: Log,
  { temporary = false, cache = openClusterCache() }: { temporary?: boolean; cache?: ClusterCache } = {},
): Promise<void> {
  const major = await readMajor(location.data)
  if (major === MAJOR) return
  if (major !== undefined) {
    throw new StartError(
      'data_version',
      `The data in ${location.data} was written by PostgreSQL ${major}, and this version of Roadbase brings ${MAJOR}. ` +
        `Start the version of Roadbase that brought ${major}, or move the data over with pg_dump.`,
    )
  }
  await checkSpace(location.root)
  const fresh = join(location.root, 'data.new')
  await rm(fresh, { recursive: true, force: true })
  const run = (program: string, args: readonly string[], input?: string) =>
    runProgram(program, args, { user, cwd: location.root, ...(input === undefined ? {} : { input }) })

  const recipe = temporary ? await recipeOf(binaries, user) : ''
  if (temporary && (await cache.copy(recipe, fresh))) return rename(fresh, location.data)

  log.info({ folder: location.data }, 'Making a new database')
  await run(binaries.initdb, ['-D', fresh, '-U', SUPERUSER, ...INITDB_OPTIONS])
  await run(binaries.postgres, ['--single', '-j', '-D', fresh, 'postgres'], CREATE_DATABASE)
  if (temporary) await cache.keep(recipe, fresh)
  // Once at the end, instead of by each step.
  else await run(binaries.initdb, ['-D', fresh, '--sync-only'])
  await rename(fresh, location.data)
}

const INITDB_OPTIONS = [
  '--no-sync',
  '--no-instructions',
  '--auth=peer',
  '--encoding=UTF8',
  '--locale=C',
  // Strings compare by code point, upper and lower case know Unicode, and no system library can change either.
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
]

/** The role can make roles and databases and follow the log, but is no superuser: it can't leave the database. */
const CREATE_DATABASE = [
  `create role ${ROLE} login createrole createdb replication;`,
  `grant pg_monitor to ${ROLE};`,
  `create database ${DATABASE} owner ${ROLE};`,
].join('\n\n')

/** All that a new cluster depends on. */
async function recipeOf({ initdb }: Binaries, { uid }: SystemUser): Promise<string> {
  const { stdout } = await promisify(execFile)(initdb, ['--version'])
  return JSON.stringify([stdout.trim(), uid, INITDB_OPTIONS, CREATE_DATABASE])
}

async function readMajor(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new StartError('cannot_create', `The data folder ${data} can't be read: ${(error as Error).message}`)
  }
}

async function checkSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize >= NEEDED) return
  throw new StartError(
    'storage',
    `There is too little space on the disk of ${folder}: a new database needs ${NEEDED / 1024 / 1024} MiB. Free some and start again.`,
  )
}
