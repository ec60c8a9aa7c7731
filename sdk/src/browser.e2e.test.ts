import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../server/testing/start-server.ts'
import { bundle } from '../scripts/bundle.ts'
import type * as Sdk from './index.ts'

// The built SDK in a real browser, on a page of another origin than the server's, with two tabs.

const document = `
app: notes
auth: { signup: open }
collections:
  notes:
    schema: { required: [text], properties: { text: { type: string }, owner: { $ref: users, owner: true } } }
    rules: { read: record.owner == auth.id, write: record.owner == auth.id }
`

let apps: string
let site: Server
let server: TestServer
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  apps = await mkdtemp(join(tmpdir(), 'roadbase-apps-'))
  await mkdir(join(apps, 'notes'))
  await writeFile(join(apps, 'notes/app.yaml'), document)
  site = await serveSite(await bundle({ minify: true }))
  server = await startServer({ apps, flags: ['--cors', origin()] })
  // Containers have no sandbox for it, and little shared memory. The page is ours.
  browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-dev-shm-usage'] })
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
  site?.close()
  await rm(apps, { recursive: true, force: true })
})

beforeEach(async () => {
  await context?.close()
  context = await browser.newContext()
})

test('every operation works across origins', async () => {
  const page = await open()
  const steps = await run(page, async ({ createClient, filter }, url) => {
    const client = createClient({ url, app: 'notes' })
    const notes = client.collection('notes')
    await client.auth.signUp({ email: `${crypto.randomUUID()}@example.org`, password: 'a long enough passphrase' })
    const created = await notes.create({ text: 'one' }, { idempotencyKey: true, prefer: 'minimal' })
    const updated = await notes.update(created.id, { text: 'two' }, { ifMatch: created.version })
    const replaced = await notes.replace(created.id, { text: 'three' }, { ifMatch: updated.version })
    const stale = await notes
      .update(created.id, { text: 'x' }, { ifMatch: created.version })
      .catch((error) => error.code)
    const { items } = await notes.list({ filter: filter`text == ${'three'}` })
    await notes.delete(created.id)
    const gone = await notes.get(created.id).catch((error) => [error.name, error.code, typeof error.requestId])
    await client.auth.logOut()
    return { found: items.length, text: replaced['text'], stale, gone }
  })
  expect(steps).toEqual({
    found: 1,
    text: 'three',
    stale: 'version_mismatch',
    gone: ['RoadbaseError', 'not_found', 'string'],
  })
})

test('the session outlives the page', async () => {
  const page = await open()
  const email = await run(page, signUp)
  await page.reload()
  const user = await run(page, async ({ createClient, localStorageStore }, url) => {
    const client = createClient({ url, app: 'notes', store: localStorageStore() })
    return [client.auth.user?.email, (await client.auth.me()).email]
  })
  expect(user).toEqual([email, email])
})

test('two tabs whose access token has ended refresh once', async () => {
  const refreshes: string[] = []
  context.on('request', (request) => {
    if (request.url().endsWith('/auth/refresh') && request.method() === 'POST') refreshes.push(request.url())
  })
  const [one, other] = [await open(), await open()]
  const email = await run(one, signUp)
  await run(one, async ({ localStorageStore }) => {
    const store = localStorageStore()
    const session = JSON.parse(String(await store.get()))
    await store.set(JSON.stringify({ ...session, accessToken: `${session.accessToken}x` }))
  })
  const answers = await Promise.all([one, other].map((page) => run(page, readMe)))
  expect(answers).toEqual([email, email])
  expect(refreshes).toHaveLength(1)
})

test('signing out in one tab signs out the other', async () => {
  const [one, other] = [await open(), await open()]
  await run(one, signUp)
  const before = await run(other, async ({ createClient, localStorageStore }, url) => {
    const { auth } = createClient({ url, app: 'notes', store: localStorageStore() })
    const heard = new Promise<unknown>((resolve) => auth.onChange(resolve))
    Object.assign(globalThis, { heard })
    return auth.user !== undefined
  })
  await run(one, async ({ createClient, localStorageStore }, url) => {
    await createClient({ url, app: 'notes', store: localStorageStore() }).auth.logOut()
  })
  const after = await other.evaluate('heard.then((user) => user === undefined)')
  expect([before, after]).toEqual([true, true])
})

test('a page of an origin that is not allowed gets no answer', async () => {
  const page = await context.newPage()
  await page.goto(origin().replace('127.0.0.1', 'localhost'))
  const code = await run(page, async ({ createClient }, url) => {
    const client = createClient({ url, app: 'notes', retries: 0 })
    return client
      .collection('notes')
      .list()
      .then(
        () => 'answered',
        (error) => error.code,
      )
  })
  expect(code).toBe('network_error')
})

async function signUp({ createClient, localStorageStore }: typeof Sdk, url: string): Promise<string> {
  const client = createClient({ url, app: 'notes', store: localStorageStore() })
  const email = `${crypto.randomUUID()}@example.org`
  await client.auth.signUp({ email, password: 'a long enough passphrase' })
  return email
}

async function readMe({ createClient, localStorageStore }: typeof Sdk, url: string): Promise<string> {
  const client = createClient({ url, app: 'notes', store: localStorageStore() })
  return (await client.auth.me()).email
}

async function open(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(origin())
  return page
}

/** Runs a function inside the page, with the SDK that the page has loaded. */
async function run<T>(page: Page, work: (sdk: typeof Sdk, url: string) => Promise<T>): Promise<T> {
  return page.evaluate(`import('/roadbase.js').then((sdk) => (${work.toString()})(sdk, ${JSON.stringify(server.url)}))`)
}

async function serveSite(sdk: string): Promise<Server> {
  const http = createServer((request, response) => {
    const script = request.url === '/roadbase.js'
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
    response.end(script ? sdk : '<!doctype html><title>page</title>')
  })
  http.listen(0)
  await once(http, 'listening')
  return http
}

function origin(): string {
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`
}

/** `npm test` installs Chromium where the system has a package for it. */
function findBrowser(): string {
  const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const found = [process.env['CHROMIUM'], ...places].find((path) => path !== undefined && existsSync(path))
  if (found === undefined) throw new Error(`No Chromium at ${places.join(', ')}; set CHROMIUM to its path`)
  return found
}
