import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LiveApp } from '../apps/section.ts'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { runBatch } from './batch/run-batch.ts'
import type { Caller } from './caller.ts'
import { openCollection } from './open-collection.ts'
import { deleteMatching, updateMatching } from './operations/change-matching.ts'
import { createRecord } from './operations/create-record.ts'
import { deleteRecord } from './operations/delete-record.ts'
import { listHistory } from './operations/list-history.ts'
import { restoreRecord } from './operations/restore-record.ts'
import { revertRecord } from './operations/revert-record.ts'
import { updateRecord } from './operations/update-record.ts'
import { upsertRecord } from './operations/upsert-record.ts'
import { clearApp } from './seed/clear-app.ts'
import { createRecordSweeper } from './sweep-records.ts'
import { appServer } from './testing-apps.ts'
import { createGate } from './transfer/gate.ts'
import { importRecords } from './transfer/import-records.ts'
import { anonymous, collectionOf, signedIn } from './transfer/testing.ts'

const OFFICE = `
collections:
  folders:
    softDelete: { trash: true, restore: true }
    history: { read: true }
    schema: { properties: { name: { type: string } } }
    rules: { read: true, write: true }
  papers:
    softDelete: { trash: true, restore: true }
    history: { read: true }
    schema:
      additionalProperties: true
      required: [code]
      properties: { code: { type: string }, folder: { $ref: folders, onDelete: cascade } }
    unique: [[code]]
    rules: { read: true, write: true }
  teams:
    history: { read: true }
    schema:
      properties: { name: { type: string }, folders: { type: array, items: { $ref: folders, inverse: teams } } }
    rules: { read: true, write: true }
  sheets:
    id: { type: string }
    history: { read: true, keep: 30d }
    schema: { properties: { text: { type: string } } }
    rules: { read: true, write: true }
  plans:
    history: { read: 'record.tenant == auth.id' }
    schema:
      properties:
        tenant: { $ref: users }
        shared: { type: boolean, default: false }
        text: { type: string }
        fee: { type: integer }
        secret: { type: string, hidden: true }
    fields: { fee: { read: record.shared } }
    rules: { read: 'record.tenant == auth.id', write: 'record.tenant == auth.id' }
`

type Rec = Readonly<Record<string, unknown>>
interface Entry {
  readonly version: number
  readonly by: string | null
  readonly action: string
  readonly record: Rec
}

let database: TestDatabase
let server: ReturnType<typeof appServer>
let app: LiveApp
let ann: Caller
let ben: Caller
const administrator: Caller = { ...anonymous, administrator: { kind: 'admin', id: null, name: 'root' } }

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  app = (await server.load(server.newSlug('office'), OFFICE)).app()
  ann = await signedIn(server, app, 'ann@example.org')
  ben = await signedIn(server, app, 'ben@example.org')
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

const of = (name: string) => collectionOf(server, app, name)
const run = (text: string) => database.db.once<Rec>(text.replaceAll('$.', `"${app.schema}".`))
const create = async (name: string, body: Rec, caller = ann) => (await createRecord(of(name), caller, { body })).id

async function history(name: string, id: string, caller = ann, collection = of(name)): Promise<readonly Entry[]> {
  return JSON.parse(await listHistory(collection, caller, { id, limit: '500' })).items
}

/** The oldest first: what was done, by whom. */
async function told(name: string, id: string): Promise<readonly string[]> {
  const names = new Map([
    [ann.userId, 'ann'],
    [ben.userId, 'ben'],
  ])
  return (await history(name, id)).toReversed().map(({ version, action, by }) => {
    return `${version} ${action} ${by === null ? 'nobody' : names.get(by)}`
  })
}

