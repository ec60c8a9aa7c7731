import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Caller, callerAt } from './client.ts'

/** Collections that keep keys which their document does not name. */
let folder: string
let server: TestServer
let admin: Caller
let things: Caller
let version = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadbase-free-'))
  server = await startServer({ apps: folder })
  const key = await readFile(join(server.data, 'secrets/admin.key'), 'utf8')
  admin = callerAt(server.url, '../admin/api', 'administrator', key.trim())
})
afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

let app = ''
beforeEach(async () => {
  app = `free-${++version}`
  things = callerAt(server.url, app, 'anybody')
  expect(await load()).toEqual([200, 'create'])
})

/** With more fields, or `additionalProperties` of another kind. */
function documentOf(fields: Readonly<Record<string, string>> = {}, additional = 'true'): string {
  const properties = { title: '{ type: string }', ...fields }
  return `app: ${app}
collections:
  things:
    schema:
      required: [title]
      additionalProperties: ${additional}
      properties:
${Object.entries(properties)
  .map(([name, schema]) => `        ${name}: ${schema}`)
  .join('\n')}
    rules: { read: ${additional === 'true' ? 'record.hidden != true' : 'true'}, write: true }
  notes:
    schema: { properties: { thing: { $ref: things }, color: { type: string } } }
    rules: { read: true, write: true }
`
}

async function load(document = documentOf(), query = '?allowDestructive=true') {
  const { status, json } = await admin.send('PUT', `/apps/${app}${query}`, document, {
    'content-type': 'application/yaml',
  })
  return [status, status === 200 ? json.outcome : json]
}

const create = (body: unknown) => things.send('POST', '/things', body)
const list = async (query: string) => {
  const { status, json } = await things.send('GET', `/things?${query}`)
  return status === 200 ? json.items.map(({ title }: { title: string }) => title) : json
}
const encoded = (filter: string) => `filter=${encodeURIComponent(filter)}&sort=title`

describe('a record', () => {
  test('keeps what its document does not name, as it came', async () => {
    const free = {
      color: 'red',
      size: 3,
      tags: ['a', { b: null }],
      deep: { er: { x: 1.5 } },
      'first name': 'Ünï',
      yes: true,
    }
    const { status, json } = await create({ title: 'One', ...free })
    expect(status).toBe(201)
    expect(json).toMatchObject({ title: 'One', ...free })
    const read = await things.send('GET', `/things/${json.id}`)
    expect(read.json).toEqual(json)
    expect(read.text.match(/"color"/g)).toHaveLength(1)
    expect((await things.send('GET', '/things')).json.items).toEqual([json])
  })

  test('without any is as those of other collections', async () => {
    const { json } = await create({ title: 'Plain', nothing: null })
    expect(Object.keys(json)).toEqual(['id', 'title', 'createdAt', 'updatedAt', 'version'])
  })

  test('is patched key by key, deeply, and null takes a key away', async () => {
    const { json } = await create({ title: 'One', color: 'red', deep: { a: 1, b: 2 } })
    const patched = await things.send('PATCH', `/things/${json.id}`, { color: null, deep: { a: null, c: 3 }, size: 1 })
    expect(patched.json).toMatchObject({ title: 'One', deep: { b: 2, c: 3 }, size: 1 })
    expect(patched.json).not.toHaveProperty('color')
    expect(patched.json.version).toBe(json.version + 1)
  })

  test('is replaced with all of its keys', async () => {
    const { json } = await create({ title: 'One', color: 'red' })
    const put = await things.send('PUT', `/things/${json.id}`, { title: 'Two', size: 1 })
    expect(put.json).toMatchObject({ title: 'Two', size: 1 })
    expect(put.json).not.toHaveProperty('color')
  })

  test('that many patch at once loses none of it', async () => {
    const { json } = await create({ title: 'One' })
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => things.send('PATCH', `/things/${json.id}`, { [`k${index}`]: index })),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const { json: after } = await things.send('GET', `/things/${json.id}`)
    expect(Object.keys(after).filter((name) => /^k\d+$/.test(name))).toHaveLength(40)
  })

  test('shows the keys that are asked for', async () => {
    const { json } = await create({ title: 'One', color: 'red', size: 3 })
    const part = await things.send('GET', `/things/${json.id}?fields=title,size,nothing`)
    expect(part.json).toEqual({ title: 'One', size: 3 })
    expect((await things.send('GET', `/things/${json.id}?fields=color`)).json).toEqual({ color: 'red' })
    const note = await callerAt(server.url, app, 'a').send('POST', '/notes', { thing: json.id })
    const expanded = await callerAt(server.url, app, 'a').send('GET', `/notes/${note.json.id}?expand=thing`)
    expect(expanded.json.expand.thing).toEqual(json)
  })
})

