import type { OpenDatabase } from '../db/open-database.ts'
import { Problem } from '../errors/problem.ts'
import type { Caller } from './caller.ts'
import { createRecord } from './operations/create-record.ts'
import { deleteRecord } from './operations/delete-record.ts'
import { updateRecord } from './operations/update-record.ts'
import { clearApp } from './seed/clear-app.ts'
import { appServer } from './testing-apps.ts'

const caller = (n: number): Caller => ({
  userId: null,
  sessionId: null,
  request: { id: 'r', method: 'POST', path: '/', ip: `10.0.0.${n}` },
})

type Rec = Readonly<Record<string, unknown>>

/** An app whose collections are written through the operations of the API and behind them, for tests of what holds for every writer. */
export async function writtenApp(db: OpenDatabase, document: string) {
  const server = appServer(db)
  const slug = server.newSlug('held')
  const loaded = await server.load(slug, document)
  const schema = loaded.app().schema
  const collection = (name: string) => {
    const found = loaded.app().part(server.records).get(name)
    if (found === undefined) throw new Error(`There is no collection '${name}'`)
    return found
  }
  let clients = 0
  return {
    schema,
    collection,
    caller: () => caller(0),
    close: () => server.close(),
    /** Each from a client of its own. */
    create: async (name: string, body: object) =>
      JSON.parse((await createRecord(collection(name), caller(clients++ % 200), { body })).body) as Rec,
    update: async (name: string, id: unknown, body: object) =>
      JSON.parse((await updateRecord(collection(name), caller(clients++ % 200), { id: String(id), body })).body) as Rec,
    remove: (name: string, id: unknown) => deleteRecord(collection(name), caller(clients++ % 200), { id: String(id) }),
    /** What `seed --fresh` begins with. */
    clear: () => db.transaction((sql) => clearApp(sql, loaded.app(), loaded.app().model(server.records))),
    /** SQL as psql would run it; `$.` stands for the schema. */
    run: (text: string) => db.once<Rec>(text.replaceAll('$.', `"${schema}".`)),
    /** The same with the rights that SQL of documents has. */
    runAsApp: (text: string) => db.once<Rec>(`set local role "${schema}"; ${text.replaceAll('$.', `"${schema}".`)}`),
  }
}

export type WrittenApp = Awaited<ReturnType<typeof writtenApp>>

/** What became of it: `ok`, or the code of the problem. Anything else is thrown. */
export async function outcome(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'ok'
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}

/** How often each came of them. */
export async function outcomes(attempts: readonly Promise<unknown>[]): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  for (const code of await Promise.all(attempts.map(outcome))) counts[code] = (counts[code] ?? 0) + 1
  return counts
}
