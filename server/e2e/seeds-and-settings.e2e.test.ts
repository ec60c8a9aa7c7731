import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Caller, callerAt, signUp } from './client.ts'

/** Settings and seeds of apps over the wire, on a whole server. */
let folder: string
let server: TestServer
let admin: Caller

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadbase-seeds-'))
  await cp(join(import.meta.dirname, 'apps/cinema'), join(folder, 'cinema'), { recursive: true })
  await cp(resolve(import.meta.dirname, '../../config/apps/simple-todo'), join(folder, 'simple-todo'), {
    recursive: true,
  })
  server = await startServer({ apps: folder, flags: ['--dev'], env: { ROADBASE_LOG_LEVEL: 'trace' } })
  admin = adminWith(await readFile(join(server.data, 'secrets/admin.key'), 'utf8'))
})
afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** `path` is below `/admin/api`. */
function adminWith(token: string): Caller {
  return callerAt(server.url, '../admin/api', 'administrator', token.trim())
}

const inCinema = (token?: string) => callerAt(server.url, 'cinema', 'somebody', token)

async function seed(body: object = { set: 'evening', fresh: 'cinema' }, app = 'cinema') {
  const { status, json, text } = await admin.send('POST', `/apps/${app}/seed`, body)
  if (status !== 200) throw new Error(text)
  return json
}

async function logIn(email: string, password: string): Promise<Caller> {
  const { status, json, text } = await inCinema().send('POST', '/auth/login', { email, password })
  if (status !== 200) throw new Error(text)
  return inCinema(json.accessToken)
}

const titles = async (caller: Caller) => {
  const { json } = await caller.send('GET', '/showtimes?expand=movie&sort=startsAt')
  return json.items.map((show: { price: string; expand: { movie: { title: string } } }) => [
    show.expand.movie.title,
    show.price,
  ])
}

describe('a seed', () => {
  beforeEach(() => seed())

  test('makes records by name, which are there for everybody', async () => {
    const again = await seed({ set: 'evening' })
    expect(again).toMatchObject({ set: 'evening', created: 0, kept: 11 })
    const { heat, tonight, seats, taken, ada } = again.records
    expect(heat).toMatchObject({ title: 'Heat', sold: 41 })
    expect(tonight).toMatchObject({ movie: heat.id, screen: 'main', price: '12.50' })
    expect(taken).toMatchObject({ viewer: ada.id, seat: seats[0].id, fee: '0.00' })
    expect(await titles(inCinema())).toEqual([['Heat', '12.50']])
  })

  test('makes accounts that log in, with their roles, and with their suspension', async () => {
    const manager = await logIn('manager@example.org', 'the house is dark')
    expect((await manager.send('POST', '/movies', { title: 'Ran', minutes: 160 })).status).toBe(201)
    const ada = await logIn('ada@example.org', 'two tickets please')
    expect((await ada.send('POST', '/movies', { title: 'Ikiru', minutes: 143 })).status).toBe(403)
    expect((await ada.send('GET', '/tickets')).json.items).toHaveLength(1)
    const closed = await inCinema().send('POST', '/auth/login', {
      email: 'closed@example.org',
      password: 'no more films ever',
    })
    expect([closed.status, closed.json.code]).toEqual([403, 'account_suspended'])
  })

  test('afresh ends the accounts and sessions of before', async () => {
    const visitor = await signUp(server.url, 'cinema', 'visitor')
    expect((await visitor.send('GET', '/auth/me')).status).toBe(200)
    await seed()
    expect((await visitor.send('GET', '/auth/me')).status).toBe(401)
  })

  test('tells passwords to nobody', async () => {
    const { text } = await admin.send('POST', '/apps/cinema/seed', { set: 'evening' })
    const audit = await admin.send('GET', '/audit?limit=100')
    for (const told of [text, audit.text, server.output()]) expect(told).not.toContain('two tickets please')
    expect(audit.json.items).toContainEqual(
      expect.objectContaining({
        action: 'app.seeded',
        app: 'cinema',
        details: { set: 'evening', created: 11, kept: 0, fresh: true },
      }),
    )
  })

  test('is for administrators with the right to write records and users', async () => {
    expect((await inCinema().send('POST', '/../../admin/api/apps/cinema/seed', {})).status).toBe(401)
    const { json } = await admin.send('POST', '/keys', { name: 'reader', scopes: ['records:read', 'apps:write'] })
    const refused = await adminWith(json.key).send('POST', '/apps/cinema/seed', { set: 'evening' })
    expect([refused.status, refused.json.code]).toEqual([403, 'insufficient_scope'])
    expect((await admin.send('POST', '/apps/cinemas/seed', {})).status).toBe(404)
  })

  test('of another app of the repository', async () => {
    expect(await seed({ set: 'many' }, 'simple-todo')).toMatchObject({ set: 'many', created: 12 })
    expect(await seed({ set: 'many' }, 'simple-todo')).toMatchObject({ created: 0, kept: 12 })
    expect(await seed({}, 'simple-todo')).toMatchObject({ set: 'default', kept: 4 })
  })

  test('that is wrong is told with its place, and the version before serves on', async () => {
    const file = join(folder, 'cinema/seed.yaml')
    const right = await readFile(file, 'utf8')
    await writeFile(file, right.replace('movie: heat', 'movie: haet'))
    const state = async () => (await admin.send('GET', '/apps/cinema')).json
    await expect.poll(async () => (await state()).state, { timeout: 20_000 }).toBe('outdated')
    const [issue] = (await state()).issues
    expect(issue).toMatchObject({ line: 16, column: 34, suggestion: "did you mean 'heat'?" })
    expect(issue.file).toMatch(/cinema\/seed\.yaml$/)
    expect(await seed({ set: 'evening' })).toMatchObject({ kept: 11 })
    await writeFile(file, right)
    await expect.poll(async () => (await state()).state, { timeout: 20_000 }).toBe('live')
  })
})

