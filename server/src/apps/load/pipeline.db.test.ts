import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import { appOf } from '../testing.ts'
import { type LoaderDatabase, loaderTests, type TestServer } from '../testing-loader.ts'

const { columns, db, server } = loaderTests()

/** A document with one table `a` of a column `x`, which is unique by an index that is built while everybody goes on. */
const sorted = (more = '') => `app: todo\nnotes:\n  a: { columns: [x${more}], sorted: [x] }\n`
const plain = 'app: todo\nnotes:\n  a: { columns: [x] }\n'

const load = async ({ loader }: TestServer, text: string, more: object = {}) =>
  loader.acts.load(await appOf('todo', text), { by: 'ada', ...more })

const indexes = () =>
  db().once(
    `select indexrelid::regclass::text as name, indisvalid as valid from pg_index where indrelid = 'app_todo.a'::regclass`,
  )
const unfinished = () => db().once('select app, undo from roadbase.unfinished_steps')

/** Fails when the text of a statement has this in it. */
function failing(part: string, error: Error): LoaderDatabase {
  return {
    query: db().query,
    transaction: db().transaction,
    session: (work) =>
      db().session((session) =>
        work({
          ...session,
          once: (text, params) => (text.includes(part) ? Promise.reject(error) : session.once(text, params)),
        }),
      ),
  }
}

describe('a step before the transaction', () => {
  test('is done outside of it, and leaves nothing but its result', async () => {
    const one = server()
    await load(one, plain)
    const { plan } = await load(one, sorted(), { plan: true })
    expect(plan.steps).toMatchObject([
      {
        name: 'a_x_sorted',
        when: 'before',
        blocks: null,
        work: { kind: 'build', rows: 0, bytes: 8192, seconds: 0.0000082 },
      },
    ])
    expect(await load(one, sorted())).toMatchObject({ version: 2 })
    expect(await indexes()).toEqual([{ name: 'app_todo.a_x_sorted', valid: true }])
    expect(await unfinished()).toEqual([])
  })

  test('is taken back when the rows forbid it', async () => {
    const one = server()
    await load(one, plain)
    await db().once(`insert into app_todo.a values ('same'), ('same')`)
    await expect(load(one, sorted())).rejects.toMatchObject({
      code: 'change_refused',
      options: { errors: [{ message: 'not applied: sort a by x: records that are there have the same values' }] },
    })
    expect(await indexes()).toEqual([])
    expect(await unfinished()).toEqual([])
    expect(one.loader.registry.get('todo')?.version).toBe(1)
  })

  test('is taken back when the transaction after it fails', async () => {
    const one = server({ sleep: async () => {} })
    await load(one, plain)
    await db().once(`create view public.v as select x from app_todo.a; alter table app_todo.a add y integer`)
    await expect(load(one, sorted(', y'))).rejects.toMatchObject({ code: 'change_refused' })
    expect(await indexes()).toEqual([])
    expect(await unfinished()).toEqual([])
  })

  test('finds that somebody has used the table all the time', async () => {
    const one = server({ sleep: async () => {} })
    await load(one, plain)
    await db().transaction(async (sql) => {
      await sql.once('lock table app_todo.a in access share mode')
      await expect(load(one, 'app: todo\nnotes:\n  a: { columns: [x, y] }\n')).rejects.toMatchObject({
        options: { errors: [{ message: 'not applied: add y to a: the table is in use all the time' }] },
      })
    })
    expect(await columns('a')).toEqual(['x'])
  }, 20_000)

  test('does not wait for a load that waits for it', async () => {
    const one = server()
    const two = server()
    await load(one, plain)
    // The first one builds its index while the second one waits for the app; and a reader holds it up a little.
    const reading = db().transaction(async (sql) => {
      await sql.once('select * from app_todo.a')
      await vi.waitFor(async () => expect(await indexes()).toHaveLength(1))
    })
    await Promise.all([load(one, sorted()), load(two, sorted()), reading])
    expect(await indexes()).toEqual([{ name: 'app_todo.a_x_sorted', valid: true }])
  })
})

