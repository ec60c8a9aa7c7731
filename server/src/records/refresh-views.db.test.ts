import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { appOf } from '../apps/testing.ts'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { listViews, refreshAppView } from './app-views.ts'
import { listRecords } from './operations/list-records.ts'
import { createViewRefresher } from './refresh-views.ts'
import { appServer } from './testing-apps.ts'

let database: TestDatabase
let server: ReturnType<typeof appServer>
let slug: string

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})
beforeEach(async () => {
  slug = server.newSlug('sales')
  expect(await load(BUSY, EVER)).toEqual([])
})

const ITEMS = `collections:
  items: { schema: { required: [name], properties: { name: { type: string }, divisor: { type: integer, default: 1 } } } }
  sales: { schema: { properties: { item: { $ref: items } } } }
`
const BUSY = `  busy:
    view: select i.id, i.id as item, i.name, 12 / i.divisor as share, count(s.id) as sold from items i left join sales s on s.item = i.id group by i.id
    schema: { properties: { item: { $ref: items } } }
    materialized: { every: 5m }
    index: [[name]]
    rules: { read: true }
`
const EVER = `  ever: { view: 'select id, name from busy', materialized: true }
`

async function load(...views: readonly string[]) {
  return (await server.load(slug, ITEMS + views.join(''))).issues
}

const schema = () => `app_${slug.replaceAll('-', '_')}`
const run = (text: string) => database.db.once(text.replaceAll('$.', `"${schema()}".`))
const names = async () => (await run('select name from $.busy order by name')).map(({ name }) => name)
const app = () => server.loader.registry.get(slug) as NonNullable<ReturnType<typeof server.loader.registry.get>>
const deps = () => ({ db: database.db, section: server.records, report: (event: unknown) => void events.push(event) })
const events: unknown[] = []
const refresher = () => {
  events.length = 0
  return createViewRefresher({ ...deps(), apps: () => [{ slug, models: app().model(server.records) }] })
}
const makeOld = (time: string) =>
  database.db.query(
    `update roadbase.view_refreshes set refreshed_at = now() - $2::interval where app = $1 and view = 'busy'`,
    [slug, time],
  )