test('an export has them: as keys of JSON, in CSV as one cell', async () => {
  const { json } = await create({ title: 'One', color: 'red', deep: { er: 1 } })
  await create({ title: 'Two' })
  expect((await things.send('GET', '/things/-export?format=json&sort=title')).json[0]).toEqual(json)
  const csv = await things.send('GET', '/things/-export?format=csv&fields=title,color,deep&sort=title')
  expect(csv.text).toBe('title,*\nOne,"{""deep"": {""er"": 1}, ""color"": ""red""}"\nTwo,\n')

  const imported = async (body: string, type: string) => {
    const { text } = await things.send('POST', '/things/-import', body, { 'content-type': type })
    return JSON.parse(text.trim().split('\n').at(-1) ?? '')
  }
  expect(await imported(csv.text, 'text/csv')).toMatchObject({ created: 2, failed: 0 })
  expect(await imported('{"title":"Three","color":"blue"}\n', 'application/x-ndjson')).toMatchObject({ created: 1 })
  expect(await list(encoded("color == 'red' && deep.er == 1"))).toEqual(['One', 'One'])
  expect(await imported('title,*\nFour,[]\n', 'text/csv')).toMatchObject({ failed: 1, errors: [{ line: 2 }] })
})

describe('what can be no key is refused', () => {
  test.each([
    ['_score', 400],
    ['$where', 400],
    ['*', 400],
    ['-x', 400],
    ['', 400],
    ['expand', 400],
    ['toString', 400],
    ['x'.repeat(101), 400],
    ['version', 400],
    ['createdAt', 400],
  ])('%j', async (name, status) => {
    const { status: answered, json } = await create(`{"title": "One", ${JSON.stringify(name)}: 1}`)
    expect([answered, json.code, json.errors[0].pointer]).toEqual([status, 'unknown_field', `/${name}`])
    const { json: stored } = await create({ title: 'One' })
    expect((await things.send('PATCH', `/things/${stored.id}`, `{${JSON.stringify(name)}: 1}`)).status).toBe(status)
  })

  test('what reaches the prototype, in whatever depth', async () => {
    expect((await create('{"title": "One", "__proto__": {"admin": true}}')).status).toBe(400)
    expect((await create('{"title": "One", "a": {"__proto__": {"admin": true}}}')).status).toBe(400)
    expect((await create('{"title": "One", "constructor": {"prototype": {"admin": true}}}')).status).toBe(400)
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
  })

  test('too many of them', async () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`k${index}`, 1]))
    expect((await create({ title: 'One', ...many })).json.errors).toMatchObject([{ code: 'too_many' }])
  })

  test('an operator on one', async () => {
    const { json } = await create({ title: 'One', size: 3 })
    const { status, json: problem } = await things.send('PATCH', `/things/${json.id}`, { size: { $inc: 1 } })
    expect([status, problem.errors[0]]).toMatchObject([422, { pointer: '/size', code: 'operator' }])
  })

  test('values of another kind than the document says', async () => {
    expect(await load(documentOf({}, '{ type: integer, minimum: 1 }'))).toEqual([200, 'update'])
    const { json } = await create({ title: 'One', size: 0, color: 'red', count: 7 })
    expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/size', '/color'])
    expect((await create({ title: 'One', count: 7 })).json).toMatchObject({ count: 7 })
  })
})

