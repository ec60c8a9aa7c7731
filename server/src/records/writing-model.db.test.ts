import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { clearApp } from './seed/clear-app.ts'
import { appServer } from './testing-apps.ts'
import { checkHistories } from './testing-model/check-histories.ts'
import { type Done, runClients, type Workshop } from './testing-model/clients.ts'
import { COLLECTIONS, isSoft, keyOf, WORKSHOP } from './testing-model/document.ts'
import { isComputedWell, isExplained } from './testing-model/explain.ts'
import { type Event, startLog, takeLog } from './testing-model/log.ts'
import { command } from './testing-model/operations.ts'
import { createReplay, type Replay, replay } from './testing-model/replay.ts'

/**
 * Clients write the same few records by every way there is, all at once, and a plain model has to be able to tell what happened.
 *
 * **The order** is the database's own. A trigger of this test, behind all others, notes every row that is written. It fires while the
 * row is still locked, so of any two writes to one record, one unique key or one scope of numbers the note of the first comes first; and what is
 * rolled back leaves no note.
 *
 * **What happened** is then checked in that order. Every note belongs to an operation that was answered with success: operations have a caller
 * each, whose id is in what they write (`by`, `deletedBy`). The row is exactly what the model makes of the row before; what was
 * answered is that row. A batch has all of its parts in the notes or none; what failed has none. Nothing is noted twice, or by nobody.
 *
 * **What was refused**, or read, must have had a reason while it ran: operations know when they began and ended, so for each record and key it is
 * known what it may have been meanwhile (`testing-model/spans.ts`). One of those states has to give this very answer.
 *
 * A failure prints its seed. Clients race differently each time, so the same seed may have to be run again:
 * `MODEL_SEED=… MODEL_RUNS=50 npx vitest run <this file>`.
 */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 10)
const SEED = process.env['MODEL_SEED']

let database: TestDatabase
let server: ReturnType<typeof appServer>
let workshop: Workshop
let clear: () => Promise<void>

beforeAll(async () => {
  database = await testDatabase({ size: 8, hotSize: 4 })
  const { db } = database
  server = appServer(db)
  const slug = server.newSlug('workshop')
  const { app, issues } = await server.load(slug, WORKSHOP)
  expect(issues).toEqual([])
  const { schema } = app()
  await startLog(db, schema)
  workshop = {
    db,
    slug,
    schema,
    collection(name) {
      const found = app().part(server.records).get(name)
      if (found === undefined) throw new Error(`There is no collection '${name}'`)
      return found
    },
  }
  clear = async () => {
    await db.transaction((sql) => clearApp(sql, app(), app().model(server.records)))
    await takeLog(db, schema)
  }
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

const CLIENTS = 8
const scripts = fc.array(fc.array(command, { minLength: 30, maxLength: 30 }), {
  minLength: CLIENTS,
  maxLength: CLIENTS,
})

test('whatever clients do at once, every answer and every record is what a plain model allows', {
  timeout: 60_000 + RUNS * 10_000,
}, async () => {
  const met: Record<string, number> = {}
  await fc.assert(
    fc.asyncProperty(scripts, async (all) => {
      await clear()
      const done = await runClients(workshop, all)
      const events = await takeLog(workshop.db, workshop.schema)
      const world = createReplay()
      replay(world, events, done)
      for (const one of done) {
        const { command, code, detail } = one
        if (!isBusy(one)) expect(isExplained(world, one), `${JSON.stringify(command)}: ${code} ${detail}`).toBe(true)
        expect(isComputedWell(world, one), JSON.stringify(one)).toBe(true)
        met[`${command.do} ${code}`] = (met[`${command.do} ${code}`] ?? 0) + 1
      }
      checkNumbers(events)
      checkLedger(events)
      await checkHistories(workshop, world, events)
      await checkEnd(world)
      // Who is told to come again is told so seldom.
      expect(done.filter(isBusy).length).toBeLessThan(done.length / 10)
    }),
    { numRuns: RUNS, endOnFailure: true, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
  )
  // All of this was met, or nothing would have been tested.
  for (const kind of [
    'create',
    'update',
    'patch',
    'replace',
    'upsert',
    'delete',
    'transition',
    'restore',
    'purge',
    'batch',
    'import',
    'revert',
    'get',
  ])
    expect(met[`${kind} ok`], kind).toBeGreaterThan(0)
  for (const kind of [
    'batch ledger_unbalanced',
    'update not_found',
    'update version_mismatch',
    'create unique_violation',
    'patch patch_failed',
    'import unique_violation',
  ])
    expect(met[kind], kind).toBeGreaterThan(0)
})

function isBusy({ code }: Done): boolean {
  return code === 'unavailable' || code === 'conflict'
}

/** Those of a room are 1, 2, 3, … in the order of their creation; the others are never given twice. */
function checkNumbers(events: readonly Event[]): void {
  const made = events.flatMap(({ of, act, after }) =>
    of === 'lists' && act === 'INSERT' && after !== undefined ? [after] : [],
  )
  for (const room of ['a', 'b']) {
    const numbers = made.filter((list) => list['room'] === room).map(({ number }) => number)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  }
  expect(new Set(made.map(({ code }) => code)).size).toBe(made.length)
}

function checkLedger(events: readonly Event[]): void {
  const sums = new Map<unknown, number>()
  for (const { of, act, after } of events) {
    if (of !== 'transfers' && of !== 'entries') continue
    expect(act).toBe('INSERT')
    if (of === 'entries')
      sums.set(after?.['transfer'], (sums.get(after?.['transfer']) ?? 0) + Number(after?.['amount']))
  }
  for (const [transfer, sum] of sums) expect(sum, String(transfer)).toBe(0)
}

/** What is stored is where the model has it; lists and their entries are the same. */
async function checkEnd({ states }: Replay): Promise<void> {
  const { db, schema } = workshop
  const ids = async (table: string, where = 'true') =>
    (await db.once<{ id: string }>(`select id::text from "${schema}"."${table}" where ${where} order by id`)).map(
      ({ id }) => id,
    )
  for (const name of COLLECTIONS) {
    const own = [...states.keys()].filter((key) => key.startsWith(`${name}:`))
    const living = own.flatMap((key) => states.now(key).living ?? [])
    const stored = await ids(name)
    expect(stored.map((id) => keyOf(name, id)).sort()).toEqual(living.map(({ id }) => keyOf(name, id)).sort())
    if (!isSoft(name)) continue
    const lying = own.flatMap((key) => states.now(key).lying.map(() => key))
    expect((await ids(`${name}__trash`, 'deletion__root')).map((id) => keyOf(name, id)).sort()).toEqual(lying.sort())
  }
  const differing = await ids(
    'lists',
    `tags <> (select coalesce(jsonb_agg(e.target order by e.position), '[]') from "${schema}"."lists__list_tags" e where e.owner = lists.id)`,
  )
  expect(differing).toEqual([])
}
