import { describe, expect, test } from 'vitest'
import { fakeServer, problem } from '../testing/fake-server.ts'
import { createClient } from './create-client.ts'
import { filter } from './filter.ts'

const record = { id: '1', createdAt: '', updatedAt: '', version: 3, title: 'Milk' }
const anywhere = fakeServer(() => ({ body: record }))
const todos = createClient({ url: 'http://roadbase.test/', app: 'my-app', fetch: anywhere.fetch }).collection('todos')

describe('what is sent', () => {
  const merge = 'application/merge-patch+json'
  const title = { title: 'Milk' }

  test.each<[string, () => Promise<unknown>, string, Record<string, string>, unknown?]>([
    ['list', () => todos.list(), 'GET /todos', {}],
    [
      'list with everything',
      () =>
        todos.list({
          filter: filter`title == ${'a&b=c+d'}`,
          sort: ['-createdAt', 'title:nullsLast'],
          fields: ['id', 'title'],
          expand: ['owner'],
          limit: 10,
          cursor: 'c/1',
          count: 'exact',
        }),
      'GET /todos?filter=title%20%3D%3D%20%22a%26b%3Dc%2Bd%22&sort=-createdAt%2Ctitle%3AnullsLast&fields=id%2Ctitle&expand=owner&limit=10&cursor=c%2F1&count=exact',
      {},
    ],
    [
      'list with relations within relations',
      () =>
        todos.list({
          expand: {
            owner: true,
            steps: {
              filter: filter`text == ${"a');b"}`,
              sort: ['-at', 'owner.name'],
              limit: 5,
              fields: ['id'],
              expand: { owner: {}, list: { expand: ['owner', 'boss'] } },
            },
          },
        }),
      `GET /todos?expand=${encodeURIComponent(
        'owner,steps(filter:text == "a\');b";sort:-at,owner.name;limit:5;fields:id;expand:owner,list(expand:owner,boss))',
      ).replace("'", '%27')}`,
      {},
    ],
    [
      'search',
      () => todos.search('milk "two eggs"', { highlight: true, limit: 3 }),
      'GET /todos?limit=3&search=milk%20%22two%20eggs%22&highlight=true',
      {},
    ],
    ['list by one key', () => todos.list({ sort: '-createdAt' }), 'GET /todos?sort=-createdAt', {}],
    ['get', () => todos.get('a/b?c'), 'GET /todos/a%2Fb%3Fc', {}],
    ['get of some fields', () => todos.get('1', { fields: ['id'] }), 'GET /todos/1?fields=id', {}],
    [
      'aggregate',
      () =>
        todos.aggregate({
          select: { n: 'count', total: 'sum(hours)' },
          groupBy: { month: "month(createdAt,'Europe/Berlin')" },
          filter: filter`title == ${'a'}`,
          having: filter`n > ${1}`,
          sort: ['-total', 'month'],
          limit: 3,
        }),
      'GET /todos/-aggregate?select=count%20as%20n%2Csum(hours)%20as%20total&groupBy=month(createdAt%2C%27Europe%2FBerlin%27)%20as%20month&filter=title%20%3D%3D%20%22a%22&having=n%20%3E%201&sort=-total%2Cmonth&limit=3',
      {},
    ],
    [
      'aggregate by fields',
      () => todos.aggregate({ select: { n: 'count' }, groupBy: ['title', 'version'] }),
      'GET /todos/-aggregate?select=count%20as%20n&groupBy=title%2Cversion',
      {},
    ],
    [
      'aggregate of what is found',
      () => todos.aggregate({ select: { n: 'count' }, search: 'milk or eggs' }),
      'GET /todos/-aggregate?select=count%20as%20n&search=milk%20or%20eggs',
      {},
    ],
    [
      'distinct of what is found',
      () => todos.distinct('title', { search: 'milk' }),
      'GET /todos/-distinct?field=title&search=milk',
      {},
    ],
    ['distinct', () => todos.distinct('title'), 'GET /todos/-distinct?field=title', {}],
    [
      'distinct, the other way round',
      () => todos.distinct('title', { order: 'desc', filter: filter`version > ${1}` }),
      'GET /todos/-distinct?field=title&filter=version%20%3E%201&sort=-title',
      {},
    ],
    ['exists', () => todos.exists({ filter: filter`version > ${1}` }), 'HEAD /todos?filter=version%20%3E%201', {}],
    ['create', () => todos.create(title), 'POST /todos', { 'content-type': 'application/json' }, title],
    [
      'create with a key',
      () => todos.create(title, { idempotencyKey: 'k1' }),
      'POST /todos',
      { 'idempotency-key': 'k1' },
      title,
    ],
    [
      'minimal create',
      () => todos.create(title, { prefer: 'minimal' }),
      'POST /todos',
      { prefer: 'return=minimal' },
      title,
    ],
    ['validate', () => todos.validate(title), 'POST /todos?validate=only', {}, title],
    ['update', () => todos.update('1', title), 'PATCH /todos/1', { 'content-type': merge }, title],
    [
      'patch',
      () =>
        todos.patch(
          '1',
          [
            { op: 'test', path: '/title', value: 'Milk' },
            { op: 'remove', path: '/tags/0' },
          ],
          { ifMatch: 3 },
        ),
      'PATCH /todos/1',
      { 'content-type': 'application/json-patch+json', 'if-match': '"3"' },
      [
        { op: 'test', path: '/title', value: 'Milk' },
        { op: 'remove', path: '/tags/0' },
      ],
    ],
    ['update by operator', () => todos.update('1', { n: { $inc: 1 } }), 'PATCH /todos/1', {}, { n: { $inc: 1 } }],
    ['update if', () => todos.update('1', title, { ifMatch: 3 }), 'PATCH /todos/1', { 'if-match': '"3"' }, title],
    ['replace', () => todos.replace('1', title, { ifMatch: 3 }), 'PUT /todos/1', { 'if-match': '"3"' }, title],
    ['history', () => todos.history('1', { limit: 5, cursor: 'c' }), 'GET /todos/1/-history?limit=5&cursor=c', {}],
    [
      'revert',
      () => todos.revert('1', 2, { ifMatch: 3 }),
      'POST /todos/1/-revert',
      { 'if-match': '"3"' },
      { version: 2 },
    ],
    ['transition', () => todos.transition('1', 'close'), 'POST /todos/1/close', {}],
    [
      'transition if',
      () => todos.transition('1', 'close', { ifMatch: 3 }),
      'POST /todos/1/close',
      { 'if-match': '"3"' },
    ],
    [
      'update of many',
      () => todos.updateMany(title, { filter: filter`done == ${true}`, limit: 10, dryRun: true }),
      'PATCH /todos?filter=done%20%3D%3D%20true&limit=10&dryRun=true',
      { 'content-type': merge },
      title,
    ],
    [
      'delete of many',
      () => todos.deleteMany({ filter: filter`done == ${true}`, limit: 10 }),
      'DELETE /todos?filter=done%20%3D%3D%20true&limit=10',
      {},
    ],
    ['upsert', () => todos.upsert(title, { by: 'title' }), 'PUT /todos?by=title', {}, title],
    ['upsert by two', () => todos.upsert(title, { by: ['id', 'title'] }), 'PUT /todos?by=id%2Ctitle', {}, title],
    ['delete', () => todos.delete('1', { ifMatch: 3 }), 'DELETE /todos/1', { 'if-match': '"3"' }],
    ['delete for good', () => todos.delete('1', { purge: true }), 'DELETE /todos/1?purge=true', {}],
    [
      'what lies in the trash',
      () => todos.trash.list({ sort: '-deletedAt', limit: 5 }),
      'GET /todos/-trash?sort=-deletedAt&limit=5',
      {},
    ],
    [
      'restore',
      () => todos.restore('1', { prefer: 'minimal' }),
      'POST /todos/1/-restore',
      { prefer: 'return=minimal' },
    ],
  ])('%s', async (_, call, request, headers, body) => {
    await call()
    const seen = anywhere.requests.at(-1)
    expect(`${seen?.method} ${seen?.path}`).toBe(request.replace(' ', ' /api/my-app'))
    expect(seen?.headers).toMatchObject({ accept: 'application/json', ...headers })
    expect(seen?.body).toEqual(body)
  })
})

