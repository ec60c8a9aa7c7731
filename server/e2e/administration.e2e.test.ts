import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Answer, type Caller, callerAt, signUp } from './client.ts'

/** Keys, the audit, users and the records of apps in the hands of administrators, over the wire. */
let server: TestServer
let machine: Caller

beforeAll(async () => {
  server = await startServer({ apps: join(import.meta.dirname, 'apps'), env: { ROADBASE_LOG_LEVEL: 'trace' } })
  machine = adminWith(await readFile(join(server.data, 'secrets/admin.key'), 'utf8'))
})
afterAll(() => server.stop())

/** `path` is below `/admin/api`. */
function adminWith(token: string): Caller {
  return callerAt(server.url, '../admin/api', 'administrator', token.trim())
}

/** `path` is below `/api/lab`. */
const inLab = (token: string) => callerAt(server.url, 'lab', 'administrator', token)

async function makeKey(scopes: readonly string[], more: object = {}, by = machine): Promise<string> {
  const { status, json, text } = await by.send('POST', '/keys', { name: scopes.join(' '), scopes, ...more })
  if (status !== 201) throw new Error(`No key: ${text}`)
  secrets.push(json.key)
  return json.key
}

const NOWHERE = '01890a5d-ac96-774b-bcce-b302099a8057'
const outcome = ({ status, json }: Answer) => [status, json?.code]

const labs: string[] = []
/** Everything that opens something, to be looked for in the log. */
const secrets: string[] = []

