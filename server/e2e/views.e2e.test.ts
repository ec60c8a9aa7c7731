import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from 'roadbase'
import { type AdminClient, createAdmin } from 'roadbase/admin'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { callerAt } from './client.ts'

const SHOP = `app: shop
collections:
  items:
    schema: { required: [name], properties: { name: { type: string } } }
    rules: { read: true, create: true }
  sales:
    schema: { required: [item], properties: { item: { $ref: items } } }
    rules: { create: true }
  turnover:
    view: select i.id, i.name, count(s.id) as sold from items i left join sales s on s.item = i.id group by i.id
    rules: { read: true }
  chart:
    view: select id, name, sold from turnover where sold > 0
    materialized: { every: 1h }
    rules: { read: true }
`

interface Shop {
  readonly collections: {
    readonly items: { readonly record: Row; readonly create: { readonly name: string }; readonly update: object }
    readonly sales: { readonly record: Row; readonly create: { readonly item: string }; readonly update: object }
    readonly turnover: View
    readonly chart: View
  }
}

interface View {
  readonly record: Row
  readonly create: never
  readonly update: never
  readonly view: true
}

interface Row {
  readonly id: string
  readonly name: string
  readonly sold: number
}

let server: TestServer
let admin: AdminClient

beforeAll(async () => {
  server = await startServer()
  const token = (await readFile(join(server.data, 'secrets/admin.key'), 'utf8')).trim()
  admin = createAdmin({ url: server.url, token })
  await admin.apps.load('shop', SHOP)
})
afterAll(() => server?.stop())

test('a view is read as any collection, is written by nobody, and one that keeps its rows is made anew when asked', async () => {
  const shop = createClient<Shop>({ url: server.url, app: 'shop' })
  const item = await shop.collection('items').create({ name: 'Cup' })
  await shop.collection('sales').create({ item: item.id })
  expect(await shop.collection('turnover').get(item.id)).toEqual({ id: item.id, name: 'Cup', sold: 1 })
  expect((await shop.collection('chart').list()).items).toEqual([])

  const [chart] = await admin.apps.views('shop')
  expect(chart).toMatchObject({ name: 'chart', every: '1 hours', milliseconds: null, error: null })
  const refreshed = await admin.apps.refreshView('shop', 'chart')
  expect(Date.parse(refreshed.refreshedAt)).toBeGreaterThan(Date.parse(chart?.refreshedAt ?? ''))
  expect((await shop.collection('chart').list()).items).toEqual([{ id: item.id, name: 'Cup', sold: 1 }])
  await expect(admin.apps.refreshView('shop', 'turnover')).rejects.toMatchObject({ code: 'not_found' })
  expect((await admin.audit.list({ app: 'shop' })).items).toContainEqual(
    expect.objectContaining({ action: 'view.refreshed', target: 'chart' }),
  )

  const anybody = callerAt(server.url, 'shop', 'anybody')
  for (const [method, path] of [
    ['POST', '/turnover'],
    ['PATCH', `/turnover/${item.id}`],
    ['PUT', `/turnover/${item.id}`],
    ['DELETE', `/turnover/${item.id}`],
  ] as const) {
    const { status, headers, json } = await anybody.send(method, path, method === 'DELETE' ? undefined : {})
    expect([method, status, json.code, headers.get('allow')]).toEqual([
      method,
      405,
      'method_not_allowed',
      'GET, HEAD, OPTIONS',
    ])
  }
  const batch = await anybody.send('POST', '/batch', { operations: [{ delete: 'turnover', id: item.id }] })
  expect([batch.status, batch.json.errors]).toEqual([400, [expect.objectContaining({ code: 'read_only' })]])
})
