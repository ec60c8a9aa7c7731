import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { connectDriver } from './driver.ts'
import { silentLog } from './log.ts'
import { type DatabaseOptions, type OpenDatabase, openDatabase } from './open-database.ts'
import { withDatabase } from './testing-setup.ts'

export interface TestDatabase {
  readonly db: OpenDatabase
  readonly url: string
  /** Closes the connections and removes the database. What is left over goes when the run ends. */
  drop(): Promise<void>
}

export interface TestDatabaseOptions extends Partial<Omit<DatabaseOptions, 'url'>> {
  /** False for one without the system catalogue. */
  readonly migrated?: boolean
}

/**
 * A database of one's own, migrated and empty, on the server that all tests of a run share.
 * Roles belong to the server and not to a database: apps of tests need names of their own.
 */
export async function testDatabase({ migrated = true, ...options }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject('databaseServer')
  const name = `${server.prefix}_${randomBytes(6).toString('hex')}`
  await runAsAdmin(server.url, `create database ${name} template ${migrated ? server.template : 'template0'}`)
  const url = withDatabase(server.url, name)
  const db = await openDatabase({ log: silentLog, size: 4, hotSize: 2, ...options, url })
  return {
    db,
    url,
    async drop() {
      await db.close()
      const drop = `drop database if exists ${name}`
      await runAsAdmin(server.url, `${drop} with (force)`).catch(async (error: unknown) => {
        // An autovacuum is at work, which only a superuser may end; without force, PostgreSQL sends it away by itself.
        if ((error as { readonly code?: unknown }).code !== '42501') throw error
        await runAsAdmin(server.url, drop)
      })
    },
  }
}

async function runAsAdmin(url: string, statement: string): Promise<void> {
  const settings = { url, name: 'roadbase tests', connectTimeout: 10_000, statementTimeout: 60_000 }
  const driver = connectDriver(settings, () => {})
  try {
    await driver.unsafe(statement)
  } finally {
    await driver.end({ timeout: 1 })
  }
}
