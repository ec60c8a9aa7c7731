import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Answer, type Caller, callerAt } from './client.ts'

/** A document that is changed while its app is being used, by a server in development; and crashes in between. */
let folder: string
let data: string
let server: TestServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadbase-changes-'))
  data = join(folder, 'data')
  for (const path of [data, join(folder, 'apps/shop')]) await mkdir(path, { recursive: true })
  for (const path of [folder, data]) await chmod(path, 0o755)
  await write(document())
  server = await start()
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Parts {
  readonly fields?: string
  readonly keys?: string
  readonly collections?: string
  readonly rules?: string
}

function document({ fields = '', keys = '', collections = '', rules = 'read: true, write: true' }: Parts = {}): string {
  return `app: shop
collections:
  orders:
    schema:
      required: [number]
      properties:
        number: { type: integer }
        ${fields}
    ${keys}
    rules: { ${rules} }
  ${collections}
`
}

const write = (text: string) => writeFile(join(folder, 'apps/shop/app.yaml'), text)
const start = () => startServer({ data, apps: join(folder, 'apps'), flags: ['--dev'] })
const shop = (): Caller => callerAt(server.url, 'shop', 'anonymous')

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}\n${server.output().slice(-2000)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Readers and writers that go on until they are told to stop, and what they were told that is no success. */
function traffic(clients: number) {
  const strange: string[] = []
  const ids: string[] = []
  let running = true
  const note = (answer: Answer, ...expected: number[]) => {
    if (!expected.includes(answer.status)) strange.push(`${answer.status} ${answer.text}`)
  }
  const client = async (first: number) => {
    for (let number = first; running; number += clients) {
      const made = await shop().send('POST', '/orders', { number })
      note(made, 201)
      if (made.status !== 201) continue
      ids.push(made.json.id)
      note(await shop().send('PATCH', `/orders/${made.json.id}`, { number: { $inc: 0 } }), 200)
      note(await shop().send('GET', `/orders/${made.json.id}`), 200)
      note(
        await shop().send('GET', `/orders?filter=number%20%3E%20${number - 5}&sort=-number&limit=5&count=exact`),
        200,
      )
      note(await shop().send('GET', `/orders/${made.json.id}?fields=number`), 200)
    }
  }
  const all = Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  return {
    strange,
    ids,
    async stop() {
      running = false
      await all
    },
  }
}

const logged = (event: string) => server.output().split(`"event":"${event}"`).length - 1

test('fields, collections, keys and rules come while requests go on, and none of them fails', async () => {
  const going = traffic(8)
  await until('there are orders', async () => going.ids.length > 50)

  await write(document({ fields: 'note: { type: string, default: new }' }))
  await until(
    'the field is there',
    async () => (await shop().send('POST', '/orders', { number: -1, note: 'x' })).status === 201,
  )
  const [old = ''] = going.ids
  expect((await shop().send('GET', `/orders/${old}`)).json).toHaveProperty('note')

  const fields = 'note: { type: string, default: new }'
  const keys = 'index: [[number], [note, -number]]'
  const collections = `lines:
    schema: { required: [parent], properties: { parent: { $ref: orders, onDelete: cascade }, amount: { type: string, format: decimal } } }
    rules: { read: true, write: true }`
  await write(document({ fields, keys, collections }))
  await until(
    'the collection is there',
    async () => (await shop().send('POST', '/lines', { parent: old, amount: '1.5' })).status === 201,
  )
  expect((await shop().send('GET', '/lines?expand=parent')).json.items[0].expand.parent.id).toBe(old)

  await write(document({ fields, keys, collections, rules: 'read: true, create: true, update: true, delete: false' }))
  await until('nobody may delete', async () => {
    const { json } = await shop().send('POST', '/orders', { number: 0 })
    return (await shop().send('DELETE', `/orders/${json.id}`)).status === 403
  })

  await going.stop()
  expect(going.strange).toEqual([])
})

test('a change that would lose data, or that is no document, is refused, and the live version goes on serving', async () => {
  const fields = 'note: { type: string, default: new }'
  const going = traffic(4)
  const bad = [
    document(),
    document({ fields: 'note: { type: integer }' }),
    document({ fields, keys: 'unique: [[note]]' }),
    document({ fields, keys: 'check: record.number > 1000000' }),
    document({ fields, rules: 'read: nobody' }),
    'app: shop\ncollections: [',
    'app: other\n',
  ]
  for (const text of bad) {
    const before = logged('app.rejected')
    await write(text)
    await until('the change is refused', async () => logged('app.rejected') > before)
    expect((await shop().send('GET', '/lines')).status, text).toBe(200)
    expect((await shop().send('POST', '/orders', { number: 1, note: 'still' })).status, text).toBe(201)
  }
  await going.stop()
  expect(going.strange).toEqual([])
})

test('after a crash the version that was applied last serves, whatever the file says; mended, it is applied', async () => {
  await server.kill()
  server = await start()
  // The file is still the last bad one: the version that was live serves.
  expect((await shop().send('GET', '/lines')).json.items).toHaveLength(1)
  expect((await shop().send('POST', '/orders', { number: 2, note: 'after' })).status).toBe(201)

  const whole = document({
    fields: 'note: { type: string, default: new }\n        colour: { enum: [red, blue] }',
    keys: 'index: [[number], [note, -number]]',
    collections: `lines:
    schema: { required: [parent], properties: { parent: { $ref: orders, onDelete: cascade }, amount: { type: string, format: decimal } } }
    rules: { read: true, write: true }`,
  })
  // Killed at any moment of applying, it is there as a whole or not at all, and comes at the next start.
  for (const wait of [0, 30, 120]) {
    await write(`${whole}# ${wait}\n`)
    await new Promise((resolve) => setTimeout(resolve, wait))
    await server.kill()
    server = await start()
    const { status, text } = await shop().send('POST', '/orders', { number: 3, colour: 'red' })
    expect(status, text).toBe(201)
  }
  expect(logged('app.failed')).toBe(0)
  expect((await shop().send('GET', '/orders?count=exact&filter=note%20%3D%3D%20%22after%22')).json.total).toBe(1)
})
