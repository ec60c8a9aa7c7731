import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Answer, type Caller, callerAt } from './client.ts'

/** An app in the hands of administrators, over the wire: from its first load to the last trace of it, with restarts in between. */
let folder: string
let server: TestServer
let admin: Caller

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadbase-lifecycle-'))
  for (const path of ['data', 'apps/kept']) await mkdir(join(folder, path), { recursive: true })
  for (const path of ['', 'data']) await chmod(join(folder, path), 0o755)
  await writeFile(join(folder, 'apps/kept/app.yaml'), documentOf('kept', ['title']))
  await start()
})
afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<void> {
  server = await startServer({ data: join(folder, 'data'), apps: join(folder, 'apps') })
  const key = await readFile(join(folder, 'data/secrets/admin.key'), 'utf8')
  admin = callerAt(server.url, '../admin/api', 'administrator', key.trim())
}

async function restart(): Promise<void> {
  await server.stop()
  await start()
}

function documentOf(app: string, fields: readonly string[], more = ''): string {
  const properties = fields.map((field) => `        ${field}: { type: string }`).join('\n')
  return `app: ${app}
collections:
  tasks:
    schema:
      properties:
${properties}
    rules: { read: 'true', write: 'true' }
${more}`
}

const yaml = { 'content-type': 'application/yaml' }
const put = (path: string, document: string, headers: Readonly<Record<string, string>> = yaml) =>
  admin.send('PUT', `/apps/${path}`, document, headers)
const tasks = (app = 'todo') => callerAt(server.url, app, 'anybody')
const outcome = ({ status, json }: Answer) => [status, json?.outcome ?? json?.code, json?.version]

describe('an app that is sent', () => {
  test('is served at once, and after a restart', async () => {
    expect(outcome(await put('todo', documentOf('todo', ['title', 'note'])))).toEqual([200, 'create', 1])
    const made = await tasks().send('POST', '/tasks', { title: 'One', note: 'kept' })
    expect(made.status).toBe(201)
    await restart()
    expect((await tasks().send('GET', `/tasks/${made.json.id}`)).json).toMatchObject({ title: 'One', note: 'kept' })
    expect((await admin.send('GET', '/apps')).json.items).toMatchObject([
      { slug: 'kept', state: 'live', version: 1, origin: 'folder', issues: [] },
      { slug: 'todo', state: 'live', version: 1, origin: 'api', issues: [] },
    ])
  })

  test('tells its mistakes with their places', async () => {
    const { status, json } = await put('todo', documentOf('todo', ['title'], '    indx: [title]\n'))
    expect([status, json.code]).toEqual([422, 'invalid_document'])
    expect(json.errors).toEqual([
      {
        pointer: '/collections/tasks/indx',
        code: 'invalid',
        ...{ file: 'app.yaml', line: 8, column: 5 },
        message: expect.stringContaining("unknown key 'indx'"),
        suggestion: "did you mean 'index'?",
        excerpt: expect.stringContaining('^^^^'),
      },
    ])
    expect((await tasks().send('GET', '/tasks')).status).toBe(200)
  })

  test('loses nothing without consent to the very plan', async () => {
    const less = documentOf('todo', ['title'])
    const planned = await put('todo?plan=true', less)
    expect(planned.json).toMatchObject({ app: 'todo', from: 1, to: 2, outcome: 'update', refusals: [] })
    expect(planned.json.changes).toEqual([
      { pointer: '/collections/tasks/schema/properties/note', before: { type: 'string' } },
    ])
    expect(planned.json.steps).toContainEqual(
      expect.objectContaining({ action: 'hide', name: 'tasks.note', consent: expect.any(String) }),
    )
    for (const query of ['', '?consent=something', `?consent=${planned.json.consent}x`]) {
      const refused = await put(`todo${query}`, less)
      expect(outcome(refused)).toEqual([409, 'consent_required', undefined])
      expect(refused.json.plan).toEqual(planned.json)
    }
    const other = await put(`todo?consent=${planned.json.consent}`, documentOf('todo', ['note']))
    expect(outcome(other)).toEqual([409, 'consent_required', undefined])
    expect(outcome(await put(`todo?consent=${planned.json.consent}`, less))).toEqual([200, 'update', 2])
    expect((await tasks().send('GET', '/tasks')).json.items[0].note).toBeUndefined()
    expect((await admin.send('GET', '/apps/todo')).json).toMatchObject({
      version: 2,
      remains: [{ kind: 'field', name: 'tasks.note', version: 1 }],
    })
  })

  test('goes back, with the data that were dropped, and knows who did what', async () => {
    expect(outcome(await admin.send('POST', '/apps/todo/rollback', { version: 1 }))).toEqual([200, 'update', 3])
    expect((await tasks().send('GET', '/tasks')).json.items).toMatchObject([{ title: 'One', note: 'kept' }])
    const versions = (await admin.send('GET', '/apps/todo/versions')).json.items
    expect(versions).toMatchObject([
      { version: 3, origin: 'api', current: true },
      { version: 2, origin: 'api', current: false },
      { version: 1, origin: 'api', current: false },
    ])
    expect(versions.map(({ appliedBy }: { appliedBy: string }) => typeof appliedBy)).toEqual(Array(3).fill('string'))
    const { json } = await admin.send('GET', '/audit?app=todo')
    expect(json.items.map(({ action, target }: Record<string, unknown>) => [action, target])).toEqual([
      ['app.rolled_back', '3'],
      ['app.loaded', '2'],
      ['app.loaded', '1'],
    ])
  })

  test('is purged for good', async () => {
    await put('todo?allowDestructive=true', documentOf('todo', ['title']))
    expect((await admin.send('POST', '/apps/todo/purge')).json).toEqual({
      purged: [{ kind: 'field', name: 'tasks.note', version: 3 }],
    })
    await admin.send('POST', '/apps/todo/rollback', { version: 1 })
    const { items } = (await tasks().send('GET', '/tasks')).json
    expect(items).toMatchObject([{ title: 'One', note: null }])
  })
})

