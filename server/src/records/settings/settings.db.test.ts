import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import { createRecord } from '../operations/create-record.ts'
import { listRecords } from '../operations/list-records.ts'
import { appServer } from '../testing-apps.ts'
import { listSettings } from './list-settings.ts'
import { setSettings } from './set-settings.ts'

const SHOP = `
settings:
  limit: { type: integer, minimum: 1, default: 5, description: How much is a lot }
  fee: { type: string, format: decimal, scale: 2, default: '0.50' }
  home: { type: string, format: uri, required: true }
  hosts: { type: array, items: { type: string } }
  token: { type: string, minLength: 8, secret: true }
collections:
  orders:
    schema:
      properties:
        amount: { type: integer }
        note: { type: string, default: =settings.home }
        fee: { type: string, format: decimal, scale: 2, default: =settings.fee }
    rules: { read: record.amount <= settings.limit, create: "settings.hosts == null || data.note in settings.hosts" }
`

const ANYBODY: Caller = { userId: null, sessionId: null, request: { id: 'r', method: 'GET', path: '/', ip: '' } }

let database: TestDatabase
let server: ReturnType<typeof appServer>
let slug: string

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  await server.close()
  await database.drop()
})
beforeEach(async () => {
  slug = server.newSlug('shop')
  await server.load(slug, SHOP)
})

function live() {
  const app = server.loader.registry.get(slug)
  if (app === undefined) throw new Error('The app is not served')
  return app
}

function orders() {
  const collection = live().part(server.records).get('orders')
  if (collection === undefined) throw new Error('There are no orders')
  return collection
}

const set = (changes: unknown) => setSettings(server.settingsDeps, live(), changes, 'ada')
const create = async (body: object) =>
  JSON.parse((await createRecord(orders(), ANYBODY, { body })).body) as Record<string, unknown>
const list = async () => {
  const { body } = await listRecords(orders(), ANYBODY, {})
  return (JSON.parse(body) as { items: { amount: number }[] }).items.map(({ amount }) => amount)
}

async function refusal(attempt: Promise<unknown>) {
  const error = await attempt.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (!(error instanceof Problem)) throw error ?? new Error('It was not refused')
  return [error.code, error.options.errors?.map(({ pointer, code, message }) => `${pointer} ${code}: ${message}`)]
}

async function valuesOf(): Promise<unknown> {
  const { items } = await listSettings(server.settingsDeps, live())
  return Object.fromEntries(items.map(({ name, isSet, value }) => [name, isSet ? [value] : value]))
}

describe('a setting', () => {
  test('is its default until it is set, and again when it is null', async () => {
    expect(await valuesOf()).toEqual({ limit: 5, fee: '0.50', home: null, hosts: null, token: null })
    await set({ limit: 7, home: 'https://a.example/', hosts: ['x'] })
    expect(await valuesOf()).toEqual({
      limit: [7],
      fee: '0.50',
      home: ['https://a.example/'],
      hosts: [['x']],
      token: null,
    })
    await set({ limit: null, hosts: null })
    expect(await valuesOf()).toEqual({ limit: 5, fee: '0.50', home: ['https://a.example/'], hosts: null, token: null })
  })

  test('is listed with its schema, its default, and who set it', async () => {
    const { items } = await set({ limit: 7 })
    expect(items[0]).toEqual({
      name: 'limit',
      schema: { type: 'integer', minimum: 1, description: 'How much is a lot' },
      required: false,
      secret: false,
      isSet: true,
      value: 7,
      default: 5,
      updatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedBy: 'ada',
    })
  })

  test('holds at once in rules, defaults and conditions, with no new version', async () => {
    for (const amount of [1, 6, 9]) await create({ amount })
    expect(await list()).toEqual([1])
    await set({ limit: 8, home: "https://it's.example/", fee: '1.5' })
    expect((await list()).sort()).toEqual([1, 6])
    expect(await create({ amount: 2 })).toMatchObject({ note: "https://it's.example/", fee: '1.50' })
    await set({ hosts: ['a', 'b'] })
    expect(await create({ amount: 3, note: 'b' })).toMatchObject({ note: 'b' })
    expect(await refusal(create({ amount: 3, note: 'c' }))).toEqual(['forbidden', undefined])
    expect(live().version).toBe(1)
  })

  test('holds for requests that had begun before as it was', async () => {
    await create({ amount: 6 })
    const before = orders()
    await set({ limit: 9 })
    const { body } = await listRecords(before, ANYBODY, {})
    expect([body, await list()]).toEqual(['{"items":[],"nextCursor":null}', [6]])
  })

  test('is read again by a server that starts, or loads the app', async () => {
    await set({ limit: 9 })
    const second = appServer(database.db)
    await second.load(slug, SHOP)
    const app = second.loader.registry.get(slug)
    expect(app?.part(second.settingsDeps.section).values).toMatchObject({ limit: 9, fee: '0.50' })
    await second.close()
  })

  test('that is required and not set is told, and reads as null', async () => {
    expect(server.events.filter((event) => 'app' in event && event.app === slug)).toEqual([
      { type: 'settings.missing', app: slug, settings: ['home'] },
    ])
    expect(await create({ amount: 1 })).toMatchObject({ note: null })
    const { section } = server.settingsDeps
    expect(section.warn?.(live().part(section), slug)).toEqual([
      `the setting 'home' is required, and not set: roadbase apps set ${slug} home=…`,
    ])
    await set({ home: 'https://a.example/' })
    expect(section.warn?.(live().part(section), slug)).toEqual([])
  })

  test('stays when its document does without it for a while', async () => {
    await set({ limit: 9 })
    await server.load(slug, SHOP.replace(/ {2}limit:.*\n/, '').replace('settings.limit', '3'))
    expect(await refusal(set({ limit: 1 }))).toEqual([
      'unknown_field',
      ['/limit unknown_field: is not a setting of this app.'],
    ])
    await server.load(slug, SHOP)
    expect(await valuesOf()).toMatchObject({ limit: [9] })
  })

  test('goes with its app', async () => {
    await set({ limit: 9 })
    await database.db.query(`delete from roadbase.apps where slug = $1`, [slug])
    expect(await database.db.query(`select from roadbase.app_settings where app = $1`, [slug])).toEqual([])
  })
})

