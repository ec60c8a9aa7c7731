import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Caller, callerAt, signUp } from './client.ts'

/** States and transitions, over the wire. */
let server: TestServer
let buyer: Caller
let stranger: Caller
let machine: Caller
let audit: Caller

beforeAll(async () => {
  server = await startServer({ apps: join(import.meta.dirname, 'apps') })
  buyer = await signUp(server.url, 'lab', 'buyer')
  stranger = await signUp(server.url, 'lab', 'stranger')
  const key = (await readFile(join(server.data, 'secrets/admin.key'), 'utf8')).trim()
  machine = callerAt(server.url, 'lab', 'administrator', key)
  audit = callerAt(server.url, '../admin/api', 'administrator', key)
})
afterAll(() => server.stop())

async function order(item?: string): Promise<string> {
  return (await buyer.send('POST', '/orders', item === undefined ? {} : { item })).json.id
}

test('a transition is a POST to its name, and answers with the record', async () => {
  const id = await order('flask')
  expect((await buyer.send('GET', `/orders/${id}/-transitions`)).json).toEqual({
    items: [
      { name: 'send', to: 'sent' },
      { name: 'confirm', to: 'arrived' },
    ],
  })
  const { status, json, headers } = await buyer.send('POST', `/orders/${id}/send`)
  expect([status, json.state, json.version]).toEqual([200, 'sent', 2])
  expect(headers.get('etag')).toMatch(/^"2\./)
  expect((await buyer.send('GET', `/orders/${id}/-transitions`)).json.items).toEqual([
    { name: 'confirm', to: 'arrived' },
  ])
  const minimal = await buyer.send('POST', `/orders/${id}/confirm`, {}, { prefer: 'return=minimal', 'if-match': '"2"' })
  expect([minimal.status, minimal.json]).toEqual([200, { id, version: 3 }])
})

test('what stands in the way is told by its code', async () => {
  const empty = await order()
  const full = await order('flask')
  const codeOf = async (path: string, by = buyer, body?: unknown, headers = {}) => {
    const { status, json } = await by.send('POST', path, body, headers)
    return `${status} ${json.code}`
  }
  expect(await codeOf(`/orders/${empty}/send`)).toBe('409 nothing_ordered')
  expect(await codeOf(`/orders/${full}/send`, stranger)).toBe('403 forbidden')
  expect(await codeOf(`/orders/${full}/lose`)).toBe('403 forbidden')
  expect(await codeOf(`/orders/${full}/send`, buyer, { item: 'x' })).toBe('400 unknown_field')
  expect(await codeOf(`/orders/${full}/send`, buyer, [])).toBe('400 malformed_json')
  expect(await codeOf(`/orders/${full}/send`, buyer, undefined, { 'if-match': '"9"' })).toBe('412 version_mismatch')
  expect(await codeOf(`/orders/${full}/sned`)).toBe('404 not_found')
  expect(await codeOf(`/points/${full}/send`)).toBe('404 not_found')
  expect((await buyer.send('GET', `/orders/${full}/send`)).status).toBe(405)
  expect((await buyer.send('GET', `/points/${full}/-transitions`)).status).toBe(404)
  expect((await buyer.send('PATCH', `/orders/${full}`, { state: 'sent' })).json.code).toBe('unknown_field')
  await buyer.send('POST', `/orders/${full}/send`)
  expect((await buyer.send('POST', `/orders/${full}/send`)).json).toMatchObject({
    status: 409,
    code: 'wrong_state',
    transition: 'send',
    from: ['open'],
    to: 'sent',
    state: 'sent',
  })
})

test('one of 1,000 clients moves the record, the others are told where it is', async () => {
  const id = await order('flask')
  const answers = await Promise.all(Array.from({ length: 1000 }, () => buyer.send('POST', `/orders/${id}/send`)))
  const counts = new Map<string, number>()
  for (const { status, json } of answers) {
    const told = `${status} ${json.code ?? json.state}`
    counts.set(told, (counts.get(told) ?? 0) + 1)
  }
  expect(Object.fromEntries(counts)).toEqual({ '200 sent': 1, '409 wrong_state': 999 })
})

test('the history of a record is read and gone back to', async () => {
  const id = await order('flask')
  await buyer.send('PATCH', `/orders/${id}`, { item: 'tube' })
  const { json } = await buyer.send('GET', `/orders/${id}/-history?limit=1`)
  expect(json.items).toMatchObject([{ version: 2, by: buyer.id, action: 'update', record: { id, item: 'tube' } }])
  const rest = await buyer.send('GET', `/orders/${id}/-history?cursor=${json.nextCursor}`)
  expect(rest.json).toMatchObject({
    items: [{ version: 1, action: 'create', record: { item: 'flask' } }],
    nextCursor: null,
  })
  expect((await stranger.send('GET', `/orders/${id}/-history`)).status).toBe(404)
  expect((await stranger.send('POST', `/orders/${id}/-revert`, { version: 1 })).status).toBe(404)
  const back = await buyer.send('POST', `/orders/${id}/-revert`, { version: 1 }, { 'if-match': '"2"' })
  expect([back.status, back.json.item, back.json.version]).toEqual([200, 'flask', 3])
  expect(back.headers.get('etag')).toMatch(/^"3\./)
})

test('administrators use what nobody else may, and it is in the audit', async () => {
  const id = await order('flask')
  await buyer.send('POST', `/orders/${id}/send`)
  expect((await machine.send('POST', `/orders/${id}/lose`)).json).toMatchObject({ state: 'lost' })
  const { json } = await audit.send('GET', '/audit?app=lab&limit=10')
  expect(json.items[0]).toMatchObject({
    action: 'record.transitioned',
    target: `orders/${id}`,
    details: { transition: 'lose' },
  })
})