describe('whichever way a record is written', () => {
  test('upserts, writes of many and batches say who', async () => {
    const { body } = await upsertRecord(of('papers'), ann, { by: 'code', body: { code: 'u', colour: 'red' } })
    const { id } = JSON.parse(body) as { readonly id: string }
    await upsertRecord(of('papers'), ben, { by: 'code', body: { code: 'u', colour: 'blue' } })
    await updateMatching(of('papers'), ann, { filter: `code == 'u'`, limit: '10', body: { folder: null } })
    const operations = [{ update: 'papers', id, data: { size: 5 } }]
    const collections = { get: of, names: ['papers'] }
    await runBatch(of('papers').app, collections, ben, { body: { operations }, isAborted: () => false })
    await deleteMatching(of('papers'), ann, { filter: `code == 'u'`, limit: '10' })
    expect(await told('papers', id)).toEqual([
      '1 create ann',
      '2 update ben',
      '3 update ann',
      '4 update ben',
      '4 delete ann',
    ])
    // Free keys are the record's as its fields are.
    expect((await history('papers', id)).map(({ record }) => [record['colour'], record['size']])).toEqual([
      ['blue', 5],
      ['blue', 5],
      ['blue', undefined],
      ['blue', undefined],
      ['red', undefined],
    ])
  })

  test('imports do, and what administrators bring back is told as such', async () => {
    const collection = of('papers')
    const imported = (values: readonly unknown[], caller: Caller, into = collection) =>
      importRecords(
        createGate({ most: 1, each: 1 }),
        into,
        caller,
        {},
        undefined,
      )(
        Readable.from([values.map((value, index) => ({ line: index + 1, size: 10, value }))]),
        () => {},
        new AbortController().signal,
      )
    expect(await imported([{ code: 'i1' }, { code: 'i2' }], ann)).toMatchObject({ created: 2, failed: 0 })
    const rows = await run(`select id::text from $.papers where code like 'i_' order by code`)
    for (const { id } of rows) expect(await told('papers', String(id))).toEqual(['1 create ann'])
    const old = { createdAt: '2020-01-01T00:00:00.000Z', updatedAt: '2021-01-01T00:00:00.000Z', version: 7 }
    await imported([{ code: 'i3', ...old }], administrator, openCollection(collection))
    const [row] = await run(`select id::text from $.papers where code = 'i3'`)
    expect(await told('papers', String(row?.['id']))).toEqual(['7 restore nobody'])
  })

  test('what goes to the trash and comes back keeps its history, also what went along', async () => {
    const folder = await create('folders', { name: 'f' })
    const paper = await create('papers', { code: 'p', folder })
    await deleteRecord(of('folders'), ben, { id: folder })
    await restoreRecord(of('folders'), ann, { id: folder })
    expect(await told('folders', folder)).toEqual(['1 create ann', '1 delete ben', '2 restore ann'])
    expect(await told('papers', paper)).toEqual(['1 create ann', '1 delete ben', '2 restore ann'])
    await updateRecord(of('papers'), ben, { id: paper, body: { code: 'q' } })
    await revertRecord(of('papers'), ann, { id: paper, body: { version: 2 } })
    expect((await history('papers', paper))[0]?.record).toMatchObject({ code: 'p', folder })
  })

  test('lists of references are in each version, and their entries make versions', async () => {
    const [one, two] = [await create('folders', {}), await create('folders', {})]
    const team = await create('teams', { name: 't', folders: [one] })
    await updateRecord(of('teams'), ben, { id: team, body: { folders: { $append: two } } })
    await run(`delete from $.teams__list_folders where owner = '${team}' and target = '${one}'`)
    expect(await told('teams', team)).toEqual(['1 create ann', '2 update ben', '3 update nobody'])
    expect((await history('teams', team)).map(({ record }) => record['folders'])).toEqual([[two], [one, two], [one]])
    await revertRecord(of('teams'), ann, { id: team, body: { version: 2 } })
    expect(
      await run(`select target::text from $.teams__list_folders where owner = '${team}' order by position`),
    ).toEqual([{ target: one }, { target: two }])
  })

  test('a write that its triggers complete is told in its order', async () => {
    const folder = await create('folders', {})
    const team = await create('teams', { folders: [] })
    await run(`update $.teams set folders = '["${folder.toUpperCase()}"]' where id = '${team}'`)
    const entries = (await history('teams', team)).map(({ version, record }) => [version, record['folders']])
    expect(entries[0]).toEqual([3, [folder]])
    expect(entries.map(([version]) => version)).toEqual([3, 2, 1])
  })

  test('many writers of one record leave each version once, in order', async () => {
    const id = await create('folders', { name: '0' })
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 4 === 0
          ? run(`update $.folders set name = '${index}' where id = '${id}'`)
          : updateRecord(of('folders'), index % 2 === 0 ? ann : ben, { id, body: { name: String(index) } }),
      ),
    )
    const versions = (await history('folders', id)).map(({ version }) => version)
    expect(versions).toEqual(Array.from({ length: 41 }, (_, index) => 41 - index))
  })
})