describe('what does not fit is refused, and nothing is set', () => {
  test.each<[string, unknown, unknown]>([
    [
      'an unknown name',
      { limitt: 5 },
      ['unknown_field', ['/limitt unknown_field: is not a setting of this app. Did you mean "limit"?']],
    ],
    ['another type', { limit: 'much' }, ['validation_failed', ['/limit type: must be a whole number']]],
    ['out of bounds', { limit: 0 }, ['validation_failed', ['/limit too_small: must be at least 1']]],
    ['another format', { home: 'nowhere' }, ['validation_failed', [expect.stringContaining('/home format')]]],
    ['inside a list', { hosts: ['a', 5] }, ['validation_failed', ['/hosts/1 type: must be a text']]],
    [
      'several',
      { limit: 0, token: 'short' },
      ['validation_failed', [expect.stringContaining('/limit'), '/token too_short: must have at least 8 characters']],
    ],
    [
      'too long',
      { hosts: ['x'.repeat(5000)] },
      ['validation_failed', ['/hosts too_long: must have at most 4096 characters as JSON']],
    ],
    ['no object', [], ['malformed_request', undefined]],
  ])('%s', async (_, changes, expected) => {
    const body = Array.isArray(changes) ? changes : { fee: '9.00', ...(changes as object) }
    expect(await refusal(set(body))).toEqual(expected)
    expect(await valuesOf()).toMatchObject({ fee: '0.50' })
  })

  test('a value, while another server has loaded another version', async () => {
    const app = live()
    await database.db.query(`update roadbase.apps set version = 2 where slug = $1`, [slug])
    expect(await refusal(setSettings(server.settingsDeps, app, { limit: 7 }, 'ada'))).toEqual([
      'unavailable',
      undefined,
    ])
  })
})

describe('a secret', () => {
  const SECRET = 'correct horse battery'

  test('is stored sealed, and never told', async () => {
    const answer = await set({ token: SECRET })
    expect(answer.items.find(({ name }) => name === 'token')).toMatchObject({ isSet: true, value: null, secret: true })
    const rows = await database.db.query<{ value: string | null; sealed: string }>(
      `select value::text, encode(sealed, 'escape') as sealed from roadbase.app_settings where app = $1 and name = 'token'`,
      [slug],
    )
    expect(rows).toEqual([{ value: null, sealed: expect.not.stringContaining(SECRET) }])
    expect(live().part(server.settingsDeps.section).values).not.toHaveProperty('token')
    expect(live().part(server.settingsDeps.section).secret('token')).toBe(SECRET)
    expect(JSON.stringify(server.events)).not.toContain(SECRET)
  })

  test('is sealed when it was set before it became one', async () => {
    await server.load(slug, SHOP.replace(', secret: true', ''))
    await set({ token: SECRET })
    expect((await server.load(slug, SHOP)).status).toMatchObject({ state: 'live', version: 3 })
    const rows = await database.db.query<{ value: string | null; by: string }>(
      `select value::text, updated_by as by from roadbase.app_settings where app = $1`,
      [slug],
    )
    expect(rows).toEqual([{ value: null, by: 'ada' }])
    expect(live().part(server.settingsDeps.section).secret('token')).toBe(SECRET)
    await server.loader.refresh(slug)
    expect(live().part(server.settingsDeps.section).secret('token')).toBe(SECRET)
  })

  test('that can not be opened counts as not set, and the app is served', async () => {
    await set({ token: SECRET })
    await database.db.query(`update roadbase.app_settings set sealed = 'x' where app = $1 and name = 'token'`, [slug])
    await server.loader.refresh(slug)
    expect(live().part(server.settingsDeps.section).secret('token')).toBeNull()
    const { items } = await listSettings(server.settingsDeps, live())
    expect(items.find(({ name }) => name === 'token')?.problem).toMatch(/another master key/)
    expect(server.events).toContainEqual({
      type: 'settings.ignored',
      app: slug,
      setting: 'token',
      why: expect.stringContaining('master key'),
    })
  })
})

describe('a document is not applied when it does not fit what is set', () => {
  test.each<[string, object, [string, string], RegExp]>([
    [
      'another type',
      { limit: 7 },
      ['type: integer, minimum: 1, default: 5', 'type: string'],
      /does not fit any more: it must be a text/,
    ],
    [
      'other bounds',
      { limit: 7 },
      ['minimum: 1, default: 5', 'maximum: 6, default: 5'],
      /does not fit any more: it must be at most 6/,
    ],
    [
      'a secret that would be shown',
      { token: 'long enough' },
      ['minLength: 8, secret: true', 'minLength: 8'],
      /was set as a secret/,
    ],
  ])('%s', async (_, values, [from, to], why) => {
    await set(values)
    const changed = SHOP.replace(from, to).replace('record.amount <= settings.limit', 'true')
    const { status, issues } = await server.load(slug, changed)
    expect(status).toMatchObject({ state: 'outdated', version: 1 })
    const [name] = Object.keys(values)
    expect(issues).toEqual([expect.stringMatching(why)])
    expect(issues[0]).toContain(`roadbase apps set ${slug} ${name}=null`)
    await set({ [name ?? '']: null })
    expect((await server.load(slug, changed)).status).toMatchObject({ state: 'live', version: 2 })
  })
})