test('what exists is told by the status; why it can not be told, by asking again with a body', async () => {
  expect(await todos.exists()).toBe(true)
  const nothing = fakeServer([{ status: 404 }])
  const at = (server: typeof nothing) =>
    createClient({ url: 'http://roadbase.test', app: 'app', fetch: server.fetch, retries: 0 }).collection('todos')
  expect(await at(nothing).exists()).toBe(false)
  const refused = fakeServer([{ status: 400 }, problem(400, 'invalid_filter')])
  await expect(at(refused).exists({ filter: filter`x` })).rejects.toMatchObject({ code: 'invalid_filter' })
  expect(refused.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'HEAD /api/app/todos?filter=x',
    'GET /api/app/todos?filter=x&fields=id&limit=1',
  ])
})

test('names of results are names', async () => {
  await expect(todos.aggregate({ select: { 'a,count as b': 'count' } })).rejects.toThrow(TypeError)
})

describe('what can not be addressed is refused before it is sent', () => {
  test.each<[unknown]>([[''], ['.'], ['..'], [undefined], [null], [{}]])('%j as id', async (id) => {
    const before = anywhere.requests.length
    await expect(todos.get(id as string)).rejects.toThrow(TypeError)
    await expect(todos.delete(id as string)).rejects.toThrow(TypeError)
    expect(anywhere.requests).toHaveLength(before)
  })
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, 1n])(
  '%s in a record is refused: JSON has no form for it',
  async (n) => {
    await expect(todos.create({ n })).rejects.toThrow(TypeError)
    await expect(todos.update('1', { n: { $inc: n as number } })).rejects.toThrow(TypeError)
  },
)

