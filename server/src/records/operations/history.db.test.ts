import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LiveApp } from '../../apps/section.ts'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { openCollection } from '../open-collection.ts'
import { historyTable } from '../schema/index.ts'
import { appServer } from '../testing-apps.ts'
import { createRecord } from './create-record.ts'
import { deleteRecord } from './delete-record.ts'
import { listHistory } from './list-history.ts'
import { revertRecord } from './revert-record.ts'
import { transitionRecord } from './transition-record.ts'
import { updateRecord } from './update-record.ts'

const NOTES = `
collections:
  notes:
    schema:
      required: [title]
      properties:
        title: { type: string, maxLength: 20 }
        owner: { $ref: users, owner: true, onDelete: setNull }
        tags: { type: array, items: { type: string } }
        place: { type: object }
        secret: { type: string, hidden: true }
        price: { type: string, format: decimal, scale: 2 }
        first: { type: string, immutable: true }
        state: { enum: [open, done], default: open }
    fields: { price: { read: record.owner == auth.id } }
    rules: { read: true, create: true, update: auth.id != null, delete: true }
    history: { read: auth.id != null && record.title != 'private' }
    states: { of: state, transitions: { finish: { from: open, to: done, allow: true } } }
  keys:
    id: { type: string }
    schema: { properties: { n: { type: integer, default: 0 } } }
    rules: { read: true, write: true }
    history: true
  scraps:
    schema:
      required: [name, kind]
      properties:
        name: { type: string }
        kind: { type: string, immutable: true }
        pin: { type: string }
      additionalProperties: true
    fields: { pin: { read: auth.id != null } }
    rules: { read: true, write: true }
    history: { read: true }
  plain: { schema: { properties: { a: { type: string } } }, rules: { read: true, write: true } }
`

interface Entry {
  readonly version: number
  readonly at: string
  readonly by: string | null
  readonly action: string
  readonly record: Readonly<Record<string, unknown>>
}

let database: TestDatabase
let server: ReturnType<typeof appServer>
let app: LiveApp
let slug: string
let ann: Caller
let ben: Caller

const request = { id: 'r', method: 'POST', path: '/', ip: '127.0.0.1' }
const anonymous: Caller = { userId: null, sessionId: null, request }

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  slug = server.newSlug('notes')
  app = (await server.load(slug, NOTES)).app()
  ann = await signedIn('ann@example.org')
  ben = await signedIn('ben@example.org')
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

