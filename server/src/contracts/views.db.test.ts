import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { appServer } from '../records/testing-apps.ts'
import { generateOpenApi } from './openapi/generate-openapi.ts'
import type { ContractSource } from './source.ts'
import { generateTypes } from './types/generate-types.ts'

let database: TestDatabase
let server: ReturnType<typeof appServer>
let source: ContractSource

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  const slug = server.newSlug('shop')
  const { app } = await server.load(
    slug,
    `collections:
  items: { schema: { required: [name, price], properties: { name: { type: string }, price: { type: string, format: decimal } } } }
  sales: { schema: { properties: { item: { $ref: items } } } }
  turnover:
    description: What was sold of each item.
    view: select i.id, s.item, count(*) as sold, sum(i.price) as worth from sales s join items i on i.id = s.item group by i.id, s.item
    schema: { required: [sold], properties: { sold: { type: integer }, item: { $ref: items, inverse: turnovers } } }
    rules: { read: true }`,
  )
  source = {
    ...{ slug: 'shop', version: 1, title: '', description: '', errors: new Map() },
    auth: { signup: 'closed', roles: new Map() },
    collections: app().model(server.records),
  }
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

test('the types of a view have a record and nothing to write', () => {
  const { text } = generateTypes(source)
  expect(text).toContain(`    /** What was sold of each item. */
    readonly turnover: {
      readonly record: TurnoverRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: TurnoverExpand
`)
  expect(text).toMatch(/export interface TurnoverRecord \{\n {2}readonly id: string\n/)
  expect(text).toMatch(/readonly sold: number\n/)
  expect(text).toMatch(/readonly worth: string \| null\n/)
  expect(text).toContain('readonly turnovers: readonly TurnoverRecord[]')
  expect(text).not.toMatch(/TurnoverCreate|TurnoverUpdate/)
})

test('an OpenAPI document has the operations that read it', () => {
  const { paths, components } = generateOpenApi(source, 'https://shop.example.org') as unknown as {
    paths: Readonly<Record<string, object>>
    components: { schemas: Readonly<Record<string, unknown>> }
  }
  const operations = Object.entries(paths)
    .filter(([path]) => path.startsWith('/turnover'))
    .map(([path, item]) => [path, ...Object.keys(item).filter((key) => key !== 'parameters')])
  expect(operations).toEqual([
    ['/turnover', 'get', 'head'],
    ['/turnover/-aggregate', 'get'],
    ['/turnover/-distinct', 'get'],
    ['/turnover/{id}', 'get'],
    ['/turnover/-export', 'get'],
  ])
  const schemas = Object.keys(components.schemas).filter((name) => name.startsWith('Turnover'))
  expect(schemas).toEqual(['TurnoverRecord', 'TurnoverPart', 'TurnoverPage'])
  expect(JSON.stringify(components.schemas['Batch'])).not.toContain('turnover')
})