describe('a record that was there before its history', () => {
  const shelves = (history: string) => `
collections:
  shelves:
    schema: { properties: { name: { type: string } } }
    rules: { read: true, write: true }
${history}`

  test('shows what it is, keeps what the first write finds, and goes back to it', async () => {
    const slug = server.newSlug('shelves')
    const plain = (await server.load(slug, shelves(''))).app()
    const { id } = await createRecord(collectionOf(server, plain, 'shelves'), anonymous, { body: { name: 'old' } })
    const kept = (await server.load(slug, shelves('    history: { read: true }'))).app()
    const collection = collectionOf(server, kept, 'shelves')
    const read = async (limit = '50', cursor?: string) =>
      JSON.parse(await listHistory(collection, anonymous, { id, limit, cursor }))
    expect((await read()).items).toMatchObject([{ version: 1, action: 'create', by: null, record: { name: 'old' } }])
    await revertRecord(collection, anonymous, { id, body: { version: 1 } })
    await updateRecord(collection, anonymous, { id, body: { name: 'new' } })
    const first = await read('1')
    expect(first.items).toMatchObject([{ version: 3, record: { name: 'new' } }])
    expect((await read('5', first.nextCursor)).items).toMatchObject([{ version: 2 }, { version: 1, action: 'create' }])
    await revertRecord(collection, anonymous, { id, body: { version: 1 } })
    expect((await read()).items[0]).toMatchObject({ version: 4, record: { name: 'old' } })
  })
})

describe('who sees what', () => {
  const plan = (body: Rec, caller = ann) => create('plans', { tenant: caller.userId, ...body }, caller)
  const missing = { code: 'not_found' }

  test('nobody has a way to versions of another tenant', async () => {
    const id = await plan({ text: 'ours' })
    await expect(history('plans', id, ben)).rejects.toMatchObject(missing)
    await expect(history('plans', id, anonymous)).rejects.toMatchObject(missing)
    await expect(revertRecord(of('plans'), ben, { id, body: { version: 1 } })).rejects.toMatchObject(missing)
    // It went to another: versions from before stay where they were, and are gone for whom the record is gone.
    await run(`update $.plans set tenant = '${ben.userId}', text = 'theirs' where id = '${id}'`)
    expect((await history('plans', id, ben)).map(({ record }) => record['text'])).toEqual(['theirs'])
    await expect(history('plans', id, ann)).rejects.toMatchObject(missing)
    await expect(revertRecord(of('plans'), ben, { id, body: { version: 1 } })).rejects.toMatchObject(missing)
  })

  test('a field is seen where it may be read now, and might have been then', async () => {
    const id = await plan({ fee: 1, shared: true })
    await updateRecord(of('plans'), ann, { id, body: { fee: 2, shared: false } })
    const fees = async () => (await history('plans', id)).map(({ record }) => record['fee'])
    expect(await fees()).toEqual([undefined, undefined])
    await updateRecord(of('plans'), ann, { id, body: { shared: true } })
    expect(await fees()).toEqual([2, undefined, 1])
    const open = await history('plans', id, administrator, openCollection(of('plans')))
    expect(open.map(({ record }) => record['fee'])).toEqual([2, 2, 1])
  })

  test('of a record that is gone, those who saw it when it went', async () => {
    const id = await plan({ text: 'x' })
    await deleteRecord(of('plans'), ann, { id })
    expect((await history('plans', id)).map(({ action }) => action)).toEqual(['delete', 'create'])
    await expect(history('plans', id, ben)).rejects.toMatchObject(missing)
    await expect(revertRecord(of('plans'), ann, { id, body: { version: 1 } })).rejects.toMatchObject(missing)
  })

  test.each(['9', '0', '-1', '1.5', '"1"', '9007199254740993', 'null'])('version %s is none', async (version) => {
    const id = await plan({ text: 'x' })
    const attempt = revertRecord(of('plans'), ann, { id, body: JSON.parse(`{"version": ${version}}`) })
    await expect(attempt).rejects.toMatchObject({
      code: expect.stringMatching(/^(not_found|validation_failed)$/),
    })
  })

  test('hidden fields are in no version, and a revert leaves them alone', async () => {
    const id = await plan({ text: 'a' })
    await run(`update $.plans set secret = 'hush' where id = '${id}'`)
    await updateRecord(of('plans'), ann, { id, body: { text: 'b' } })
    await revertRecord(of('plans'), ann, { id, body: { version: 1 } })
    expect(JSON.stringify(await history('plans', id))).not.toMatch(/secret|hush/)
    expect(await run(`select text, secret from $.plans where id = '${id}'`)).toEqual([{ text: 'a', secret: 'hush' }])
  })

  test.each([
    `select * from $.plans__history`,
    `update $.plans__history set text = 'forged'`,
    `delete from $.plans__history`,
    `truncate $.plans__history`,
    `insert into $.plans__history (id, history__at, history__action) values (gen_random_uuid(), now(), 'create')`,
    `alter table $.plans disable trigger user`,
    `drop trigger history_update on $.plans`,
    `select roadbase.sweep_history('$.plans__history'::regclass, interval '0', 100)`,
    `select set_config('session_replication_role', 'replica', true)`,
  ])('SQL of the app has no way to the versions: %s', async (text) => {
    await expect(run(`set local role "${app.schema}"; ${text}`)).rejects.toMatchObject({ sqlState: '42501' })
  })

  test('SQL of the app writes versions as everybody does', async () => {
    const id = await plan({ text: 'a' })
    await run(`set local role "${app.schema}"; update $.plans set text = 'b' where id = '${id}'`)
    expect(await told('plans', id)).toEqual(['1 create ann', '2 update nobody'])
  })
})

