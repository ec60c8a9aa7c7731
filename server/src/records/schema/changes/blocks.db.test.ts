import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Step } from '../../../apps/section.ts'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { type TestApp, testApp } from './testing-app.ts'

/**
 * Whether it is true what steps say of who waits. A step is held up in the middle by a transaction that has a lock in its way
 * (`create index concurrently` waits for all who wrote before; a step of the transaction is just not committed), and meanwhile others try.
 */
let database: TestDatabase
let app: TestApp
beforeAll(async () => {
  database = await testDatabase({ size: 6 })
})
afterAll(() => database?.drop())
beforeEach(async () => {
  app = await testApp(database.db)
  await app.load(before)
  await app.run('insert into $.things (a, n) select n::text, n from generate_series(1, 100) as n')
})

const text = { type: 'string' }
const properties = { a: text, n: { type: 'integer' }, t: { $ref: 'users' } }
const things = (more: object = {}, beside: object = {}, required: string[] = []) => ({
  things: { schema: { required, properties: { ...properties, ...more } }, ...beside },
})
const before = things()

/** What others can do in the moment; `false` when they would have to wait. */
async function others(): Promise<{ reads: boolean; writes: boolean }> {
  const attempt = async (statement: string) => {
    try {
      await app.run(`set local lock_timeout = '50ms'; ${statement}`)
      return true
    } catch (error) {
      expect(error).toMatchObject({ sqlState: '55P03' })
      return false
    }
  }
  return {
    reads: await attempt('select count(*) from $.things'),
    writes: await attempt(`insert into $.things (a, n) values ('new', 1000)`),
  }
}

const expected = { nobody: { reads: true, writes: true }, writes: { reads: true, writes: false } } as const
const allowed = (blocks: Step['blocks']) =>
  blocks === 'everything' ? { reads: false, writes: false } : expected[blocks ?? 'nobody']

describe('steps of the transaction block whom they say', () => {
  const cases: [name: string, next: object][] = [
    ['a new field', things({ z: text })],
    ['a field gone', { things: { schema: { properties: { a: text } } } }],
    ['a type', things({ n: { type: 'number' } })],
    ['a backfill', things({ z: { ...text, backfill: 'record.a' } }, {}, ['z'])],
    ['another end of a reference', things({ t: { $ref: 'users', onDelete: 'cascade' } })],
    ['memory', things({}, { storage: 'memory' })],
  ]
  test.each(cases)('%s', async (_name, next) => {
    const { steps } = app.plan(next)
    const found: unknown[] = []
    for (const last of steps) {
      if (last.before !== undefined || last.change === undefined) continue
      await database.db
        .transaction(async (sql) => {
          // Those before it have locks of their own, and are done without them here.
          for (const step of steps) {
            if (step === last) break
            if (step.before === undefined) await sql.once(step.sql)
          }
          await sql.once(last.sql)
          const seen = await others()
          const claims = allowed(last.blocks)
          // What an earlier step of the transaction has locked stays locked; nobody may be blocked who is told to go on by all of them.
          const all = steps.slice(0, steps.indexOf(last) + 1).map(({ blocks }) => allowed(blocks))
          const least = { reads: all.every(({ reads }) => reads), writes: all.every(({ writes }) => writes) }
          expect(seen, last.title).toEqual(least)
          found.push(claims)
          throw new Error('taken back')
        })
        .catch((error: unknown) => {
          if (!(error instanceof Error && error.message === 'taken back')) throw error
        })
    }
    expect(found).not.toEqual([])
  })
})

describe('what is made before the transaction', () => {
  test('is made while records are read and written', async () => {
    const { steps } = app.plan(things({}, { unique: [['a']] }))
    const build = steps.find(({ sql }) => sql.includes('concurrently'))
    expect(build?.blocks).toBeUndefined()
    let building: Promise<unknown> | undefined
    await database.db.transaction(async (sql) => {
      // A transaction that has written: the build waits for its end, in the middle.
      await sql.once(`insert into "${app.schema}".things (a, n) values ('held', 1)`)
      building = app.run(build?.sql ?? '')
      await vi.waitFor(async () => {
        const found = await app.run('select phase from pg_stat_progress_create_index')
        expect(found.map(({ phase }) => phase)).toContain('waiting for writers before build')
      })
      expect(await others()).toEqual({ reads: true, writes: true })
    })
    await building
    expect(
      await app.run(
        `select indisvalid as valid from pg_index where indexrelid = '$.things__unique_a__coming'::regclass`,
      ),
    ).toEqual([{ valid: true }])
  })

  test('is checked while records are read and written, by the new rule', async () => {
    const { steps } = app.plan(things({}, { check: 'record.n > 0' }))
    const [hold, look] = steps.filter((step) => step.before !== undefined)
    await app.run(hold?.sql ?? '')
    await expect(app.run(`insert into $.things (a, n) values ('bad', -1)`)).rejects.toMatchObject({ sqlState: '23514' })
    await database.db
      .transaction(async (sql) => {
        await sql.once(look?.sql ?? '')
        expect(await others()).toEqual({ reads: true, writes: true })
        throw new Error('taken back')
      })
      .catch((error: unknown) => expect(String(error)).toContain('taken back'))
  })

  test('is gone when the rows forbid it, and says how many they are', async () => {
    await app.run(`insert into $.things (a, n) values ('1', 7), ('2', 7), ('2', -7)`)
    expect(await app.load(things({}, { unique: [['a']] }))).toEqual([
      'records of things that have the same a as another: 3',
    ])
    expect(await app.load(things({}, { check: 'record.n > 0' }))).toEqual(['records of things that break the check: 1'])
    const left = `select conname as name from pg_constraint where conname like '%coming' and connamespace = '${app.schema}'::regnamespace
      union select relname from pg_class where relname like '%coming' and relnamespace = '${app.schema}'::regnamespace`
    expect(await app.run(left)).toEqual([])
    await app.run(`insert into $.things (a, n) values ('1', -1)`)
  })

  test('what a broken off build has left is cleared away', async () => {
    const next = things({}, { unique: [['a']] })
    await app.run(`insert into $.things (a, n) values ('1', 7)`)
    const build = app.plan(next).steps.find(({ sql }) => sql.includes('concurrently'))
    await expect(app.run(build?.sql ?? '')).rejects.toMatchObject({ sqlState: '23505' })
    await app.run(`delete from $.things where n = 7 and a = '1'`)
    expect(await app.load(next)).toEqual([])
    expect(
      await app.run(`select indisvalid as valid from pg_index where indexrelid = '$.things__unique_a'::regclass`),
    ).toEqual([{ valid: true }])
  })
})
