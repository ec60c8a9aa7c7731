import { totalmem, userInfo } from 'node:os'
import type { Location } from './location.ts'
import type { SystemUser } from './system-user.ts'

/** Names of the database and of the role the server works as. */
export const DATABASE = 'roadbase'
export const ROLE = 'roadbase'
export const SUPERUSER = 'postgres'

const MIB = 1024 * 1024

/** Texts of files in the data folder, by name. */
export type ConfigurationFiles = Readonly<Record<string, string>>

/** The files that are written anew at each start. */
export function configurationFiles(
  location: Location,
  user: SystemUser,
  extra: Readonly<Record<string, string>> = {},
): ConfigurationFiles {
  return {
    'postgresql.conf': postgresqlConf(location, extra),
    'pg_hba.conf': `${HEADER}local all all peer map=${ROLE}\nlocal replication all peer map=${ROLE}\n`,
    'pg_ident.conf': `${HEADER}${identities(user)
      .map((name) => `${ROLE} "${name}" all\n`)
      .join('')}`,
  }
}

const HEADER = '# Written by Roadbase at each start.\n'

/** Who may connect: the user of this server, and root, who can become anyone. The socket's folder is closed to others. */
function identities(user: SystemUser): string[] {
  return [...new Set(['root', user.dropped ? userInfo().username : user.name])]
}

function postgresqlConf(location: Location, extra: Readonly<Record<string, string>>): string {
  const settings = { ...essential(location), ...sizes(memoryLimit()), ...quiet, ...extra }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`)
  return `${HEADER}# Put settings of your own into custom.conf, in this folder.\n${lines.join('\n')}\ninclude_if_exists = 'custom.conf'\n`
}

const essential = (location: Location) => ({
  listen_addresses: '',
  unix_socket_directories: location.socket,
  unix_socket_permissions: '0700',
  max_connections: '100',
  // Live queries follow the log; changing this later would need a restart.
  wal_level: 'logical',
  max_wal_senders: '10',
  max_replication_slots: '10',
  // An acknowledged write is on disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_compression: 'on',
  max_wal_size: '2GB',
  min_wal_size: '128MB',
  checkpoint_timeout: '15min',
  jit: 'off',
  // Until a deadlock is noticed, all who come to its rows wait (docs/decisions/0026-writing-together.md).
  deadlock_timeout: '100ms',
  // Of an SSD, which reads here and there about as fast as in a row.
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
})

/** An eighth of the memory, since the server and the system's own cache share the machine. */
function sizes(memory: number) {
  const buffers = clamp(memory / 8, 64 * MIB, 1024 * MIB)
  return {
    shared_buffers: mebibytes(buffers),
    effective_cache_size: mebibytes(memory / 2),
    work_mem: mebibytes(clamp(memory / 512, 4 * MIB, 32 * MIB)),
    maintenance_work_mem: mebibytes(clamp(memory / 32, 32 * MIB, 256 * MIB)),
  }
}

/** What a statement says and holds is the users' business; the log has what concerns the operator. */
const quiet = {
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
}

/** The machine's memory, or the container's when it has less. */
function memoryLimit(): number {
  const limit = process.constrainedMemory()
  return limit > 0 && limit < totalmem() ? limit : totalmem()
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))
const mebibytes = (bytes: number) => `${Math.round(bytes / MIB)}MB`