describe('an archive', () => {
  const tar = { 'content-type': 'application/x-tar' }
  type Entry = Partial<Header> & { readonly name: string; readonly text?: string }

  async function send(app: string, entries: readonly Entry[], zip = false): Promise<Answer> {
    const archive = pack()
    for (const { text = '', ...header } of entries) archive.entry(header, text)
    archive.finalize()
    const bytes = await buffer(archive)
    const response = await fetch(`${server.url}/admin/api/apps/${app}`, {
      method: 'PUT',
      headers: { ...tar, authorization: await key() },
      body: new Uint8Array(zip ? gzipSync(bytes) : bytes),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) }
  }

  const key = async () => `Bearer ${(await readFile(join(folder, 'data/secrets/admin.key'), 'utf8')).trim()}`
  const app: Entry = { name: 'packed/app.yaml', text: 'app: packed\ninclude: [parts/*.yaml]\n' }
  const part: Entry = {
    name: 'packed/parts/notes.yaml',
    text: 'collections: { notes: { schema: { properties: { text: { type: string } } } } }',
  }

  test.each([false, true])('becomes an app; compressed: %s', async (zip) => {
    expect(outcome(await send('packed', [app, part], zip))).toEqual([200, zip ? 'unchanged' : 'create', 1])
  })

  test.each<[what: string, evil: Entry]>([
    ['a path out of the folder', { name: '../evil.yaml' }],
    ['an absolute path', { name: '/etc/evil.yaml' }],
    ['a link', { name: 'packed/link.yaml', type: 'symlink', linkname: '/etc/passwd' }],
  ])('with %s is refused as a whole', async (_, evil) => {
    expect(outcome(await send('evil', [app, part, evil]))).toEqual([400, 'unsafe_archive', undefined])
  })

  test('that is a bomb ends at the limit, and nobody notices', async () => {
    const bomb = { name: 'packed/more.yaml', text: ' '.repeat(64 * 1024 * 1024) }
    expect(outcome(await send('packed', [app, part, bomb], true))).toEqual([400, 'invalid_archive', undefined])
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })
})

describe('the folder of apps', () => {
  test('counts again when its files change', async () => {
    expect(outcome(await put('kept', documentOf('kept', ['title', 'note'])))).toEqual([200, 'update', 2])
    await restart()
    expect((await admin.send('GET', '/apps/kept')).json).toMatchObject({ version: 2, origin: 'api' })
    await writeFile(join(folder, 'apps/kept/app.yaml'), documentOf('kept', ['title', 'note', 'more']))
    await restart()
    expect((await admin.send('GET', '/apps/kept')).json).toMatchObject({ version: 3, origin: 'folder' })
  })

  test('loses nothing without consent: the version before is served, with the command that agrees', async () => {
    await writeFile(join(folder, 'apps/kept/app.yaml'), documentOf('kept', ['title']))
    await restart()
    const { json } = await admin.send('GET', '/apps/kept')
    expect(json).toMatchObject({ state: 'outdated', version: 3 })
    expect(json.issues.at(-1).suggestion).toMatch(/roadbase apps load \S+\/apps\/kept --consent [\w-]{22}$/)
    expect((await tasks('kept').send('GET', '/tasks')).status).toBe(200)
  })
})

describe('the end of an app', () => {
  test('retired: not served, also after a restart, until it is loaded again', async () => {
    expect((await admin.send('DELETE', '/apps/todo')).status).toBe(204)
    expect((await tasks().send('GET', '/tasks')).status).toBe(404)
    await restart()
    expect((await tasks().send('GET', '/tasks')).status).toBe(404)
    expect((await admin.send('GET', '/apps/todo')).json).toMatchObject({ state: 'retired' })
    await put('todo', documentOf('todo', ['title', 'note']))
    expect((await tasks().send('GET', '/tasks')).json.items).toMatchObject([{ title: 'One' }])
  })

  test('dropped: nothing of it is left, while requests are under way', async () => {
    let isDropped = false
    const statuses = new Set<number>()
    const reading = (async () => {
      while (!isDropped) statuses.add((await tasks().send('GET', '/tasks')).status)
    })()
    expect((await admin.send('DELETE', '/apps/todo?drop=true')).status).toBe(204)
    isDropped = true
    await reading
    expect([...statuses].filter((status) => status !== 200 && status !== 404)).toEqual([])
    expect((await admin.send('GET', '/apps/todo')).status).toBe(404)
    await restart()
    expect((await tasks().send('GET', '/tasks')).status).toBe(404)
    expect(outcome(await put('todo', documentOf('todo', ['title'])))).toEqual([200, 'create', 1])
    expect((await tasks().send('GET', '/tasks')).json.items).toEqual([])
  })
})

test('a server that is killed while it loads an app serves the version before, and loads the next one', async () => {
  await put('todo?allowDestructive=true', documentOf('todo', ['title']))
  const loading = put('todo', documentOf('todo', ['title', 'more'], '    index: [[title], [more]]\n')).catch(() => {})
  await server.kill()
  await loading
  await start()
  expect((await tasks().send('GET', '/tasks')).status).toBe(200)
  expect((await put('todo', documentOf('todo', ['title', 'other']))).status).toBe(200)
  expect((await tasks().send('POST', '/tasks', { other: 'x' })).status).toBe(201)
})
