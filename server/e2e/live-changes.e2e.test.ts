import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../src/db/log.ts'
import { type OpenDatabase, openDatabase } from '../src/db/open-database.ts'
import {
  type CollectionDraft,
  type DocumentDraft,
  edited,
  FIRST,
  type LifeStep,
  lives,
  toCollections,
} from '../src/records/schema/changes/testing-documents.ts'
import { schemaLines } from '../src/records/schema/changes/testing-schemas.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Caller, callerAt } from './client.ts'

/**
 * Apps whose documents change at random while they are read and written. Prints how to run a failure again:
 * `CHANGES_SEED=… CHANGES_PATH=… npx vitest run server/e2e/live-changes.e2e.test.ts`; `CHANGES_LIVES=100` goes on for longer.
 */
let folder: string
let server: TestServer
let db: OpenDatabase
let admin: Caller

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadbase-live-'))
  const data = join(folder, 'data')
  for (const path of [data, join(folder, 'apps')]) await mkdir(path, { recursive: true })
  for (const path of [folder, data]) await chmod(path, 0o755)
  server = await startServer({ data, apps: join(folder, 'apps') })
  const key = (await readFile(join(data, 'secrets/admin.key'), 'utf8')).trim()
  admin = callerAt(server.url, '../admin/api', 'administrator', key)
  const url = `postgres://roadbase@localhost/roadbase?host=${join(data, 'postgres/run')}`
  db = await openDatabase({ url, log: silentLog, size: 2, hotSize: 1 })
})
afterAll(async () => {
  await db?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const { CHANGES_SEED: seed, CHANGES_PATH: path, CHANGES_LIVES: wanted } = process.env
const numRuns = Number(wanted ?? 3)

test('an app that changes while it is used answers every request by its rules', {
  timeout: 60_000 + numRuns * 60_000,
}, async () => {
  await fc.assert(fc.asyncProperty(lives(10), live), {
    numRuns,
    endOnFailure: true,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  })
})

let apps = 0

async function live(life: readonly LifeStep[]): Promise<void> {
  const slug = `life${++apps}`
  const versions: DocumentDraft[] = []
  const use = useApp(slug)
  const take = async (document: DocumentDraft, load: () => ReturnType<Caller['send']>) => {
    use.begin(document)
    const { status, text, json } = await load()
    // Rows, types or mistakes forbid many a change: then the version before is served on.
    expect([200, 409, 422], `${text}\n${loggedOf(text)}\n${JSON.stringify([...versions, document])}`).toContain(status)
    if (status !== 200) return use.settle()
    if (json.outcome !== 'unchanged') versions.push(document)
    expect(json.version).toBe(versions.length)
    use.settle(document)
    expect(await schemaLines(db, `app_${slug}`), JSON.stringify(versions)).toEqual(await freshLines(document))
  }
  const put = (document: DocumentDraft) => take(document, () => load(slug, document))

  await put(FIRST)
  const users = Array.from({ length: 4 }, (_, index) => use.run(index))
  try {
    for (const step of life) {
      const present = versions.at(-1) ?? FIRST
      await use.served(6)
      if (step.act === 'edit') await put(edited(present, step.names, step.numbers))
      else if (step.act === 'purge') {
        expect((await admin.send('POST', `/apps/${slug}/purge`, {})).status).toBe(200)
        expect(await schemaLines(db, `app_${slug}`, true)).toEqual(await freshLines(present))
      } else {
        const version = Math.max(1, versions.length - step.back)
        const body = { version, allowDestructive: true }
        await take(versions[version - 1] ?? FIRST, () => admin.send('POST', `/apps/${slug}/rollback`, body))
      }
    }
    await use.served(6)
  } finally {
    use.stop()
    await Promise.all(users)
  }
  expect(use.complaints(), JSON.stringify(versions)).toEqual([])
}

function load(slug: string, document: DocumentDraft): ReturnType<Caller['send']> {
  const text = JSON.stringify({ app: slug, auth: { signup: 'open' }, collections: toCollections(document) })
  return admin.send('PUT', `/apps/${slug}?allowDestructive=true`, text, { 'content-type': 'application/yaml' })
}

const known = new Map<string, readonly string[]>()

/** The schema of a document that was never another: a new app, loaded like any. */
async function freshLines(document: DocumentDraft): Promise<readonly string[]> {
  const key = JSON.stringify(document)
  const lines = known.get(key)
  if (lines !== undefined) return lines
  const slug = `fresh${known.size + 1}`
  expect((await load(slug, document)).status).toBe(200)
  const fresh = await schemaLines(db, `app_${slug}`)
  known.set(key, fresh)
  return fresh
}

/** Readers and writers of one app, and what they were told that no version of it can say. */
function useApp(slug: string) {
  const caller = callerAt(server.url, slug, 'anonymous')
  const complaints: string[] = []
  let present: DocumentDraft = {}
  let coming: DocumentDraft | undefined
  /** Grows whenever a change begins or ends. */
  let epoch = 0
  let served = 0
  let going = true
  let count = 0
  const told: (() => void)[] = []

  return {
    begin(document: DocumentDraft) {
      coming = document
      epoch++
    },
    settle(document: DocumentDraft = present) {
      present = document
      coming = undefined
      epoch++
    },
    stop: () => {
      going = false
    },
    complaints: () => complaints,
    /** Resolves when so many more requests were answered. */
    served: (more: number) =>
      new Promise<void>((resolve) => {
        const goal = served + more
        told.push(function look() {
          if (served >= goal) resolve()
          else told.push(look)
        })
      }),
    async run(who: number) {
      for (let turn = who; going; turn++) await once(turn)
    },
  }

  async function once(turn: number): Promise<void> {
    const document = coming !== undefined && turn % 2 === 0 ? coming : present
    const names = Object.keys(document)
    const name = names[turn % Math.max(names.length, 1)]
    const collection = name === undefined ? undefined : document[name]
    if (name === undefined || collection === undefined) {
      // An app of nothing but users.
      await caller.send('GET', '/users')
    } else await act(turn, name, collection)
    served++
    for (const look of told.splice(0)) look()
  }

  async function act(turn: number, name: string, collection: CollectionDraft): Promise<void> {
    const began = epoch
    const isThroughout = present[name] !== undefined && (coming === undefined || coming[name] !== undefined)
    const tell = (what: string, status: number, text: string, allowed: readonly number[]) => {
      const calm = began === epoch && coming === undefined
      const all = calm
        ? allowed
        : [...allowed, ...(isThroughout ? [] : [404]), ...(what === 'GET' ? [] : [400, 404, 409, 422])]
      if (all.includes(status)) return
      complaints.push(`${what} ${name}${calm ? '' : ' (changing)'}: ${status} ${text}\n${loggedOf(text)}`)
    }
    const kind = turn % 4
    if (kind < 2) {
      const { status, text } = await caller.send('GET', `/${name}?limit=2`)
      tell('GET', status, text, [200])
      return
    }
    count++
    const created = await caller.send('POST', `/${name}`, recordOf(collection))
    // 409: a unique key. 422: a bound that the values here do not look at, or a relation that nobody has.
    tell('POST', created.status, created.text, [201, 409, 422])
    if (created.status !== 201 || kind !== 3) return
    const one = `/${name}/${encodeURIComponent(String(created.json.id))}`
    const read = await caller.send('GET', one)
    tell('GET', read.status, read.text, [200, 404])
    const changed = await caller.send('PATCH', one, {}, { 'content-type': 'application/merge-patch+json' })
    tell('PATCH', changed.status, changed.text, [200, 404])
  }

  function recordOf({ fields, chosen }: CollectionDraft): Record<string, unknown> {
    const values = Object.entries(fields).flatMap(([field, { type, computed }]) =>
      computed !== undefined || type === 'user' || type === 'notes' ? [] : [[field, valueOfType(type)]],
    )
    const id = chosen === undefined ? {} : { id: chosen === 'uuid' ? crypto.randomUUID() : `k-${slug}-${count}` }
    return { ...id, ...Object.fromEntries(values) }
  }

  function valueOfType(type: string): unknown {
    const values: Record<string, unknown> = {
      text: count % 3 === 0 ? `text ${count}` : String(count),
      kind: count % 2 === 0 ? 'x' : 'y',
      uuid: crypto.randomUUID(),
      time: '2024-05-06T07:08:09.120Z',
      day: '2024-05-06',
      money: `${count}.25`,
      fine: `${count}.1234`,
      whole: count,
      number: count + 0.5,
      flag: count % 2 === 0,
      object: { n: count },
      list: [count],
    }
    return values[type]
  }
}

/** What the server has logged of a request. */
function loggedOf(problem: string): string {
  const id = /"requestId":"([^"]*)"/.exec(problem)?.[1] ?? '-'
  const lines = server.output().split('\n')
  return lines.filter((line) => line.includes(id)).join('\n')
}