describe('a view that keeps its rows', () => {
  test('has those of the load until it is made anew, and shows how old they are', async () => {
    await run(`insert into $.items (name) values ('Cup')`)
    expect(await names()).toEqual([])
    const view = await refreshAppView(deps(), app(), 'busy')
    expect(view).toMatchObject({ name: 'busy', every: '5 minutes', error: null, milliseconds: expect.any(Number) })
    expect(await names()).toEqual(['Cup'])
    const busy = app().part(server.records).get('busy')
    const caller = { userId: null, sessionId: null, request: { id: 'r', method: 'GET', path: '/', ip: '' } }
    const { body } = await listRecords(busy ?? never(), caller, { filter: "item.name == 'Cup'", fields: 'name,sold' })
    expect(JSON.parse(body).items).toEqual([])
    expect(
      (await listViews(deps(), app())).items.map(({ name, every, milliseconds }) => [name, every, milliseconds]),
    ).toEqual([
      ['busy', '5 minutes', view.milliseconds],
      ['ever', null, null],
    ])
  })

  test('is made anew when it is time, once, by whichever server', async () => {
    await run(`insert into $.items (name) values ('Cup')`)
    expect(await refresher().now()).toBe(0)
    await makeOld('4 minutes 50 seconds')
    expect(await refresher().now()).toBe(0)
    await makeOld('6 minutes')
    const rounds = await Promise.all([refresher(), refresher(), refresher()].map((one) => one.now()))
    expect(rounds.reduce((sum, one) => sum + one, 0)).toBe(1)
    expect(events).toEqual([{ type: 'view.refreshed', app: slug, view: 'busy', milliseconds: expect.any(Number) }])
    expect(await names()).toEqual(['Cup'])
  })

  test('stays as it was when that fails, says so, and waits before it is tried again', async () => {
    await run(`insert into $.items (name) values ('Cup')`)
    await refreshAppView(deps(), app(), 'busy')
    await run(`insert into $.items (name, divisor) values ('None', 0)`)
    await makeOld('6 minutes')
    expect(await refresher().now()).toBe(0)
    expect(events).toEqual([{ type: 'view.refresh_failed', app: slug, view: 'busy', error: expect.any(Error) }])
    expect(await refresher().now()).toBe(0)
    expect(events).toEqual([])
    const [busy] = (await listViews(deps(), app())).items
    expect(busy).toMatchObject({ error: 'division by zero', failedAt: expect.any(String) })
    expect(await names()).toEqual(['Cup'])
    await expect(refreshAppView(deps(), app(), 'busy')).rejects.toMatchObject({
      code: 'conflict',
      detail: "The rows of 'busy' stay as they were: division by zero",
    })
    await run('delete from $.items where divisor = 0')
    expect(await refreshAppView(deps(), app(), 'busy')).toMatchObject({ error: null, failedAt: null })
  })

  test('is read while it is made anew', async () => {
    await run(`insert into $.items (name) values ('Cup')`)
    await refreshAppView(deps(), app(), 'busy')
    await database.db.transaction(async (sql) => {
      // As another server does, and is not done.
      await sql.once(`refresh materialized view concurrently "${schema()}".busy`)
      expect(await names()).toEqual(['Cup'])
      await sql.once(`select pg_advisory_xact_lock(hashtextextended('roadbase view ${slug} busy', 0))`)
      await expect(refreshAppView(deps(), app(), 'busy')).rejects.toMatchObject({
        detail: "The rows of 'busy' are being made anew already",
      })
    })
  })

  test('only such views are refreshed', async () => {
    await expect(refreshAppView(deps(), app(), 'items')).rejects.toMatchObject({ code: 'not_found' })
    await expect(refreshAppView(deps(), app(), 'nothing')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('loading', () => {
  const indexes = async () =>
    (
      await run(
        `select indexname as name from pg_indexes where schemaname = '${schema()}' and tablename = 'busy' order by 1`,
      )
    ).map(({ name }) => name)

  test('makes its indexes, also for its references; of what it does not touch it leaves the rows alone', async () => {
    expect(await indexes()).toEqual(['busy__index_item', 'busy__index_name', 'busy__pk'])
    await run(`insert into $.items (name) values ('Cup')`)
    expect(await load(BUSY.replace('read: true', 'read: record.sold > 0').replace('5m', '7m'), EVER)).toEqual([])
    expect(await names()).toEqual([])
    expect(await load(BUSY.replace('    index: [[name]]\n', ''), EVER)).toEqual([])
    expect(await indexes()).toEqual(['busy__index_item', 'busy__pk'])
    expect(await names()).toEqual(['Cup'])
  })

  test('makes a view of it and back', async () => {
    const plain = BUSY.replace('    materialized: { every: 5m }\n    index: [[name]]\n', '')
    expect(await load(plain, EVER)).toEqual([])
    await run(`insert into $.items (name) values ('Cup')`)
    expect(await names()).toEqual(['Cup'])
    expect((await listViews(deps(), app())).items.map(({ name }) => name)).toEqual(['ever'])
    const kept = await database.db.query('select view from roadbase.view_refreshes where app = $1', [slug])
    expect(kept).toEqual([{ view: 'ever' }])
    expect(await load(BUSY, EVER)).toEqual([])
    expect(await names()).toEqual(['Cup'])
  })

  test('is refused where two rows have one id, or a row can not be computed, and changes nothing', async () => {
    await run(`insert into $.items (name, divisor) values ('Cup', 0), ('Cup', 0)`)
    const doubles = `  doubled: { view: 'select name as id from items', materialized: true }\n`
    expect(await load(BUSY, EVER, doubles)).toEqual([
      expect.stringContaining('not applied: create view doubled: records that are there have the same values'),
    ])
    expect(await load(BUSY.replace('12 /', '13 /'), EVER)).toEqual([
      expect.stringContaining('not applied: change view busy: division by zero'),
    ])
    expect(await names()).toEqual([])
  })

  test('goes with its app', async () => {
    await server.loader.acts.drop(slug, { by: 'test' })
    expect(await database.db.query('select from roadbase.view_refreshes where app = $1', [slug])).toEqual([])
  })

  test('says what does not fit', async () => {
    const issuesOf = async (view: string) => {
      const { issues } = await server.loader.load(
        await appOf(slug, { 'app.yaml': `app: ${slug}\n${ITEMS}  wrong: ${view}\n` }),
      )
      return issues.map(({ message }) => message)
    }
    expect(await issuesOf(`{ view: 'select id, name from items', index: [[name]] }`)).toEqual([
      'only a view whose rows are kept can have indexes',
    ])
    expect(await issuesOf('{ materialized: true }')).toEqual([
      "'materialized' is for a view, and its records are stored anyhow",
    ])
    expect(await issuesOf(`{ view: 'select id from items', materialized: { every: 5s } }`)).toEqual([
      "is how long, in minutes, hours or days, such as '30d'",
    ])
  })
})

function never(): never {
  throw new Error('There is no such collection')
}
