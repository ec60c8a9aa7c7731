import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from './embedded/start-embedded.ts'
import { silentLog } from './log.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open-database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server that tests may make databases on. */
    databaseServer: {
      readonly url: string
      /** Migrated and unused: databases are copied from it. */
      readonly template: string
      /** Names of all databases of this run begin with it. */
      readonly prefix: string
    }
  }
}

let stop: () => Promise<void> = async () => {}

/**
 * For vitest: one PostgreSQL for all tests of a run, either an embedded one in a temporary folder,
 * or the one that `TEST_DATABASE_URL` names, with a role that may create databases.
 */
export async function setup(project: TestProject): Promise<void> {
  const external = process.env['TEST_DATABASE_URL']
  const server = external === undefined ? await startTemporary() : { url: external, stop: async () => {} }
  const prefix = `roadbase_test_${randomBytes(4).toString('hex')}`
  const template = `${prefix}_template`
  const admin = await openDatabase({ url: server.url, log: silentLog })
  stop = async () => {
    await dropAll(server.url, prefix)
    await server.stop()
  }
  try {
    await admin.once(`create database ${template} template template0 encoding 'UTF8'`)
  } finally {
    await admin.close()
  }
  const database = await openDatabase({ url: withDatabase(server.url, template), log: silentLog })
  await migrate(database, { log: silentLog })
  await database.close()
  project.provide('databaseServer', { url: server.url, template, prefix })
}

export async function teardown(): Promise<void> {
  await stop()
}

async function startTemporary() {
  const folder = await mkdtemp(join(tmpdir(), 'roadbase-test-'))
  await chmod(folder, 0o755) // Or the user PostgreSQL runs as can't enter, and the data goes to /var/lib.
  const server = await startEmbedded({
    dataDir: folder,
    log: silentLog,
    // Nobody needs this data after a crash of the machine. Tests about crashes start servers of their own.
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '200', shared_buffers: '128MB' },
  })
  return {
    url: server.url,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function dropAll(url: string, prefix: string): Promise<void> {
  const admin = await openDatabase({ url, log: silentLog })
  const names = await admin.once(`select datname from pg_catalog.pg_database where starts_with(datname, $1)`, [prefix])
  for (const { datname } of names) await admin.once(`drop database if exists "${datname}" with (force)`)
  await admin.close()
}

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
