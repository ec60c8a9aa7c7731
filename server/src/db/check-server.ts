import { Problem } from '../errors/problem.ts'
import { StartError } from '../errors/start-error.ts'
import { SESSION_PARAMETERS } from './driver.ts'
import type { Lane } from './lane.ts'
import type { Log } from './log.ts'
import type { Pool } from './pool.ts'
import { quoteName } from './quote.ts'
import { ONCE, SIMPLE } from './transaction.ts'

const OLDEST = 150_000

/** Finds out, before anything else is done, whether this server can carry Roadbase; returns its version as a number. */
export async function checkServer(options: { readonly url: string; readonly log: Log }, pool: Pool): Promise<number> {
  const lane = await firstLane(pool)
  try {
    const facts = await readFacts(lane)
    if (facts.version < OLDEST) {
      throw new StartError(
        'database_unavailable',
        `PostgreSQL ${facts.versionName} is too old: Roadbase needs 15 or newer.`,
      )
    }
    checkRights(facts)
    checkSession(facts)
    if (facts.walLevel !== 'logical') {
      options.log.warn(
        { walLevel: facts.walLevel },
        "PostgreSQL runs with wal_level other than 'logical', so changes can't be followed live. " +
          "Run: ALTER SYSTEM SET wal_level = 'logical'; and restart PostgreSQL.",
      )
    }
    if (facts.pooled) await warnOfTransactionPooling(lane, pool, options.log)
    return facts.version
  } catch (error) {
    throw error instanceof StartError ? error : cannotStart(error)
  } finally {
    pool.release(lane)
  }
}

interface Facts {
  readonly version: number
  readonly versionName: string
  readonly role: string
  readonly database: string
  readonly walLevel: string
  readonly canCreateRole: boolean
  readonly canCreateSchema: boolean
  readonly encoding: string
  readonly session: Readonly<Record<string, string>>
  /** Something stands between us and PostgreSQL: it told another process id than the one that answers. */
  readonly pooled: boolean
}

async function firstLane(pool: Pool): Promise<Lane> {
  try {
    return await pool.lease()
  } catch (error) {
    throw cannotStart(error)
  }
}

async function readFacts(lane: Lane): Promise<Facts> {
  const names = Object.keys(SESSION_PARAMETERS)
  const rows = await lane.send(
    `select current_setting('server_version_num') as version,
            current_setting('server_version') as version_name,
            current_user as role,
            current_database() as database,
            current_setting('wal_level') as wal_level,
            current_setting('server_encoding') as encoding,
            (select rolcreaterole or rolsuper from pg_catalog.pg_roles where rolname = current_user) as can_create_role,
            has_database_privilege(current_database(), 'CREATE') as can_create_schema,
            pg_backend_pid() as pid,
            (select json_object_agg(name, setting) from pg_catalog.pg_settings where name = any($1::text[])) as session`,
    [`{${names.join(',')}}`],
    ONCE,
  )
  const row = rows[0] as Record<string, unknown>
  return {
    version: Number(row['version']),
    versionName: String(row['version_name']),
    role: String(row['role']),
    database: String(row['database']),
    walLevel: String(row['wal_level']),
    encoding: String(row['encoding']),
    canCreateRole: row['can_create_role'] === true,
    canCreateSchema: row['can_create_schema'] === true,
    session: JSON.parse(String(row['session'])) as Record<string, string>,
    pooled: rows.state !== undefined && rows.state.pid !== row['pid'],
  }
}

function checkRights({ canCreateRole, canCreateSchema, role, database, encoding }: Facts): void {
  const statements = [
    ...(canCreateRole ? [] : [`ALTER ROLE ${quoteName(role)} CREATEROLE;`]),
    ...(canCreateSchema ? [] : [`GRANT CREATE ON DATABASE ${quoteName(database)} TO ${quoteName(role)};`]),
  ]
  if (statements.length > 0) {
    throw new StartError(
      'permission',
      `The database role ${quoteName(role)} lacks rights: every app gets a schema and a role of its own. ` +
        `Run as an administrator of PostgreSQL: ${statements.join(' ')}`,
    )
  }
  if (encoding !== 'UTF8') {
    throw new StartError(
      'database_unavailable',
      `The database ${quoteName(database)} is encoded in ${encoding}. Make one with: CREATE DATABASE ${quoteName(database)} ENCODING 'UTF8' TEMPLATE template0;`,
    )
  }
}

function checkSession({ session }: Facts): void {
  for (const [name, wanted] of Object.entries(SESSION_PARAMETERS)) {
    if (session[name] === String(wanted)) continue
    throw new StartError(
      'database_unavailable',
      `The setting ${name} of the session is '${session[name]}' instead of '${wanted}'. ` +
        'A connection pooler drops the parameters that are sent at connect: connect to PostgreSQL itself.',
    )
  }
}

/**
 * In transaction mode a pooler gives the server's connection to another client between two transactions: so does
 * a second client's transaction meet the connection that the first one just used.
 */
async function warnOfTransactionPooling(lane: Lane, pool: Pool, log: Log): Promise<void> {
  const other = await pool.lease()
  try {
    const before = await pidOf(lane)
    await other.send('begin', [], SIMPLE)
    const theirs = await pidOf(other)
    const after = await pidOf(lane)
    await other.send('rollback', [], SIMPLE)
    if (theirs !== before && before === after) return
    log.warn(
      {},
      'DATABASE_URL leads to a pooler in transaction mode. Prepared statements and advisory locks need sessions: ' +
        'connect to PostgreSQL itself, or set pool_mode = session.',
    )
  } finally {
    pool.release(other)
  }
}

async function pidOf(lane: Lane): Promise<unknown> {
  const rows = await lane.send('select pg_backend_pid() as pid', [], SIMPLE)
  return rows[0]?.['pid']
}

function cannotStart(error: unknown): StartError {
  const cause = error instanceof Problem ? (error.options.cause ?? error) : error
  const reason = cause instanceof Error ? cause.message : String(cause)
  const hint = reason.includes('unsupported startup parameter')
    ? ' A connection pooler is in between: connect to PostgreSQL itself.'
    : ''
  return new StartError('database_unavailable', `PostgreSQL can not be used: ${reason}.${hint}`, { cause })
}