describe('a load that ends in the middle', () => {
  test('while its step runs: the next one clears away, also when it wants nothing of that', async () => {
    const one = server()
    await load(one, plain)
    await db().once(`insert into app_todo.a values ('one')`)
    // A reader keeps the index from becoming valid, until the server that builds it is gone.
    let isCut = () => {}
    const cut = new Promise<void>((resolve) => {
      isCut = resolve
    })
    const reading = db().transaction(
      async (sql) => {
        await sql.once('select * from app_todo.a')
        await cut
      },
      { isolation: 'repeatable read' },
    )
    const gone: LoaderDatabase = {
      query: db().query,
      transaction: db().transaction,
      async session() {
        throw new Error('kill -9')
      },
    }
    let isFirst = true
    const dying = server({ db: { ...gone, session: (work) => (isFirst ? db().session(work) : gone.session(work)) } })
    const lost = load(dying, sorted())
    await vi.waitFor(async () => expect(await indexes()).toMatchObject([{ valid: false }]))
    isFirst = false
    await db().once(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'create unique index conc%'`,
    )
    await expect(lost).rejects.toThrow('kill -9')
    isCut()
    await reading
    expect(await indexes()).toMatchObject([{ valid: false }])
    expect(await unfinished()).toEqual([
      { app: 'todo', undo: 'drop index concurrently if exists "app_todo"."a_x_sorted"' },
    ])

    const next = server()
    await load(next, 'app: todo\nnotes:\n  a: { columns: [x] }\n  b: { columns: [x] }\n')
    expect(await indexes()).toEqual([])
    expect(await unfinished()).toEqual([])
  })

  test('after its steps, before its transaction: the next one does it again', async () => {
    await load(server(), plain)
    const crashed = server({ db: failing('set lock_timeout = 0', new Error('kill -9')) })
    await expect(load(crashed, sorted())).rejects.toThrow()
    await load(server(), sorted())
    expect(await indexes()).toEqual([{ name: 'app_todo.a_x_sorted', valid: true }])
    expect(await unfinished()).toEqual([])
  })

  test('whose connection broke is tried again by itself', async () => {
    let isFirst = true
    const flaky: LoaderDatabase = {
      query: db().query,
      transaction: db().transaction,
      session(work) {
        if (!isFirst) return db().session(work)
        isFirst = false
        return Promise.reject(new Problem('database_unavailable'))
      },
    }
    expect(await load(server({ db: flaky }), plain)).toMatchObject({ version: 1 })
  })

  test('with its process: PostgreSQL sees that nobody listens, and the app is free again', async () => {
    const one = server()
    await load(one, plain)
    // What a killed process leaves: a session with the app's lock, whose statement goes on.
    const left = db()
      .session(async (session) => {
        await session.once(`select pg_advisory_lock(hashtextextended('roadbase app todo', 0))`)
        await session.once('select pg_sleep(60)')
      })
      .catch(() => {})
    const held = `select pid from pg_stat_activity where query like 'select pg_sleep(60)%'`
    await vi.waitFor(async () => expect(await db().once(held)).toHaveLength(1))
    const pause = vi.fn(async (milliseconds: number) => void (await delay(milliseconds)))
    const waiting = load(server({ sleep: pause }), sorted())
    await vi.waitFor(() => expect(pause).toHaveBeenCalled())
    expect(await indexes()).toEqual([])
    await db().once(`select pg_terminate_backend(pid) from (${held}) as h`)
    expect(await waiting).toMatchObject({ version: 2 })
    await left
  })
})

describe('others, while an app is loaded', () => {
  test('get to a table whenever the loader gives up for now', async () => {
    const one = server()
    await load(one, plain)
    let pauses = 0
    let reads = 0
    let isLoaded = false
    const patient = server({
      sleep: async (milliseconds) => {
        pauses++
        await delay(milliseconds)
      },
    })
    const reader = db().transaction(async (sql) => {
      await sql.once('select * from app_todo.a')
      const loading = load(patient, 'app: todo\nnotes:\n  a: { columns: [x, y] }\n').then(() => {
        isLoaded = true
      })
      // Others come through while this reader stays: what they wait for is the loader's attempts, not the end of the reader.
      const readsAt = new Map<number, number>()
      while (pauses < 3) {
        await db().once('select x from app_todo.a')
        readsAt.set(pauses, ++reads)
      }
      expect(readsAt.size).toBeGreaterThan(1)
      return { loading }
    })
    await (await reader).loading
    expect(isLoaded).toBe(true)
    expect(await columns('a')).toEqual(['x', 'y'])
  })

  test('plan without waiting', async () => {
    const one = server()
    await load(one, plain)
    await db().session(async (session) => {
      await session.once(
        `select pg_advisory_lock(hashtextextended('roadbase app todo', 0)); begin; lock table app_todo.a in exclusive mode`,
      )
      expect(await load(one, sorted(), { plan: true })).toMatchObject({ outcome: 'update' })
    })
  })
})