describe('free keys are filtered by', () => {
  beforeEach(async () => {
    await create({ title: 'a', color: 'red', size: 3, deep: { er: 'x' }, tags: ['big', 'new'] })
    await create({ title: 'b', color: 'blue', size: 10, tags: [] })
    await create({ title: 'c', color: 7 })
    await create({ title: 'd' })
    await create({ title: 'e', color: 'red', hidden: true })
  })

  test.each([
    ["color == 'red'", ['a']],
    ["color != 'red'", ['b', 'c', 'd']],
    ['color == null', ['d']],
    ['size > 3', ['b']],
    ['size >= 3.0', ['a', 'b']],
    ["deep.er == 'x'", ['a']],
    ["'big' in tags", ['a']],
    ['color != null && size < 5', ['a']],
    ["title == 'd' || color == 'blue'", ['b', 'd']],
    ["nothing == 'at all'", []],
  ])('%s', async (filter, expected) => {
    expect(await list(encoded(filter))).toEqual(expected)
  })

  test('and sorted by: numbers come after texts, and last what has none, on every page', async () => {
    const first = await things.send('GET', '/things?sort=color,title&limit=2')
    const second = await things.send('GET', `/things?sort=color,title&limit=2&cursor=${first.json.nextCursor}`)
    const titles = [first, second].map(({ json }) => json.items.map(({ title }: { title: string }) => title))
    expect(titles).toEqual([
      ['b', 'a'],
      ['c', 'd'],
    ])
    expect(await list('sort=-size:nullsLast,title')).toEqual(['b', 'a', 'c', 'd'])
    expect((await things.send('GET', '/things?sort=deep.er')).status).toBe(200)
    expect((await things.send('GET', '/things?sort=_score')).json.code).toBe('invalid_sort')
  })

  test('nothing that could be injected', async () => {
    expect(await list(encoded(`color == "' or true --"`))).toEqual([])
    expect((await things.send('GET', `/things?${encoded(`color"::text == 'x'`)}`)).status).toBe(400)
  })

  test('a rule that reads one holds for those without it too', async () => {
    expect(await list('sort=title')).toEqual(['a', 'b', 'c', 'd'])
  })

  test('one over a relation', async () => {
    const notes = callerAt(server.url, app, 'anybody')
    const [first] = (await things.send('GET', '/things?sort=title&limit=1')).json.items
    await notes.send('POST', '/notes', { thing: first.id, color: 'green' })
    const found = async (filter: string) =>
      (await notes.send('GET', `/notes?filter=${encodeURIComponent(filter)}`)).json.items.length
    expect([await found("thing.color == 'red'"), await found("thing.color == 'blue'")]).toEqual([1, 0])
  })
})

describe('a key becomes a field', () => {
  test('with its values, which are free no longer', async () => {
    const { json } = await create({
      title: 'a',
      color: 'red',
      size: 3,
      until: '2026-02-28T09:30:00+01:00',
      big: '12345678901234567890',
    })
    await create({ title: 'b', other: 1 })
    const fields = {
      color: '{ enum: [red, blue], default: blue }',
      size: '{ type: integer }',
      until: '{ type: string, format: date-time }',
      big: '{ type: string, format: decimal, scale: 0 }',
    }
    expect(await load(documentOf(fields))).toEqual([200, 'update'])
    expect((await things.send('GET', `/things/${json.id}`)).json).toEqual({
      ...json,
      until: '2026-02-28T08:30:00.000Z',
    })
    expect(await list(encoded("color == 'blue' && other == 1"))).toEqual(['b'])
    expect((await create({ title: 'c', color: 'green' })).json.errors[0].pointer).toBe('/color')
    expect((await create({ title: 'c', size: 4 })).json).toMatchObject({ size: 4, color: 'blue' })
  })

  test('unless some value does not fit: then nothing changes, and they are counted', async () => {
    await create({ title: 'a', size: 'large' })
    await create({ title: 'b', size: 2 })
    const [status, problem] = await load(documentOf({ size: '{ type: integer }' }))
    expect([status, JSON.stringify(problem)]).toEqual([
      expect.any(Number),
      expect.stringContaining("records of things whose 'size' does not fit the new field: 1"),
    ])
    expect((await things.send('GET', '/things?sort=title')).json.items).toMatchObject([{ size: 'large' }, { size: 2 }])
  })

  test('and with a rollback a free key again, with what was written since', async () => {
    const { json } = await create({ title: 'a', color: 'red' })
    expect(await load(documentOf({ color: '{ type: string }' }))).toEqual([200, 'update'])
    await things.send('PATCH', `/things/${json.id}`, { color: 'blue' })
    const back = await admin.send('POST', `/apps/${app}/rollback`, { version: 1, allowDestructive: true })
    expect(back.status).toBe(200)
    expect((await things.send('GET', `/things/${json.id}`)).json).toMatchObject({ color: 'blue' })
    expect(await list(encoded("color == 'blue'"))).toEqual(['a'])
  })

  test('also when the collection is closed at the same time; opened again it has the others back', async () => {
    const { json } = await create({ title: 'a', color: 'red', size: 3 })
    expect(await load(documentOf({ color: '{ type: string }' }, 'false'))).toEqual([200, 'update'])
    const closed = (await things.send('GET', `/things/${json.id}`)).json
    expect([closed.color, closed.size]).toEqual(['red', undefined])
    expect((await create({ title: 'b', size: 1 })).status).toBe(400)

    expect(await load(documentOf({ color: '{ type: string }' }))).toEqual([200, 'update'])
    const open = await things.send('GET', `/things/${json.id}`)
    expect(open.json).toMatchObject({ color: 'red', size: 3 })
    expect(open.text.match(/"color"/g)).toHaveLength(1)
  })

  test('a renamed field does not cover a key of its new name', async () => {
    await create({ title: 'a', heading: 'free' })
    const renamed = documentOf().replace('title: { type: string }', 'heading: { type: string, renamedFrom: title }')
    const [, problem] = await load(renamed.replace('required: [title]', 'required: [heading]'))
    expect(JSON.stringify(problem)).toContain("a free key 'heading' already: 1")
  })
})
