import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LiveApp } from '../apps/section.ts'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { Problem } from '../errors/problem.ts'
import { runBatch } from './batch/run-batch.ts'
import type { Caller } from './caller.ts'
import { updateMatching } from './operations/change-matching.ts'
import { createRecord } from './operations/create-record.ts'
import { deleteRecord } from './operations/delete-record.ts'
import { getRecord } from './operations/get-record.ts'
import { listHistory } from './operations/list-history.ts'
import { replaceRecord } from './operations/replace-record.ts'
import { restoreRecord } from './operations/restore-record.ts'
import { revertRecord } from './operations/revert-record.ts'
import { transitionRecord } from './operations/transition-record.ts'
import { updateRecord } from './operations/update-record.ts'
import { upsertRecord } from './operations/upsert-record.ts'
import { appServer } from './testing-apps.ts'
import { collectionOf, signedIn } from './transfer/testing.ts'

const DOCUMENT = `
collections:
  topics:
    softDelete: { trash: true, restore: true }
    schema: { properties: { name: { type: string } } }
    rules: { read: true, write: true }
  notes:
    history: { read: true }
    softDelete: { trash: true, restore: true }
    schema:
      additionalProperties: true
      required: [key]
      properties:
        key: { type: string }
        text: { type: string }
        size: { type: integer, default: 0 }
        double: { type: integer, computed: record.size * 2 }
        place: { type: object }
        topic: { $ref: topics, onDelete: setNull }
        near: { type: array, items: { $ref: topics } }
        state: { enum: [open, done], default: open }
    unique: [[key]]
    states:
      of: state
      transitions: { finish: { from: open, to: done, allow: true }, reopen: { from: done, to: open, allow: true } }
    rules: { read: true, write: true }
`

type Rec = Readonly<Record<string, unknown>>
interface Entry {
  readonly version: number
  readonly by: string | null
  readonly action: string
  readonly record: Rec
}
/** What a client knows of a write of its own. */
interface Known {
  readonly by: string | null
  readonly action: 'create' | 'update' | 'restore' | 'delete'
  /** As it was answered; of a delete there is none. */
  readonly record?: Rec
}

let database: TestDatabase
let server: ReturnType<typeof appServer>
let app: LiveApp
let callers: readonly Caller[]
beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  app = (await server.load(server.newSlug('kept'), DOCUMENT)).app()
  callers = await Promise.all(['ann', 'ben', 'cleo'].map((name) => signedIn(server, app, `${name}@example.org`)))
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

const of = (name: string) => collectionOf(server, app, name)
const notes = () => of('notes')
const parse = ({ body }: { readonly body: string }): Rec => JSON.parse(body)
const keyOf = (record: number, round: string) => `${round}-${record}`

/** One step of one client at one record. `n` makes values of different steps differ. */
interface Step {
  readonly what: keyof typeof ACTS
  readonly record: number
  readonly client: number
  readonly n: number
}

interface Place {
  readonly id: string
  readonly key: string
  readonly caller: Caller
  readonly topics: readonly string[]
  readonly n: number
}

const changed = async (answer: Promise<{ readonly body: string }>) =>
  ({ action: 'update', record: parse(await answer) }) as const

const ACTS = {
  update: ({ id, caller, n }: Place) => changed(updateRecord(notes(), caller, { id, body: { text: `t${n}` } })),
  count: ({ id, caller }: Place) => changed(updateRecord(notes(), caller, { id, body: { size: { $inc: 1 } } })),
  merge: ({ id, caller, n }: Place) =>
    changed(updateRecord(notes(), caller, { id, body: { place: { [`p${n % 3}`]: n }, [`free${n % 2}`]: n } })),
  patch: ({ id, caller, n }: Place) =>
    changed(updateRecord(notes(), caller, { id, body: [{ op: 'add', path: '/text', value: `p${n}` }] })),
  refer: ({ id, caller, topics, n }: Place) =>
    changed(updateRecord(notes(), caller, { id, body: { topic: topics[n % 2], near: topics } })),
  replace: ({ id, key, caller, n }: Place) =>
    changed(replaceRecord(notes(), caller, { id, body: { key, text: `r${n}`, size: n }, ifMatch: '*' })),
  upsert: async ({ key, caller, n }: Place) => {
    const answer = await upsertRecord(notes(), caller, { by: 'key', body: { key, text: `u${n}` } })
    return { action: answer.status === 201 ? 'create' : 'update', record: parse(answer) } as const
  },
  transition: ({ id, caller, n }: Place) =>
    changed(transitionRecord(notes(), caller, { id, transition: n % 2 === 0 ? 'finish' : 'reopen' })),
  revert: ({ id, caller }: Place) => changed(revertRecord(notes(), caller, { id, body: { version: 1 } })),
  batch: async ({ id, caller, n }: Place) => {
    const operations = [
      { create: 'topics', data: { name: `b${n}` } },
      { update: 'notes', id, data: { text: `b${n}` } },
    ]
    const collections = { get: of, names: ['topics', 'notes'] }
    const { body } = await runBatch(notes().app, collections, caller, { body: { operations }, isAborted: () => false })
    return { action: 'update', record: JSON.parse(body).results[1].record as Rec } as const
  },
  many: async ({ key, caller, n }: Place) => {
    const filter = `key == '${key}'`
    const { changed: count } = await updateMatching(notes(), caller, { filter, limit: '5', body: { text: `m${n}` } })
    return count === 0 ? undefined : ({ action: 'update' } as const)
  },
  delete: async ({ id, caller }: Place) => {
    await deleteRecord(notes(), caller, { id })
    return { action: 'delete' } as const
  },
  restore: async ({ id, caller }: Place) =>
    ({ action: 'restore', record: parse(await restoreRecord(notes(), caller, { id })) }) as const,
  letGo: async ({ caller, topics, n }: Place) => {
    await deleteRecord(of('topics'), caller, { id: String(topics[n % 2]) })
    return undefined
  },
  sql: async ({ id, n }: Place) => {
    await database.db.once(`update "${app.schema}".notes set text = 's${n}' where id = '${id}'`)
    return undefined
  },
} satisfies Readonly<Record<string, (place: Place) => Promise<Omit<Known, 'by'> | undefined>>>