describe('what is kept for a time', () => {
  const sweeper = () =>
    createRecordSweeper({
      db: database.db,
      apps: () => [app.model(server.records)],
      report: (event) => {
        throw new Error(JSON.stringify(event))
      },
    })
  const age = (id: string, version: number, days: number) =>
    run(
      `update $.sheets__history set history__at = now() - interval '${days} days' where id = '${id}' and text = '${version}'`,
    )
  const kept = async (id: string) =>
    (
      await run(`select text, history__action as action from $.sheets__history where id = '${id}' order by history__id`)
    ).map(({ text, action }) => `${action} ${text}`)

  test('goes once another has been in its place for that long; the last one stays', async () => {
    await create('sheets', { id: 'a', text: '1' })
    await create('sheets', { id: 'b', text: '1' })
    for (const text of ['2', '3', '4']) await updateRecord(of('sheets'), ann, { id: 'a', body: { text } })
    await create('sheets', { id: 'c', text: '1' })
    await deleteRecord(of('sheets'), ann, { id: 'c' })
    const rounds = sweeper()
    await rounds.now()
    expect(await kept('a')).toEqual(['create 1', 'update 2', 'update 3', 'update 4'])
    // The third took the second's place 31 days ago, the fourth the third's 29 days ago.
    await age('a', 1, 200)
    await age('b', 1, 200)
    await age('a', 2, 100)
    await age('a', 3, 31)
    await age('a', 4, 29)
    await rounds.now()
    expect(await kept('a')).toEqual(['update 3', 'update 4'])
    expect(await kept('b')).toEqual(['create 1'])
    expect(await kept('c')).toEqual(['create 1', 'delete 1'])
    await age('a', 4, 31)
    await age('c', 1, 31)
    await rounds.now()
    expect(await kept('a')).toEqual(['update 4'])
    expect(await kept('c')).toEqual([])
    // What was a record's last version is what the next one replaces.
    await updateRecord(of('sheets'), ann, { id: 'b', body: { text: '2' } })
    expect(await kept('b')).toEqual(['create 1', 'update 2'])
    expect(await rounds.now()).toBe(0)
  })

  test('goes in steps that are bounded, and is looked at once', async () => {
    await run(`insert into $.sheets (id, text) select 'many' || n, '1' from generate_series(1, 1200) n`)
    await run(`update $.sheets set text = '2' where id like 'many%'`)
    await run(`update $.sheets__history set history__at = now() - interval '31 days'`)
    const [step] = await run(
      `select roadbase.sweep_history('$.sheets__history'::regclass, interval '30 days', 500)::int as seen`,
    )
    expect(step).toEqual({ seen: 500 })
    expect(await sweeper().now()).toBeGreaterThanOrEqual(1900)
    const [left] = await run(`select count(*)::int from $.sheets__history where id like 'many%'`)
    expect(left).toEqual({ count: 1200 })
    expect(await sweeper().now()).toBe(0)
  })

  test('goes on where versions were deleted by hand', async () => {
    await run(`insert into $.sheets (id, text) select 'hand' || n, '1' from generate_series(1, 2000) n`)
    await run(`delete from $.sheets__history where id like 'hand%'`)
    await create('sheets', { id: 'after', text: '1' })
    await updateRecord(of('sheets'), ann, { id: 'after', body: { text: '2' } })
    await run(`update $.sheets__history set history__at = now() - interval '31 days'`)
    await sweeper().now()
    expect(await kept('after')).toEqual(['update 2'])
  })
})

test('an app that is cleared has no versions either', async () => {
  const id = await create('folders', { name: 'x' })
  await database.db.transaction((sql) => clearApp(sql, app, app.model(server.records)))
  await expect(history('folders', id, anonymous)).rejects.toMatchObject({ code: 'not_found' })
  expect(await run('select 1 from $.folders__history union all select 1 from $.papers__history')).toEqual([])
})
