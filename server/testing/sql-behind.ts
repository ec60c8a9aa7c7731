import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestServer } from './start-server.ts'

/** SQL behind the back of a server: what somebody with `psql` could run on its embedded PostgreSQL. */
export interface SqlBehind {
  /** In a schema's app, with all rights. */
  run(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** A transaction with the rights that SQL of the app's document has. */
  runAsApp(...texts: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** `max` connections, all with the app's schema in their search path. */
export async function sqlBehind(server: TestServer, app: string, max = 6): Promise<SqlBehind> {
  const folder = await socketOf(join(server.data, 'postgres'))
  const options = { host: folder, path: `${folder}/.s.PGSQL.5432`, user: 'roadbase', database: 'roadbase' }
  const schema = await schemaOf(options, app)
  const sql = postgres({ ...options, max, onnotice: () => {}, connection: { search_path: `"${schema}"` } })
  return {
    run: async (text) => [...(await sql.unsafe(text))],
    async runAsApp(...texts) {
      await sql.begin(async (inside) => {
        await inside.unsafe(`set local role "${schema}"`)
        for (const text of texts) await inside.unsafe(text)
      })
    },
    close: () => sql.end({ timeout: 1 }),
  }
}

/** Where the data folder can't be entered by PostgreSQL, or its path is too long, it is elsewhere. */
async function socketOf(root: string): Promise<string> {
  const elsewhere = await readFile(join(root, 'location'), 'utf8').catch(() => undefined)
  const folder = join(elsewhere?.trim() ?? root, 'run')
  await access(folder)
  return folder
}

async function schemaOf(options: postgres.Options<Record<string, never>>, app: string): Promise<string> {
  const sql = postgres({ ...options, max: 1 })
  try {
    const [row] = await sql.unsafe('select schema from roadbase.apps where slug = $1', [app])
    if (row === undefined) throw new Error(`There is no app '${app}'`)
    return String(row['schema'])
  } finally {
    await sql.end({ timeout: 1 })
  }
}
