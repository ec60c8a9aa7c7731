import { StartError } from '../errors/start-error.ts'
import type { Database, Sql } from './database.ts'
import { DatabaseError } from './database-error.ts'
import type { Log } from './log.ts'
import { type Migration, readMigrations } from './read-migrations.ts'

export interface MigrateOptions {
  readonly log: Log
  readonly migrations?: readonly Migration[]
}

/**
 * Brings the system catalogue to what this version of the code expects; forward only, one transaction each.
 * Servers that start at once take turns. Returns the names of what was applied here. Throws a `StartError`
 * when the database was migrated by another code than this one.
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<string[]> {
  const migrations = options.migrations ?? (await readMigrations())
  const applied: string[] = []
  if (pending(migrations, await readApplied(database)).length === 0) return applied
  await inTurn(database, async (sql) => void (await sql.once(CREATE_TABLE)))
  for (const migration of migrations) {
    if (!(await apply(database, migrations, migration))) continue
    options.log.info({ migration: migration.name }, 'Applied a migration of the system catalogue')
    applied.push(migration.name)
  }
  return applied
}

/** False when it is there already, perhaps since a moment ago, by another server. */
function apply(database: Database, migrations: readonly Migration[], migration: Migration): Promise<boolean> {
  return inTurn(database, async (sql) => {
    if (!pending(migrations, await readTable(sql)).includes(migration)) return false
    try {
      await sql.once(migration.sql)
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      const message = `The migration ${migration.name} failed: ${error.message}. Nothing of it was applied.`
      throw new StartError('database_unavailable', message, { cause: error })
    }
    await sql.once('insert into roadbase.migrations (number, name, checksum) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.checksum,
    ])
    return true
  })
}

interface Applied {
  readonly number: number
  readonly name: string
  readonly checksum: string
}

/** What is still to be applied; throws when what was applied isn't the beginning of what we have. */
function pending(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.number, migration]))
  for (const { number, name, checksum } of applied) {
    const migration = known.get(number)
    if (migration === undefined) {
      throw new StartError(
        'data_version',
        `The database has the migration ${name}, which this version of Roadbase doesn't know: ` +
          'a newer version has used it. Start that version or a later one.',
      )
    }
    if (migration.checksum !== checksum) {
      throw new StartError(
        'data_version',
        `The migration ${migration.name} was changed after it was applied to this database. ` +
          'Restore the file; what shall be different goes into a new migration.',
      )
    }
  }
  const newest = Math.max(0, ...applied.map(({ number }) => number))
  const missing = migrations.filter(({ number }) => !applied.some((one) => one.number === number))
  const late = missing.find(({ number }) => number < newest)
  if (late !== undefined) {
    throw new StartError(
      'data_version',
      `The migration ${late.name} is older than what the database already has. Give it a number above ${newest}.`,
    )
  }
  return missing
}

/** One at a time among all servers of a database: the lock ends with the transaction. */
function inTurn<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  return database.transaction(
    async (sql) => {
      await sql.once(`select pg_advisory_xact_lock(${LOCK})`)
      return work(sql)
    },
    { timeout: 0 },
  )
}

/** The letters "roadbase" as a number, so that nobody else's lock is it by chance. */
const LOCK = BigInt(`0x${Buffer.from('roadbase').toString('hex')}`)

async function readApplied(sql: Sql): Promise<Applied[]> {
  const [row] = await sql.once(`select to_regclass('roadbase.migrations') is not null as there`)
  return row?.['there'] === true ? readTable(sql) : []
}

async function readTable(sql: Sql): Promise<Applied[]> {
  const rows = await sql.once('select number, name, checksum from roadbase.migrations order by number')
  return rows as unknown as Applied[]
}

const CREATE_TABLE = `
  create schema if not exists roadbase;
  create table if not exists roadbase.migrations (
    number     integer primary key,
    name       text not null,
    checksum   text not null,
    applied_at timestamptz(3) not null default now()
  )`