describe('the history of a record', () => {
  test('has every version, with who and when, the newest first', async () => {
    const id = await note(ann, { title: 'one', tags: ['a'] })
    await updateRecord(notes(), ben, { id, body: { title: 'two', tags: { $append: 'b' } } })
    await transitionRecord(notes(), anonymous, { id, transition: 'finish' })
    await database.db.query(`update ${notes().model.table} set title = 'by hand' where id = $1::uuid`, [id])
    await deleteRecord(notes(), ben, { id })
    const entries = await history(ann, id)
    expect(
      entries.map(({ version, by, action, record }) => [version, by, action, record['title'], record['state']]),
    ).toEqual([
      [4, ben.userId, 'delete', 'by hand', 'done'],
      [4, null, 'update', 'by hand', 'done'],
      [3, null, 'update', 'two', 'done'],
      [2, ben.userId, 'update', 'two', 'open'],
      [1, ann.userId, 'create', 'one', 'open'],
    ])
    expect(entries.map(({ record }) => record['tags'])[3]).toEqual(['a', 'b'])
    expect(entries[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('says who wrote, also of writes that shared a statement', async () => {
    const ids = await Promise.all(
      Array.from({ length: 40 }, (_, index) => note(index % 2 === 0 ? ann : ben, { title: 'x' })),
    )
    await Promise.all(
      ids.map((id, index) => updateRecord(notes(), index % 3 === 0 ? ann : ben, { id, body: { title: 'y' } })),
    )
    await Promise.all(ids.map((id, index) => deleteRecord(notes(), index % 5 === 0 ? ben : ann, { id })))
    for (const [index, id] of ids.entries()) {
      const who = (await history(ann, id)).map(({ by }) => (by === ann.userId ? 'ann' : 'ben'))
      expect(who).toEqual([
        index % 5 === 0 ? 'ben' : 'ann',
        index % 3 === 0 ? 'ann' : 'ben',
        index % 2 === 0 ? 'ann' : 'ben',
      ])
    }
  })

  test('is for those whom its rule lets read it, version by version, and for administrators', async () => {
    const id = await note(ann, { title: 'private', price: '1.00' })
    await expect(history(ann, id)).rejects.toMatchObject({ code: 'not_found' })
    await updateRecord(notes(), ann, { id, body: { title: 'open' } })
    expect((await history(ann, id)).map(({ record }) => [record['title'], record['price']])).toEqual([['open', '1.00']])
    expect((await history(ben, id)).map(({ record }) => Object.hasOwn(record, 'price'))).toEqual([false])
    await expect(history(anonymous, id)).rejects.toMatchObject({ code: 'not_found' })
    expect(await history(anonymous, id, openCollection(notes()))).toHaveLength(2)
  })

  test('never has hidden fields, and is nobody’s without a rule', async () => {
    const id = await note(ann, { title: 'one' })
    await database.db.query(`update ${notes().model.table} set secret = 'hush' where id = $1::uuid`, [id])
    expect(JSON.stringify(await history(ann, id))).not.toContain('secret')
    await createRecord(collection('keys'), ann, { body: { id: 'k' } })
    await expect(history(ann, 'k', collection('keys'))).rejects.toMatchObject({ code: 'not_found' })
    await expect(history(ann, id, collection('plain'))).rejects.toMatchObject({ code: 'not_found' })
    expect(await history(anonymous, 'k', openCollection(collection('keys')))).toHaveLength(1)
  })

  test('comes in pages', async () => {
    const id = await note(ann, { title: '0' })
    for (let step = 1; step <= 6; step++) await updateRecord(notes(), ann, { id, body: { title: String(step) } })
    const titles: unknown[] = []
    let cursor: string | undefined
    do {
      const page = JSON.parse(await listHistory(notes(), ann, { id, limit: '3', cursor }))
      titles.push(...page.items.map(({ record }: Entry) => record['title']))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(titles).toEqual(['6', '5', '4', '3', '2', '1', '0'])
    const { nextCursor } = JSON.parse(await listHistory(notes(), ann, { id, limit: '3' }))
    await expect(listHistory(notes(), ben, { id, cursor: nextCursor })).rejects.toMatchObject({
      code: 'invalid_cursor',
    })
    await expect(listHistory(notes(), ann, { id, limit: '0' })).rejects.toMatchObject({ code: 'invalid_parameter' })
  })

  test('of a write that is refused has nothing', async () => {
    const id = await note(ann, { title: 'one' })
    await expect(updateRecord(notes(), anonymous, { id, body: { title: 'x' } })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(
      database.db.transaction(async (sql) => {
        await sql.query(`update ${notes().model.table} set title = 'x' where id = $1::uuid`, [id])
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await history(ann, id)).toHaveLength(1)
  })

  test('is not for SQL of documents', async () => {
    const [row] = await database.db.query(`select has_table_privilege($1, $2, 'select') as reads`, [
      app.schema,
      historyTable(notes().model),
    ])
    expect(row).toEqual({ reads: false })
  })
})

test('whatever several clients do at once, the history tells all of it, and nothing else', async () => {
  const step = fc.record({
    record: fc.nat(2),
    by: fc.constantFrom('ann', 'ben', 'nobody', 'psql'),
    what: fc.constantFrom('update', 'update', 'finish', 'delete', 'refused'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const ids = await Promise.all([0, 1, 2].map(() => note(ann, { title: 'new' })))
      const callers: Readonly<Record<string, Caller>> = { ann, ben, nobody: anonymous }
      const done = await Promise.all(
        steps.map(async ({ record, by, what }, index) => {
          const id = ids[record] ?? ''
          const caller = callers[by]
          try {
            return { record, by: caller?.userId ?? null, ...(await act(id, caller, what, index)) }
          } catch {
            return undefined
          }
        }),
      )
      for (const [index, id] of ids.entries()) {
        const told = (await history(ann, id)).toReversed()
        const mine = done.filter((one) => one?.record === index)
        const writes = mine.filter((one) => one?.version !== undefined)
        expect(told.filter(({ action }) => action !== 'delete').map(({ version }) => version)).toEqual(
          Array.from({ length: writes.length + 1 }, (_, at) => at + 1),
        )
        for (const write of writes) {
          const entry = told.find(({ version, action }) => version === write?.version && action === 'update')
          expect(entry?.by).toBe(write?.by)
          if (write?.title !== undefined) expect(entry?.record['title']).toBe(write.title)
        }
        const deleted = mine.filter((one) => one !== undefined && one.version === undefined)
        expect(told.filter(({ action }) => action === 'delete').map(({ by }) => by)).toEqual(
          deleted.map((one) => one?.by),
        )
      }
    }),
    { numRuns: 25 },
  )
})

/** The version and the title that it made; neither for a delete. Throws where nothing was written. */
async function act(
  id: string,
  caller: Caller | undefined,
  what: string,
  index: number,
): Promise<{ readonly version?: number; readonly title?: string }> {
  const title = `t${index}`
  const body = what === 'refused' ? { title, nonsense: 1 } : { title }
  const { table } = notes().model
  if (caller === undefined) {
    const text =
      what === 'delete'
        ? `delete from ${table} where id = $1::uuid returning null as version`
        : `update ${table} set title = '${title}' where id = $1::uuid returning version::int`
    const [row] = await database.db.query<{ version: number | null }>(text, [id])
    if (row === undefined) throw new Error('There is no such row')
    return row.version === null ? {} : { version: row.version, title }
  }
  if (what === 'delete') {
    await deleteRecord(notes(), caller, { id })
    return {}
  }
  const written =
    what === 'finish'
      ? await transitionRecord(notes(), caller, { id, transition: 'finish' })
      : await updateRecord(notes(), caller, { id, body })
  const { version } = JSON.parse(written.body) as { readonly version: number }
  return what === 'finish' ? { version } : { version, title }
}

describe('a revert', () => {
  test('gives the record the values of a version, as a new one', async () => {
    const id = await note(ann, { title: 'one', tags: ['a'], place: { city: 'Rome', zip: '1' }, first: 'f' })
    await updateRecord(notes(), ann, {
      id,
      body: { title: 'two', tags: null, place: { city: 'Oslo', zip: null, more: 1 } },
    })
    await transitionRecord(notes(), ann, { id, transition: 'finish' })
    const { body, status } = await revertRecord(notes(), ben, { id, body: { version: 1 } })
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({
      ...{ title: 'one', tags: ['a'], place: { city: 'Rome', zip: '1' }, first: 'f', version: 4, owner: ann.userId },
      // Only transitions change it.
      state: 'done',
    })
    expect((await history(ann, id))[0]).toMatchObject({ version: 4, by: ben.userId, action: 'update' })
  })

  test('leaves alone what its caller may not read', async () => {
    const id = await note(ann, { title: 'one', price: '1.00' })
    await updateRecord(notes(), ann, { id, body: { title: 'two', price: '2.00' } })
    await revertRecord(notes(), ben, { id, body: { version: 1 } })
    expect((await history(ann, id))[0]?.record).toMatchObject({ title: 'one', price: '2.00' })
  })

  test('gives back keys that the document does not name, and leaves what is set once, required or not', async () => {
    const scraps = collection('scraps')
    const body = { name: 'one', kind: 'k', pin: '1', old: [1], both: 1 }
    const { id } = await createRecord(scraps, ann, { body })
    await updateRecord(scraps, ann, { id, body: { name: 'two', old: null, both: 2, fresh: 3 } })
    const revert = async (version: number, by = ann) =>
      JSON.parse((await revertRecord(scraps, by, { id, body: { version } })).body)
    const { version: _version, ...first } = await revert(1)
    expect(first).toMatchObject(body)
    expect(first).not.toHaveProperty('fresh')
    expect(await revert(2, anonymous)).toMatchObject({ name: 'two', kind: 'k', both: 2, fresh: 3 })
    await updateRecord(scraps, ann, { id, body: { both: null, fresh: null } })
    expect(await revert(2)).toMatchObject({ version: 6, both: 2 })
    const bare = await revert(5)
    expect(['both', 'fresh', 'old'].filter((key) => key in bare)).toEqual([])
  })

  test('asks for what a replace asks for', async () => {
    const id = await note(ann, { title: 'one' })
    const revert = (body: unknown, by = ann, ifMatch?: string) => revertRecord(notes(), by, { id, body, ifMatch })
    await expect(revert({ version: 1 }, anonymous)).rejects.toMatchObject({ code: 'not_found' })
    await expect(revert({ version: 9 })).rejects.toMatchObject({ code: 'not_found' })
    await expect(revert({ version: 1 }, ann, '"9"')).rejects.toMatchObject({ code: 'version_mismatch' })
    await expect(revert({ version: '1' })).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(revert({})).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(revert({ version: 1, title: 'x' })).rejects.toMatchObject({ code: 'unknown_field' })
    await deleteRecord(notes(), ann, { id })
    await expect(revert({ version: 1 })).rejects.toMatchObject({ code: 'not_found' })
  })
})

function collection(name: string): Collection {
  const found = app.part(server.records).get(name)
  if (found === undefined) throw new Error(`There is no ${name}`)
  return found
}

function notes(): Collection {
  return collection('notes')
}

async function note(caller: Caller, body: Readonly<Record<string, unknown>>): Promise<string> {
  return (await createRecord(notes(), caller, { body })).id
}

async function history(caller: Caller, id: string, of = notes()): Promise<Entry[]> {
  return (JSON.parse(await listHistory(of, caller, { id })) as { items: Entry[] }).items
}

async function signedIn(email: string): Promise<Caller> {
  const users = collection('users').model.table
  const [user] = await database.db.query(`insert into ${users} (email) values ($1) returning id::text`, [email])
  const userId = String(user?.['id'])
  const [session] = await database.db.query(
    `insert into roadbase.sessions (id, app, user_id, expires_at) values (gen_random_uuid(), $1, $2::uuid, now() + interval '1 day') returning id::text`,
    [slug, userId],
  )
  return { userId, sessionId: String(session?.['id']), request }
}
