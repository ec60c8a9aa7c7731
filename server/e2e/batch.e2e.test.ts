import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Answer, type Caller, callerAt, signUp } from './client.ts'

describe('a batch', () => {
  let server: TestServer
  let anonymous: Caller
  let owner: Caller
  let outsider: Caller
  let team: string

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, 'apps') })
    anonymous = callerAt(server.url, 'board', 'anonymous')
    owner = await signUp(server.url, 'board', 'owner')
    outsider = await signUp(server.url, 'board', 'outsider')
    team = (await owner.send('POST', '/teams', { name: 'Batches' })).json.id
  })
  afterAll(() => server.stop())

  const batch = (caller: Caller, operations: readonly unknown[], headers = {}): Promise<Answer> =>
    caller.send('POST', '/batch', { operations }, headers)
  const titles = async (prefix: string): Promise<readonly string[]> => {
    const path = `/notes?filter=${encodeURIComponent(`title.startsWith('${prefix}')`)}&sort=title&limit=500`
    return (await owner.send('GET', path)).json.items.map(({ title }: { title: string }) => title)
  }
  const note = (title: string, more: Record<string, unknown> = {}) => ({
    create: 'notes',
    data: { team, title, ...more },
  })

  test('does its operations in their order, and answers with what each alone would answer', async () => {
    const { status, json } = await batch(owner, [
      { create: 'teams', data: { name: 'New' }, as: 't' },
      { create: 'notes', data: { team: { $ref: 't' }, title: 'One' }, as: 'one' },
      { create: 'notes', data: { team: { $ref: 't' }, title: 'Two', parent: { $ref: 'one' } }, as: 'two' },
      { update: 'notes', id: { $ref: 'one' }, data: { stars: { $inc: 2 } }, ifMatch: 1 },
      { update: 'notes', id: { $ref: 'one' }, data: { place: { city: 'Rome' } } },
      { replace: 'notes', id: { $ref: 'two' }, data: { team: { $ref: 't' }, title: 'Too' } },
      { replace: 'countries', id: 'de', data: { name: 'Germany' } },
      { upsert: 'countries', by: 'id', data: { id: 'de', name: 'Deutschland' } },
      { delete: 'notes', id: { $ref: 'two' } },
    ])
    expect(status).toBe(200)
    const [made, one, two, starred, placed, replaced, germany, deutschland, deleted] = json.results
    expect(one).toMatchObject({ team: made.id, author: owner.id, title: 'One', version: 1 })
    expect(two).toMatchObject({ team: made.id, parent: one.id })
    expect(starred).toMatchObject({ id: one.id, stars: 2, version: 2 })
    expect(placed).toMatchObject({ id: one.id, place: { city: 'Rome' }, version: 3 })
    expect(replaced).toMatchObject({ id: two.id, title: 'Too', parent: null })
    expect([germany.version, deutschland.version, deutschland.name]).toEqual([1, 2, 'Deutschland'])
    expect(deleted).toBeNull()
    expect((await owner.send('GET', `/notes/${one.id}`)).json).toEqual(placed)
    expect((await owner.send('GET', `/notes/${two.id}`)).status).toBe(404)
    expect(new Set(json.results.flatMap((result: { createdAt?: string } | null) => result?.createdAt ?? [])).size).toBe(
      1,
    )
  })

  test.each([
    [
      'a value that does not fit',
      { create: 'notes', data: { title: 'x', stars: -1 } },
      422,
      'validation_failed',
      ['/operations/1/data/stars', '/operations/1/data/team'],
    ],
    [
      'a field that nobody may send',
      { create: 'notes', data: { version: 3 } },
      400,
      'unknown_field',
      ['/operations/1/data/version', '/operations/1/data/team', '/operations/1/data/title'],
    ],
    [
      'a record that is not there',
      { update: 'notes', id: '0190a6b1-7c3e-7d2f-8a4b-5c6d7e8f9a0b', data: {} },
      404,
      'not_found',
      ['/operations/1'],
    ],
    ['no right', { create: 'locked', data: {} }, 403, 'forbidden', ['/operations/1']],
    [
      'a reference to nothing',
      { create: 'notes', data: { team: '0190a6b1-7c3e-7d2f-8a4b-5c6d7e8f9a0b', title: 'x' } },
      422,
      'reference_not_found',
      ['/operations/1/data/team'],
    ],
    ['a check', { create: 'notes', data: { status: 'done' } }, 422, 'check_violation', ['/operations/1/data']],
    [
      'a collection that is not there',
      { create: 'nots', data: {} },
      400,
      'malformed_request',
      ['/operations/1/create'],
    ],
    [
      'a name that nobody has',
      { create: 'notes', data: { parent: { $ref: 'tow' } } },
      400,
      'malformed_request',
      ['/operations/1/data/parent'],
    ],
    [
      'a name that comes later',
      { create: 'notes', data: { parent: { $ref: 'later' } } },
      400,
      'malformed_request',
      ['/operations/1/data/parent'],
    ],
    [
      'its own name',
      { create: 'notes', data: { parent: { $ref: 'me' } }, as: 'me' },
      400,
      'malformed_request',
      ['/operations/1/data/parent'],
    ],
    [
      'a key that is none',
      { update: 'countries', id: 'de', dta: {} },
      400,
      'malformed_request',
      ['/operations/1/dta', '/operations/1/data'],
    ],
    [
      'two operations in one',
      { create: 'notes', delete: 'notes', id: 'x' },
      400,
      'malformed_request',
      ['/operations/1'],
    ],
    [
      'no unique key',
      { upsert: 'countries', by: 'name', data: { id: 'fr', name: 'France' } },
      400,
      'invalid_parameter',
      ['/operations/1'],
    ],
    [
      'a stale version',
      { update: 'counters', id: 'batch', data: { value: 1 }, ifMatch: 7 },
      412,
      'version_mismatch',
      ['/operations/1'],
    ],
  ])('with %s tells which operation, and nothing has happened', async (_, operation, status, code, pointers) => {
    await anonymous.send('PUT', '/counters/batch', { value: 0 })
    const data = 'data' in operation && 'title' in (operation.data as object) ? operation.data : undefined
    const whole =
      'create' in operation && operation.create === 'notes' && data === undefined && code !== 'unknown_field'
        ? { ...operation, data: { team, title: 'Wrong', ...(operation as { data?: object }).data } }
        : operation
    const answer = await batch(owner, [
      note('Undone', { slug: 'undone' }),
      whole,
      note('Undone, too'),
      { create: 'teams', data: { name: 'Later' }, as: 'later' },
    ])
    expect([answer.status, answer.json.code]).toEqual([status, code])
    expect(answer.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers)
    expect(await titles('Undone')).toEqual([])
  })

  test('tells the one among many creates whose value is taken', async () => {
    await owner.send('POST', '/notes', { team, title: 'Taken', slug: 'taken' })
    const operations = Array.from({ length: 100 }, (_, index) =>
      note(`Many ${index}`, index === 42 ? { slug: 'taken' } : {}),
    )
    const { status, json } = await batch(owner, operations)
    expect([status, json.code]).toEqual([409, 'unique_violation'])
    expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/operations/42/data/team',
      '/operations/42/data/slug',
    ])
    expect(await titles('Many')).toEqual([])
    const two = await batch(owner, [note('Twins', { slug: 'twin' }), note('Twins', { slug: 'twin' })])
    expect(two.json.errors[0].pointer).toBe('/operations/1/data/team')
  })

  test('asks each rule with what came before: a member made in it may write in it', async () => {
    const operations = [{ create: 'members', data: { team, person: outsider.id } }, note('By the owner')]
    expect((await batch(outsider, [note('Not yet')])).json.code).toBe('reference_not_found')
    expect((await batch(owner, operations)).status).toBe(200)
    expect((await batch(outsider, [note('By a member')])).status).toBe(200)
    expect((await batch(anonymous, [note('By nobody')])).status).toBe(422)
  })

  test('happens once per key, and a repetition is answered with what its sender sees now', async () => {
    const key = { 'idempotency-key': 'batch-once' }
    const operations = [
      note('Once, 1'),
      note('Once, 2'),
      { upsert: 'countries', by: 'id', data: { id: 'it', name: 'Italia' } },
    ]
    const answers = await Promise.all(Array.from({ length: 20 }, () => batch(owner, operations, key)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ json }) => json.results[0].id)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(19)
    expect(await titles('Once')).toEqual(['Once, 1', 'Once, 2'])
    expect((await batch(owner, [note('Other')], key)).json.code).toBe('idempotency_conflict')
    expect((await batch(anonymous, operations, key)).json.code).toBe('invalid_parameter')
    expect((await batch(outsider, [{ create: 'teams', data: { name: 'Mine' } }], key)).status).toBe(200)
  })

  test('with validate=only does nothing, and says whether it could', async () => {
    const body = { operations: [note('Only'), { upsert: 'countries', by: 'id', data: { id: 'es', name: 'España' } }] }
    expect((await owner.send('POST', '/batch?validate=only', body)).status).toBe(204)
    expect(await titles('Only')).toEqual([])
    const wrong = { operations: [note('Only', { slug: 'taken' })] }
    expect((await owner.send('POST', '/batch?validate=only', wrong)).json.code).toBe('unique_violation')
  })

  test('has its bounds', async () => {
    const many = Array.from({ length: 1001 }, () => ({ delete: 'countries', id: 'xx' }))
    expect((await batch(owner, many)).json.code).toBe('query_too_costly')
    expect((await batch(owner, [])).json.code).toBe('malformed_request')
    expect((await owner.send('POST', '/batch', { operations: 3, more: 1 })).json.errors).toHaveLength(2)
    expect((await owner.send('GET', '/batch')).status).toBe(405)
    const hostile = `{"operations":[{"create":"notes","data":{"__proto__":{"title":"x"}}}]}`
    expect((await owner.send('POST', '/batch', hostile, { 'content-type': 'application/json' })).status).toBe(400)
    for (const name of ['constructor', '__proto__', 'toString']) {
      const { status } = await batch(owner, [
        { create: name, data: {} },
        { ...note('x'), as: 'constructor' },
      ])
      expect(status).toBe(400)
    }
  })

  test('leaves nothing half done where many meet: money moves in whole steps', async () => {
    for (const id of ['left', 'right']) await anonymous.send('PUT', `/counters/${id}`, { value: 1000 })
    const move = (from: string, to: string, by: number) => [
      { update: 'counters', id: from, data: { value: { $inc: -by } } },
      { update: 'counters', id: to, data: { value: { $inc: by } } },
    ]
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        batch(anonymous, index % 2 === 0 ? move('left', 'right', index) : move('right', 'left', 1)),
      ),
    )
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
    const values = await Promise.all(['left', 'right'].map((id) => anonymous.send('GET', `/counters/${id}`)))
    expect(values.reduce((sum, { json }) => sum + json.value, 0)).toBe(2000)
  })
})