/** What is refused writes nothing. */
const REFUSED = [
  'not_found',
  'wrong_state',
  'unique_violation',
  'reference_not_found',
  'validation_failed',
  'version_mismatch',
  'unavailable',
  'patch_failed',
]

async function act(step: Step, place: Place): Promise<Known | undefined> {
  try {
    const known = await ACTS[step.what](place)
    return known === undefined ? undefined : { ...known, by: place.caller.userId }
  } catch (error) {
    if (error instanceof Problem && REFUSED.includes(error.code)) return undefined
    throw error
  }
}

async function historyOf(id: string): Promise<readonly Entry[]> {
  return JSON.parse(await listHistory(notes(), callers[0] as Caller, { id, limit: '500' })).items.toReversed()
}

test('whatever several clients do at once, each version is there once, as it was answered, and the last one is the record', async () => {
  const names = Object.keys(ACTS) as (keyof typeof ACTS)[]
  const step = fc.record({
    what: fc.constantFrom(...names, 'update' as const, 'restore' as const),
    record: fc.nat(2),
    client: fc.nat(2),
    n: fc.nat(999),
  })
  let round = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      async (waves) => {
        const [ann] = callers as [Caller]
        const name = `r${round++}`
        const topics = await Promise.all(
          [0, 1].map(async () => (await createRecord(of('topics'), ann, { body: {} })).id),
        )
        const first = await Promise.all(
          [0, 1, 2].map((record) =>
            createRecord(notes(), ann, { body: { key: keyOf(record, name), topic: topics[0], near: topics } }),
          ),
        )
        const known: Known[] = first.map((answer) => ({ action: 'create', by: ann.userId, record: parse(answer) }))
        const ids = new Set(first.map(({ id }) => id))
        for (const steps of waves) {
          const done = await Promise.all(
            steps.map((one) =>
              act(one, {
                id: first[one.record]?.id ?? '',
                key: keyOf(one.record, name),
                caller: callers[one.client] as Caller,
                topics,
                n: one.n,
              }),
            ),
          )
          known.push(...done.filter((one) => one !== undefined))
        }
        for (const { record } of known) if (record !== undefined) ids.add(String(record['id']))
        for (const id of ids) await checkHistory(id, known)
      },
    ),
    { numRuns: 15 },
  )
}, 120_000)

async function checkHistory(id: string, known: readonly Known[]): Promise<void> {
  const entries = await historyOf(id)
  const written = entries.filter(({ action }) => action !== 'delete')
  expect(written.map(({ version }) => version)).toEqual(written.map((_, index) => index + 1))
  // A delete is of the version before it, and only a restore follows.
  for (const [index, { action, version, record }] of entries.entries()) {
    if (action !== 'delete') continue
    expect(version).toBe(entries[index - 1]?.version)
    expect(record).toEqual(entries[index - 1]?.record)
    expect([undefined, 'restore']).toContain(entries[index + 1]?.action)
  }
  for (const { record, action, by } of known) {
    if (record === undefined || record['id'] !== id) continue
    const entry = written.find(({ version }) => version === record['version'])
    if (action === 'restore') {
      // Answered as it is right then: others may have changed it, or deleted it again, which leaves its id and the version.
      expect(entry?.record).toMatchObject(record)
      expect(written).toContainEqual(expect.objectContaining({ action, by }))
    } else {
      expect({ action: entry?.action, by: entry?.by, record: entry?.record }).toEqual({ action, by, record })
    }
  }
  const last = entries.at(-1)
  const present = getRecord(notes(), callers[0] as Caller, { id }).then(parse)
  if (last?.action === 'delete') await expect(present).rejects.toMatchObject({ code: 'not_found' })
  else expect(await present).toEqual(last?.record)
}