test('transitions are those that are possible now', async () => {
  const { collection, requests } = serving([{ items: [{ name: 'close', to: 'closed' }] }])
  expect(await collection.transitions('1')).toEqual([{ name: 'close', to: 'closed' }])
  expect(requests[0]?.path).toBe('/api/app/todos/1/-transitions')
})

test('isError tells codes apart, those of the app too', async () => {
  const server = fakeServer([problem(409, 'too_late')])
  const client = createClient({ url: 'http://roadbase.test', app: 'app', fetch: server.fetch })
  const error = await client
    .collection('todos')
    .transition('1', 'close')
    .catch((caught: unknown) => caught)
  expect([client.isError(error, 'too_late'), client.isError(error, 'conflict')]).toEqual([true, false])
  expect(client.isError(new Error('too_late'), 'too_late')).toBe(false)
})

test('a filter that is a plain string is refused', async () => {
  await expect(todos.list({ filter: 'done' as never })).rejects.toThrow(TypeError)
})

describe('iteration', () => {
  const pages = [
    { items: [{ id: '1' }, { id: '2' }], nextCursor: 'c2' },
    { items: [], nextCursor: 'c3' },
    { items: [{ id: '3' }], nextCursor: null },
  ]

  test('over records fetches page after page', async () => {
    const { collection, requests } = serving(pages)
    const ids: string[] = []
    for await (const { id } of collection.records({ limit: 2, sort: 'id' })) ids.push(id)
    expect(ids).toEqual(['1', '2', '3'])
    const query = '/api/app/todos?sort=id&limit=2'
    expect(requests.map((request) => request.path)).toEqual([query, `${query}&cursor=c2`, `${query}&cursor=c3`])
  })

  test('over the collection gives all records', async () => {
    const { collection } = serving(pages)
    const ids: string[] = []
    for await (const { id } of collection) ids.push(id)
    expect(ids).toEqual(['1', '2', '3'])
  })

  test('over pages gives them as they come', async () => {
    const { collection } = serving(pages)
    const seen: unknown[] = []
    for await (const page of collection.pages()) seen.push(page)
    expect(seen).toEqual(pages)
  })

  test('that is left fetches no more', async () => {
    const { collection, requests } = serving(pages)
    for await (const _ of collection.records()) break
    expect(requests).toHaveLength(1)
  })

  test('that fails in the middle says so', async () => {
    const server = fakeServer([{ body: pages[0] }, problem(400, 'invalid_cursor')])
    const collection = createClient({ url: 'http://roadbase.test', app: 'app', fetch: server.fetch }).collection(
      'todos',
    )
    const all = async () => {
      for await (const _ of collection);
    }
    await expect(all).rejects.toMatchObject({ code: 'invalid_cursor' })
  })
})

test('idempotencyKey: true makes another key for each call', async () => {
  await todos.create({ title: 'a' }, { idempotencyKey: true })
  await todos.create({ title: 'a' }, { idempotencyKey: true })
  const [one, other] = anywhere.requests.slice(-2).map((request) => request.headers['idempotency-key'])
  expect(one).toMatch(/^[\da-f]{32}$/)
  expect(other).not.toBe(one)
})

function serving(pages: readonly object[]) {
  const { fetch, requests } = fakeServer(pages.map((body) => ({ body })))
  const client = createClient({ url: 'http://roadbase.test', app: 'app', fetch })
  return { collection: client.collection('todos'), requests }
}