describe('records in the hands of administrators', () => {
  let admin: Caller
  let owner: Caller
  let lab: string
  let study: string
  let other: string

  beforeAll(async () => {
    admin = inLab(await makeKey(['records:read', 'records:write']))
    owner = await signUp(server.url, 'lab', 'owner')
    lab = (await admin.send('POST', '/labs', { name: 'Given', director: owner.id })).json.id
    other = (await admin.send('POST', '/labs', { name: 'Other' })).json.id
    study = (await admin.send('POST', '/studies', { lab, code: 'S' })).json.id
    labs.push(lab)
  })

  test('owners can be given, and are owners then', async () => {
    const given = await owner.send('PATCH', `/labs/${lab}`, { name: 'Mine' })
    expect([given.status, given.json]).toMatchObject([200, { name: 'Mine', director: owner.id }])
  })

  test('no rule is asked, of records, fields or references', async () => {
    const stranger = await signUp(server.url, 'lab', 'stranger')
    expect((await stranger.send('GET', `/labs/${lab}`)).status).toBe(404)
    expect((await admin.send('GET', `/labs/${lab}`)).status).toBe(200)
    const sample = await admin.send('POST', '/samples', { study, name: 'x', taker: stranger.id, verdict: 'good' })
    expect([sample.status, sample.json]).toMatchObject([201, { verdict: 'good', taker: stranger.id }])
    const changed = await admin.send('PATCH', `/samples/${sample.json.id}`, { price: '2.50', taker: owner.id })
    expect([changed.status, changed.json]).toMatchObject([200, { price: '2.50', taker: owner.id }])
    const listed = await admin.send(
      'GET',
      `/samples?filter=${encodeURIComponent("price == '2.50'")}&expand=study,taker`,
    )
    expect(listed.json.items[0].expand).toMatchObject({ study: { id: study }, taker: { email: expect.any(String) } })
    expect((await admin.send('GET', '/samples?count=estimated')).status).toBe(200)
    expect((await admin.send('DELETE', `/samples/${sample.json.id}`)).status).toBe(204)
  })

  test('read-only fields may be set, hidden ones stay hidden', async () => {
    const values = { study, name: 'y', nickname: 'set', takenAt: '2020-01-01T00:00:00Z', token: 'hush-hush' }
    const sample = await admin.send('POST', '/samples', values)
    expect([sample.status, sample.json]).toMatchObject([201, { nickname: 'set', takenAt: '2020-01-01T00:00:00.000Z' }])
    const { id } = sample.json
    const read = [sample, await admin.send('GET', `/samples/${id}`), await admin.send('GET', '/samples')]
    for (const { text } of read) expect(text).not.toContain('hush')
    expect(outcome(await admin.send('GET', '/samples?fields=token'))).toEqual([400, 'invalid_parameter'])
    expect(outcome(await admin.send('GET', "/samples?filter=token=='hush-hush'"))).toEqual([400, 'invalid_filter'])
    const later = await admin.send('PATCH', `/samples/${id}`, { takenAt: '2021-01-01T00:00:00Z' })
    expect(later.json).toMatchObject({ takenAt: '2021-01-01T00:00:00.000Z' })
  })

  const cases: [name: string, method: string, path: string, body: object | undefined, expected: unknown[]][] = [
    ['the schema', 'POST', '/labs', { name: '' }, [422, 'validation_failed']],
    ['what is required', 'POST', '/studies', { code: 'x' }, [422, 'validation_failed']],
    ['checks', 'POST', '/studies', { code: 'C', starts: '2020-02-01', ends: '2020-01-01' }, [422, 'check_violation']],
    ['unique keys', 'POST', '/studies', { code: 'S', active: false }, [409, 'unique_violation']],
    ['references', 'POST', '/studies', { code: 'R', lab: NOWHERE }, [422, 'reference_not_found']],
    ['immutability', 'PATCH', '/staff/{staff}', { lab: '{other}' }, [422, 'immutable_field']],
    ['fields of the system', 'POST', '/labs', { name: 'x', version: 7 }, [400, 'unknown_field']],
    ['unknown fields', 'POST', '/labs', { nmae: 'x' }, [400, 'unknown_field']],
    ['versions', 'PATCH', '/labs/{lab}', { name: 'x' }, [412, 'version_mismatch']],
    ['absence', 'GET', `/labs/${NOWHERE}`, undefined, [404, 'not_found']],
  ]
  test.each(cases)('%s hold for everybody', async (name, method, path, body, expected) => {
    const person = (await admin.send('POST', '/staff', { lab, person: owner.id })).json.id
    const staff = person ?? (await admin.send('GET', '/staff')).json.items[0].id
    const whole =
      path === '/studies' ? { lab, ...body } : JSON.parse(JSON.stringify(body ?? null).replace('{other}', other))
    const headers = name === 'versions' ? { 'if-match': '"999"' } : {}
    const target = path.replace('{staff}', staff).replace('{lab}', lab)
    const answer = await admin.send(method, target, name === 'what is required' ? body : (whole ?? undefined), headers)
    expect(outcome(answer)).toEqual(expected)
  })

  test('users are made, and get their rights, by their own endpoints only', async () => {
    const all = inLab(await makeKey(['*']))
    const account = { email: 'new@example.com', nickname: 'N' }
    expect(outcome(await all.send('POST', '/users', account))).toEqual([403, 'forbidden'])
    for (const field of [{ roles: ['curator'] }, { suspended: true }]) {
      expect(outcome(await all.send('PATCH', `/users/${owner.id}`, field))).toEqual([400, 'unknown_field'])
    }
    const { json } = await all.send('PATCH', `/users/${owner.id}`, { nickname: 'Boss', email: 'Boss@Example.com' })
    expect(json).toMatchObject({ nickname: 'Boss', email: 'boss@example.com' })
    const { status, json: problem } = await admin.send('PATCH', `/users/${owner.id}`, { nickname: 'x' })
    expect([status, problem.code, problem.scope]).toEqual([403, 'insufficient_scope', 'users:write'])
  })

  test('an administrator is nobody of the app, and nobody may keep their answers', async () => {
    expect(outcome(await admin.send('GET', '/auth/me'))).toEqual([401, 'invalid_token'])
    const read = await admin.send('GET', `/labs/${lab}`)
    expect(read.headers.get('cache-control')).toBe('no-store')
    expect(
      (await admin.send('GET', `/labs/${lab}`, undefined, { 'if-none-match': read.headers.get('etag') ?? '' })).status,
    ).toBe(304)
  })

  test("a cursor of theirs is nobody else's", async () => {
    await admin.send('POST', '/points', { run: 'cursor', a: 1 })
    await admin.send('POST', '/points', { run: 'cursor', a: 2 })
    const path = `/points?filter=${encodeURIComponent("run == 'cursor'")}&limit=1`
    const { nextCursor } = (await admin.send('GET', path)).json
    expect((await admin.send('GET', `${path}&cursor=${nextCursor}`)).json.items).toHaveLength(1)
    const anonymous = callerAt(server.url, 'lab', 'anonymous')
    expect(outcome(await anonymous.send('GET', `${path}&cursor=${nextCursor}`))).toEqual([400, 'invalid_cursor'])
  })

  test('an idempotency key is theirs, too', async () => {
    const twice = () => admin.send('POST', '/points', { run: 'once' }, { 'idempotency-key': 'k-1' })
    const [first, second] = [await twice(), await twice()]
    expect([second.json.id, second.headers.get('idempotency-replayed')]).toEqual([first.json.id, 'true'])
    const other = inLab(await makeKey(['records:write']))
    const third = await other.send('POST', '/points', { run: 'once' }, { 'idempotency-key': 'k-1' })
    expect(third.json.id).not.toBe(first.json.id)
  })

  test('each write is in the audit, without its values; reads and what fails are not', async () => {
    const key = inLab(await makeKey(['records:read', 'records:write'], { name: 'writer' }))
    const { id } = (await key.send('POST', '/points', { run: 'secret-run', a: 1 })).json
    await key.send('POST', '/points?validate=only', { run: 'x' })
    await key.send('PATCH', `/points/${id}`, { a: 2 })
    const patch = [
      { op: 'test', path: '/run', value: 'secret-run' },
      { op: 'copy', from: '/run', path: '/b' },
      { op: 'replace', path: '/a', value: 3 },
    ]
    await key.send('PATCH', `/points/${id}`, patch, { 'content-type': 'application/json-patch+json' })
    await key.send('POST', '/batch', { operations: [{ update: 'points', id, data: patch }] })
    await key.send('PUT', `/points/${id}`, { run: 'other', b: 'secret-b' })
    await key.send('GET', `/points/${id}`)
    await key.send('PATCH', `/points/${id}`, { a: 'x' })
    await key.send('DELETE', `/points/${id}`)
    await key.send('DELETE', `/points/${id}`)
    const { json, text } = await machine.send('GET', '/audit?app=lab&limit=500')
    const mine = json.items.filter(({ by }: { by: { name: string } }) => by.name === 'writer')
    expect(mine.map(({ action, target, details }: Record<string, unknown>) => [action, target, details])).toEqual([
      ['record.deleted', `points/${id}`, {}],
      ['record.replaced', `points/${id}`, { fields: ['run', 'b'] }],
      ['record.updated', `points/${id}`, { fields: ['b', 'a'] }],
      ['record.updated', `points/${id}`, { fields: ['b', 'a'] }],
      ['record.updated', `points/${id}`, { fields: ['a'] }],
      ['record.created', `points/${id}`, { fields: ['run', 'a'] }],
    ])
    expect(text).not.toContain('secret-')
    const [first] = mine
    expect(first).toMatchObject({ app: 'lab', ip: '127.0.0.1', requestId: expect.any(String) })
  })
})