describe('settings', () => {
  const SECRET = 'sk_test_a-very-secret-key'
  const set = async (changes: object) => {
    const answer = await admin.send('PUT', '/apps/cinema/settings', changes)
    if (answer.status !== 200) throw new Error(answer.text)
    return answer
  }
  const reset = () => set({ onSaleFor: null, bookingFee: null, city: null, paymentKey: null })

  test('hold as soon as they are set, in rules and in defaults', async () => {
    const { records } = await seed()
    await reset()
    const visitor = await signUp(server.url, 'cinema', 'visitor')
    await set({ onSaleFor: 'P30D', bookingFee: '2.00', city: 'Leipzig' })
    expect(await titles(inCinema())).toEqual([
      ['Heat', '12.50'],
      ['Heat', '9.00'],
    ])
    const ticket = await visitor.send('POST', '/tickets', { showtime: records.later.id, seat: records.seats[1].id })
    expect([ticket.status, ticket.json]).toMatchObject([201, { fee: '2.00', city: 'Leipzig' }])
    await set({ onSaleFor: 'PT1H' })
    expect(await titles(inCinema())).toEqual([])
  })

  test('change under requests without one that fails', async () => {
    await seed()
    let stopped = false
    const statuses = new Set<number>()
    const readers = Array.from({ length: 4 }, async () => {
      while (!stopped) statuses.add((await inCinema().send('GET', '/showtimes')).status)
    })
    for (const days of [1, 30, 2, 40, 3, 50]) await set({ onSaleFor: `P${days}D` })
    stopped = true
    await Promise.all(readers)
    expect([...statuses]).toEqual([200])
    expect((await admin.send('GET', '/apps/cinema')).json.version).toBe(
      (await admin.send('GET', '/apps/cinema/versions')).json.items[0].version,
    )
  })

  test('are listed; what does not fit is told with its place', async () => {
    await reset()
    const { json } = await admin.send('GET', '/apps/cinema/settings')
    expect(json.items.map(({ name, value, isSet }: Record<string, unknown>) => [name, value, isSet])).toEqual([
      ['onSaleFor', 'P7D', false],
      ['bookingFee', '1.50', false],
      ['city', null, false],
      ['paymentKey', null, false],
    ])
    const warnings = async () => (await admin.send('GET', '/apps/cinema')).json.warnings
    expect(await warnings()).toEqual(["the setting 'city' is required, and not set: roadbase apps set cinema city=…"])
    await set({ city: 'Leipzig' })
    expect(await warnings()).toEqual([])
    await reset()
    const refused = await admin.send('PUT', '/apps/cinema/settings', { city: 'Leipzig', bookingFee: 'a lot' })
    expect([refused.status, refused.json.code, refused.json.errors]).toMatchObject([
      422,
      'validation_failed',
      [{ pointer: '/bookingFee' }],
    ])
    expect((await admin.send('PUT', '/apps/cinema/settings', { town: 'Leipzig' })).json.code).toBe('unknown_field')
  })

  test('that are secret are told to nobody', async () => {
    const answers = [
      await set({ paymentKey: SECRET }),
      await admin.send('GET', '/apps/cinema/settings'),
      await admin.send('PUT', '/apps/cinema/settings', { paymentKey: `${SECRET}`.slice(0, 8) }),
      await admin.send('GET', '/audit?limit=100'),
    ]
    for (const { text } of answers) expect(text).not.toContain(SECRET.slice(0, 8))
    expect(server.output()).not.toContain(SECRET.slice(0, 8))
    expect(answers[1]?.json.items[3]).toMatchObject({ name: 'paymentKey', isSet: true, secret: true, value: null })
    expect(answers[3]?.json.items).toContainEqual(
      expect.objectContaining({ action: 'settings.changed', details: { set: ['paymentKey'], reset: [] } }),
    )
  })

  test('survive a document that changes', async () => {
    await set({ city: 'Leipzig' })
    const file = join(folder, 'cinema/app.yaml')
    const text = await readFile(file, 'utf8')
    const { version } = (await admin.send('GET', '/apps/cinema')).json
    await writeFile(file, text.replace('title: Cinema', 'title: The cinema'))
    await expect
      .poll(async () => (await admin.send('GET', '/apps/cinema')).json.version, { timeout: 20_000 })
      .toBe(version + 1)
    const { json } = await admin.send('GET', '/apps/cinema/settings')
    expect(json.items[2]).toMatchObject({ name: 'city', value: 'Leipzig', isSet: true })
  })
})
