import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { runBatch } from './batch/run-batch.ts'
import { aggregateRecords } from './operations/aggregate-records.ts'
import { distinctValues } from './operations/distinct-values.ts'
import { getRecord } from './operations/get-record.ts'
import { listRecords } from './operations/list-records.ts'
import { recordExists } from './operations/record-exists.ts'
import { createRecordSweeper } from './sweep-records.ts'
import { outcome, type WrittenApp, writtenApp } from './testing-writes.ts'
import { createGate } from './transfer/gate.ts'
import { importRecords } from './transfer/import-records.ts'
import { exported } from './transfer/testing.ts'

/**
 * Records whose times come while they are read by every way there is, and changed by requests and by SQL. A read saw one instant between its
 * begin and its end; so what it may show, and what it has to, is known of each record. Nobody waits: the reads are what time passes with.
 */
const DOCUMENT = `
collections:
  rooms:
    id: { type: string }
    rules: { read: true, write: true }
  holds:
    expires: until
    schema:
      required: [name]
      properties:
        name: { type: string }
        room: { $ref: rooms, inverse: holds, onDelete: cascade }
        until: { type: string, format: date-time }
    unique: [[name]]
    search: { name: A }
    history: true
    rules: { read: true, write: true }
  guests:
    schema: { properties: { name: { type: string }, hold: { $ref: holds, onDelete: cascade } } }
    rules: { read: true, write: true }
  pins:
    schema:
      properties:
        hold: { $ref: holds, onDelete: setNull }
        many: { type: array, items: { $ref: holds } }
    rules: { read: true, write: true }
  shown:
    view: select h.id, h.name from holds h
    rules: { read: true }
`

let database: TestDatabase
let app: WrittenApp
beforeAll(async () => {
  database = await testDatabase()
  app = await writtenApp(database.db, DOCUMENT)
})
afterAll(async () => {
  await app?.close()
  await database?.drop()
})

type Rec = Readonly<Record<string, unknown>>
/** When something was asked for, and answered. */
interface Span {
  readonly from: number
  readonly to: number
}

interface Time {
  /** Undefined: it is deleted; null: it stays. */
  readonly until: number | null | undefined
  readonly given: Span
  /** When another took its place. */
  taken?: Span
}

/** A hold, and all that it may have been. */
interface Hold {
  readonly name: string
  readonly id: string
  readonly times: Time[]
}

const of = (name: string) => app.collection(name)
const text = (until: number | null) => (until === null ? null : new Date(until).toISOString())
const literal = (until: number | null) => (until === null ? 'null' : `'${text(until)}'`)
const items = ({ body }: { readonly body: string }): Rec[] => JSON.parse(body).items
const namesOf = (rows: readonly unknown[]) => rows.map((row) => String((row as Rec)['name']))
const list = async (name: string, input: object) => items(await listRecords(of(name), app.caller(), input))

/** Each gives the names of the holds that it shows. */
const READS: Readonly<Record<string, (holds: readonly Hold[]) => Promise<string[]>>> = {
  list: async () => namesOf(await list('holds', { limit: '100' })),
  search: async () => namesOf(await list('holds', { limit: '100', search: 'hold' })),
  groups: async () => namesOf(items(await aggregateRecords(of('holds'), app.caller(), { groupBy: 'name' }))),
  values: async () => items(await distinctValues(of('holds'), app.caller(), { field: 'name' })).map(String),
  export: async () =>
    [...(await exported(of('holds'), { fields: 'name' })).matchAll(/"name":"([^"]+)"/g)].map(([, name = '']) => name),
  view: async () => namesOf(await list('shown', { limit: '100' })),
  sql: async () => namesOf(await app.run('select name from $.holds')),
  'sql of the app': async () => namesOf(await app.runAsApp('select name from $.holds')),
  expand: async () => expanded(await list('pins', { limit: '100', expand: 'hold' }), 'hold'),
  'expand a list': async () => expanded(await list('pins', { limit: '100', expand: 'many' }), 'many'),
  'expand back': async () => expanded(await list('rooms', { expand: 'holds(limit:100)' }), 'holds'),
  get: (holds) => each(holds, async ({ id }) => (await outcome(getRecord(of('holds'), app.caller(), { id }))) === 'ok'),
  exists: (holds) =>
    each(holds, ({ name }) => recordExists(of('holds'), app.caller(), { filter: `name == '${name}'` })),
  'what goes along': async () => namesOf(await list('guests', { limit: '100' })),
  'groups of what goes along': async () =>
    namesOf(items(await aggregateRecords(of('guests'), app.caller(), { groupBy: 'name' }))),
  'filter over a relation': (holds) =>
    each(holds, async ({ name }) => (await list('pins', { filter: `hold.name == '${name}'` })).length > 0),
  'filter over a list': (holds) =>
    each(holds, async ({ name }) => (await list('pins', { filter: `many.exists(h, h.name == '${name}')` })).length > 0),
}