describe('keys over the wire', () => {
  test('what a key is limited to is all it reaches', async () => {
    const limited = await makeKey(['*'], { apps: ['lab'] })
    const admin = adminWith(limited)
    const inBoard = callerAt(server.url, 'board', 'administrator', limited)
    expect((await inLab(limited).send('GET', '/labs')).status).toBe(200)
    expect(outcome(await inBoard.send('GET', '/users'))).toEqual([403, 'forbidden'])
    expect(outcome(await inBoard.send('POST', '/users', {}))).toEqual([403, 'forbidden'])
    expect(outcome(await admin.send('GET', '/apps/board'))).toEqual([403, 'forbidden'])
    expect(outcome(await admin.send('GET', '/apps/no-such-app'))).toEqual([403, 'forbidden'])
    expect(outcome(await admin.send('GET', '/admins'))).toEqual([403, 'forbidden'])
    const { items } = (await admin.send('GET', '/apps')).json
    expect(items.map(({ slug }: { slug: string }) => slug)).toEqual(['lab'])
    const entries = (await admin.send('GET', '/audit?limit=500')).json.items
    expect(new Set(entries.map(({ app }: { app: string }) => app))).toEqual(new Set(['lab']))
    expect(outcome(await admin.send('GET', '/audit?app=board'))).toEqual([403, 'forbidden'])
  })

  test('what a key is not for it does not open', async () => {
    const reader = await makeKey(['records:read'])
    expect((await inLab(reader).send('GET', '/labs')).status).toBe(200)
    for (const [method, path, body] of [
      ['POST', '/labs', { name: 'x' }],
      ['PATCH', `/labs/${labs[0]}`, { name: 'x' }],
      ['PUT', `/labs/${labs[0]}`, { name: 'x' }],
      ['DELETE', `/labs/${labs[0]}`, undefined],
    ] as const) {
      const { status, json } = await inLab(reader).send(method, path, body)
      expect([status, json.code, json.scope]).toEqual([403, 'insufficient_scope', 'records:write'])
    }
    expect(outcome(await inLab(await makeKey(['apps:read'])).send('GET', '/labs'))).toEqual([403, 'insufficient_scope'])
  })

  test('a revoked key is over with the next request, everywhere', async () => {
    const { json } = await machine.send('POST', '/keys', { name: 'short', scopes: ['*'] })
    const [admin, lab] = [adminWith(json.key), inLab(json.key)]
    expect([(await admin.send('GET', '/apps')).status, (await lab.send('GET', '/labs')).status]).toEqual([200, 200])
    expect((await machine.send('DELETE', `/keys/${json.id}`)).status).toBe(204)
    expect(outcome(await admin.send('GET', '/apps'))).toEqual([401, 'invalid_token'])
    expect(outcome(await lab.send('GET', '/labs'))).toEqual([401, 'invalid_token'])
  })

  test.each([
    ['one that nobody has made', `rbk_${'A'.repeat(43)}`],
    ['a short one', 'rbk_A'],
    ['a session that nobody has', `rba_${'A'.repeat(43)}`],
    ['a refresh token', `rbr_${'A'.repeat(43)}`],
  ])('%s opens nothing', async (_, token) => {
    expect(outcome(await inLab(token).send('GET', '/labs'))).toEqual([401, 'invalid_token'])
    expect(outcome(await adminWith(token).send('GET', '/apps'))).toEqual([401, 'invalid_token'])
  })

  test('a session of an administrator opens what a key does', async () => {
    const account = { email: 'root@example.com', password: 'a phrase for the root-secret' }
    expect((await machine.send('POST', '/admins', account)).status).toBe(201)
    const { token } = (await callerAt(server.url, '../admin/api', 'nobody').send('POST', '/login', account)).json
    secrets.push(token, account.password)
    expect((await inLab(token).send('GET', '/labs')).status).toBe(200)
    expect((await adminWith(token).send('POST', '/logout')).status).toBe(204)
    expect(outcome(await inLab(token).send('GET', '/labs'))).toEqual([401, 'invalid_token'])
  })

  test("an app's token opens no administration", async () => {
    const user = await fetch(`${server.url}/api/lab/auth/signup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'jwt@example.com', password: 'a phrase for the jwt' }),
    }).then((response) => response.json() as Promise<{ accessToken: string }>)
    expect(outcome(await adminWith(user.accessToken).send('GET', '/apps'))).toEqual([403, 'forbidden'])
  })
})

describe('a new password by a link', () => {
  const password = 'a phrase for the new-secret'
  let link: string
  let email: string
  let id: string

  beforeAll(async () => {
    email = 'forgetful@example.com'
    const made = await machine.send('POST', '/apps/lab/users', {
      email,
      password: 'an old phrase-secret',
      nickname: 'F',
    })
    id = made.json.id
    link = (await machine.send('POST', `/apps/lab/users/${id}/reset`)).json.link
    secrets.push(new URL(link).hash.slice('#token='.length), password, 'an old phrase-secret')
  })

  test('opens a page that loads what it needs from beside it', async () => {
    const page = await fetch(link)
    const html = await page.text()
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(html).toContain('Lab')
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => new URL(path, page.url))
    expect(loaded).toHaveLength(3)
    for (const url of loaded) expect([url.pathname, (await fetch(url)).status]).toEqual([url.pathname, 200])
  })

  test('is set once, from many tries at once, and the old one is over', async () => {
    const lab = callerAt(server.url, 'lab', 'nobody')
    const token = new URL(link).hash.slice('#token='.length)
    const old = await lab.send('POST', '/auth/login', { email, password: 'an old phrase-secret' })
    const tries = Array.from({ length: 8 }, () => lab.send('POST', '/auth/reset', { token, password }))
    const answers = (await Promise.all(tries)).map(outcome)
    expect(answers.filter(([status]) => status === 204)).toHaveLength(1)
    expect(answers.filter(([, code]) => code === 'invalid_reset_link')).toHaveLength(7)
    const before = callerAt(server.url, 'lab', 'before', old.json.accessToken)
    expect(outcome(await before.send('GET', '/auth/me'))).toEqual([401, 'invalid_token'])
    expect((await lab.send('POST', '/auth/login', { email, password: 'an old phrase-secret' })).status).toBe(401)
    expect((await lab.send('POST', '/auth/login', { email, password })).status).toBe(200)
    const { items } = (await machine.send('GET', '/audit?app=lab&limit=5')).json
    expect(items.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['user.password_reset', 'user.reset_link_made', 'user.created']),
    )
    const used = items.find(({ action }: { action: string }) => action === 'user.password_reset')
    expect(used).toMatchObject({ by: { kind: 'user', id }, target: id })
  })
})

test('what the folder of apps has loaded is in the audit', async () => {
  const { items } = (await machine.send('GET', '/audit?app=vault&limit=500')).json
  expect(items.at(-1)).toMatchObject({
    by: { kind: 'folder', id: null },
    action: 'app.loaded',
    target: '1',
    details: { outcome: 'create' },
    requestId: null,
  })
})

test('nothing that opens something is in the log, the audit or the metrics', async () => {
  const told = [
    server.output(),
    (await machine.send('GET', '/audit?limit=500')).text,
    await (await fetch(`${server.url}/metrics`)).text(),
  ].join('\n')
  expect(secrets.length).toBeGreaterThan(10)
  // The key of the machine is in its file; the setup link is printed for whoever starts the server.
  for (const secret of secrets) expect(told.includes(secret)).toBe(false)
  expect(told).not.toMatch(/rb[kap]_[\w-]{20}/)
})
