import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

type Schema = Readonly<Record<string, unknown>>

const root = resolve(import.meta.dirname, '../../../..')
const read = (file: string) => JSON.parse(readFileSync(resolve(root, file), 'utf8')) as Schema
const documents = ['config/apps', 'server/e2e/apps'].flatMap((folder) =>
  readdirSync(resolve(root, folder)).map((app) => `${folder}/${app}/app.yaml`),
)

/** Language servers for YAML know draft 7 best, and newer drafts only in part. */
describe.each(['config/app.schema.json', 'config/seed.schema.json'])('%s in an editor', (file) => {
  const { $schema: _, ...schema } = read(file)

  test('is a schema of draft 7 as well as of 2020-12', () => {
    expect(new Ajv({ strict: false }).validateSchema(schema)).toBe(true)
    expect(new Ajv2020({ strict: false }).validateSchema(schema)).toBe(true)
  })

  test('refers by pointers only, which every draft follows', () => {
    const found = collect(schema, (node) => (typeof node['$ref'] === 'string' ? [node['$ref']] : []))
    for (const reference of found) expect(reference).toMatch(/^#\//)
    const newer = ['$dynamicRef', '$anchor', 'unevaluatedProperties', 'unevaluatedItems', '$recursiveRef']
    expect(collect(schema, (node) => newer.filter((keyword) => keyword in node))).toEqual([])
  })
})

test.each(documents)('%s is valid by both drafts', (file) => {
  const { $schema: _, ...schema } = read('config/app.schema.json')
  const document: unknown = parse(readFileSync(resolve(root, file), 'utf8'))
  for (const ajv of [new Ajv({ strict: false }), new Ajv2020({ strict: false })]) {
    const validate = ajv.compile(schema)
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
  }
})

test('every key that a document can have is offered with what it means', () => {
  const { properties } = read('config/app.schema.json') as { properties: Record<string, Schema> }
  for (const [key, schema] of Object.entries(properties)) expect(schema['description'], key).toBeTypeOf('string')
})

function collect<T>(node: unknown, look: (node: Schema) => readonly T[]): T[] {
  if (Array.isArray(node)) return node.flatMap((one) => collect(one, look))
  if (typeof node !== 'object' || node === null) return []
  return [...look(node as Schema), ...Object.values(node).flatMap((one) => collect(one, look))]
}