function expanded(records: readonly Rec[], relation: string): string[] {
  return records.flatMap(({ expand }) => namesOf([(expand as Rec)[relation] ?? []].flat()))
}

async function each(holds: readonly Hold[], isShown: (hold: Hold) => Promise<boolean>): Promise<string[]> {
  const shown = await Promise.all(holds.map(isShown))
  return holds.filter((_, index) => shown[index]).map(({ name }) => name)
}

const batch = (operation: object) =>
  runBatch(of('holds').app, { get: of, names: [] }, app.caller(), {
    body: { operations: [operation] },
    isAborted: () => false,
  })

type Way = 'request' | 'batch' | 'import' | 'sql' | 'sql of the app'

async function make(way: Way, name: string, until: number | null): Promise<void> {
  const data = { name, room: 'red', until: text(until) }
  const insert = `insert into $.holds (name, room, until) values ('${name}', 'red', ${literal(until)})`
  if (way === 'request') await app.create('holds', data)
  else if (way === 'batch') await batch({ create: 'holds', data })
  else if (way === 'import') {
    const run = importRecords(createGate({ most: 99, each: 99 }), of('holds'), app.caller(), {}, undefined)
    await run(one(data), () => {}, new AbortController().signal)
  } else if (way === 'sql') await app.run(insert)
  else await app.runAsApp(insert)
}

async function* one(value: unknown) {
  yield [{ line: 1, size: 100, value }]
}

/** Whether it was there, and would be afterwards; `undefined` deletes it. */
async function change(way: Way, { id }: Hold, until: number | null | undefined): Promise<boolean> {
  if (way === 'sql' || way === 'sql of the app') {
    const statement = until === undefined ? 'delete from $.holds' : `update $.holds set until = ${literal(until)}`
    const run = way === 'sql' ? app.run : app.runAsApp
    try {
      return (await run(`${statement} where id = '${id}' returning id`)).length > 0
    } catch (error) {
      expect(error).toMatchObject({ sqlState: 'RB012' })
      return false
    }
  }
  const body = until === undefined ? undefined : { until: text(until) }
  const request = () => (body === undefined ? app.remove('holds', id) : app.update('holds', id, body))
  const operation = body === undefined ? { delete: 'holds', id } : { update: 'holds', id, data: body }
  const told = await outcome(way === 'batch' ? batch(operation) : request())
  expect(['ok', 'not_found', 'validation_failed']).toContain(told)
  return told === 'ok'
}

async function changed(way: Way, hold: Hold, until: number | null | undefined): Promise<void> {
  const { value, span } = await timed(() => change(way, hold, until))
  if (!value) return
  const last = hold.times.at(-1)
  if (last !== undefined) last.taken = span
  hold.times.push({ until, given: span })
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly span: Span }> {
  const from = Date.now()
  const value = await work()
  return { value, span: { from, to: Date.now() } }
}

/** What the hold may have been while somebody looked: those times that had been given, and were not yet taken. */
function judge({ name, times }: Hold, isShown: boolean, { from, to }: Span, way: string): void {
  const possible = times.filter(({ given, taken }) => given.from <= to && (taken === undefined || taken.to >= from))
  const fits = possible.some(({ until }) => {
    if (until === undefined) return !isShown
    // The database rounds its time to milliseconds, as that of a record is.
    return isShown ? until === null || until > from : until !== null && until <= to + 1
  })
  if (!fits)
    expect.fail(`${way} ${isShown ? 'shows' : 'does not show'} ${name} from ${from} to ${to}: ${JSON.stringify(times)}`)
}

const ways = ['request', 'batch', 'sql', 'sql of the app'] as const
const plan = fc.record({
  make: fc.constantFrom<Way>(...ways, 'import'),
  way: fc.constantFrom<Way>(...ways),
  /** Milliseconds from when all are made. */
  lasts: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 100, max: 500 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  change: fc.option(
    fc.record({
      way: fc.constantFrom<Way>(...ways),
      at: fc.nat(500),
      lasts: fc.oneof(fc.integer({ min: 50, max: 400 }), fc.constantFrom(null, undefined)),
    }),
  ),
})

const RUNS = Number(process.env['MODEL_RUNS'] ?? 3)
/** Milliseconds for which it is looked at. */
const LOOKING = 700
/** Until all are made. */
const LONG = 60_000

test('what is due is shown by nothing, and what is not by everything, at any moment', {
  timeout: 30_000 + RUNS * 10_000,
}, async () => {
  const property = fc.asyncProperty(fc.array(plan, { minLength: 12, maxLength: 12 }), async (plans) => {
    await app.clear()
    await app.create('rooms', { id: 'red' })
    const holds = await Promise.all(plans.map(({ make: by }, index) => made(by, `hold ${index}`)))
    for (const { id, name } of holds) {
      await app.create('pins', { hold: id, many: [id] })
      await app.create('guests', { hold: id, name })
    }
    const start = Date.now()
    const until = (lasts: number | null | undefined) => (typeof lasts === 'number' ? Date.now() + lasts : lasts)
    await Promise.all(plans.map(({ way, lasts }, index) => changed(way, holds[index] as Hold, until(lasts))))
    await lookAll(
      holds,
      start + LOOKING,
      plans.flatMap(({ change: next }, index) => {
        const hold = holds[index]
        if (next === null || hold === undefined) return []
        return [{ at: start + next.at, work: () => changed(next.way, hold, until(next.lasts)) }]
      }),
    )
    // What is over frees its name, whatever is swept; what is not holds it.
    const models = new Map(['users', 'rooms', 'holds', 'guests', 'pins'].map((name) => [name, of(name).model]))
    const sweeper = createRecordSweeper({ db: database.db, apps: () => [models], report: () => {} })
    const sweep = sweeper.now()
    for (const hold of holds) {
      const { value, span } = await timed(() => outcome(app.create('holds', { name: hold.name })))
      judge(hold, value !== 'ok', span, 'a create')
    }
    await sweep
  })
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true })
})

async function made(way: Way, name: string): Promise<Hold> {
  const until = Date.now() + LONG
  const { span } = await timed(() => make(way, name, until))
  const [row] = await app.run(`select id::text from $.holds where name = '${name}'`)
  return { name, id: String(row?.['id']), times: [{ until, given: span }] }
}

/** Reads in every way, one after the other but several at a time, until the end, while each change is made when its time has come. */
async function lookAll(
  holds: readonly Hold[],
  end: number,
  changes: readonly { readonly at: number; readonly work: () => Promise<void> }[],
): Promise<void> {
  const reads = Object.entries(READS)
  const seen: { readonly shown: ReadonlySet<string>; readonly span: Span; readonly way: string }[] = []
  const waiting = new Set(changes)
  await Promise.all(
    Array.from({ length: 4 }, async (_, client) => {
      for (let turn = client * 4; Date.now() < end || waiting.size > 0; turn++) {
        for (const next of waiting) {
          if (next.at > Date.now()) continue
          waiting.delete(next)
          await next.work()
        }
        const [way, read] = reads[turn % reads.length] ?? []
        if (way === undefined || read === undefined) return
        const { value, span } = await timed(() => read(holds))
        const shown = new Set(value)
        expect(shown.size, way).toBe(value.length)
        seen.push({ shown, span, way })
      }
    }),
  )
  for (const { shown, span, way } of seen) for (const hold of holds) judge(hold, shown.has(hold.name), span, way)
}
