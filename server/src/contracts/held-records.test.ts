import { expect, test } from 'vitest'
import { generateOpenApi } from './openapi/generate-openapi.ts'
import { sourceOf } from './testing.ts'
import { generateTypes } from './types/generate-types.ts'

const rules = { read: true, create: true }
const source = sourceOf({
  app: 'books',
  collections: {
    entries: {
      appendOnly: true,
      schema: { properties: { number: { type: 'integer', sequence: true }, text: { type: 'string' } } },
      rules,
    },
    lines: {
      schema: {
        required: ['amount', 'twice'],
        properties: {
          amount: { type: 'integer' },
          twice: { type: 'integer', computed: 'record.amount * 2' },
          label: { type: 'string', description: 'For people.', computed: 'string(record.twice)' },
          isOld: { type: 'boolean', computed: 'record.createdAt < now' },
        },
      },
      rules: { ...rules, update: true },
    },
    stamps: { appendOnly: true, id: { type: 'string' }, schema: { properties: { text: { type: 'string' } } }, rules },
  },
})

type Paths = Readonly<Record<string, Readonly<Record<string, { responses?: object }>>>>

test('records that are only added have no operations that change them', () => {
  const document = generateOpenApi(source, 'http://x')
  const { paths, components } = document as unknown as {
    paths: Paths
    components: { schemas: Readonly<Record<string, { properties?: object; required?: readonly string[] }>> }
  }
  const methods = (path: string) => Object.keys(paths[path] ?? {}).filter((key) => key !== 'parameters')
  expect([methods('/entries/{id}'), methods('/stamps/{id}')]).toEqual([['get'], ['get', 'put']])
  expect(Object.keys(paths['/stamps/{id}']?.['put']?.responses ?? {})).not.toContain('200')
  expect(Object.keys(components.schemas)).not.toContain('EntriesUpdate')
  const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name)
  expect(referred.filter((name) => !Object.hasOwn(components.schemas, name ?? ''))).toEqual([])
  // A number is answered, and never sent.
  expect(components.schemas['EntriesRecord']?.required).toContain('number')
  expect(Object.keys(components.schemas['EntriesCreate']?.properties ?? {})).toEqual(['text'])
})

test('nor have types something to change them with', () => {
  const { text } = generateTypes(source)
  expect(text).toContain('export type EntriesUpdate = { readonly [field: string]: never }')
  expect(text).toMatch(/interface EntriesRecord \{[^}]*readonly number: number\n/)
  expect(text).not.toMatch(/interface EntriesCreate \{[^}]*number/)
})

test('what is computed is answered, filtered and sorted by, and sent by nobody', () => {
  const { text } = generateTypes(source)
  const part = (name: string) => new RegExp(`(?:interface|type) ${name} [^}]*}`).exec(text)?.[0] ?? ''
  expect(part('LinesRecord')).toContain(
    '  /** Computed from the other fields. */\n  readonly twice: number\n  /**\n   * For people.\n   * Computed from the other fields.\n   */\n  readonly label: string | null\n',
  )
  expect(part('LinesRecord')).toContain('  /** Computed when it is read. */\n  readonly isOld: boolean | null\n')
  expect(part('LinesCreate')).not.toMatch(/twice|label|isOld/)
  expect(part('LinesUpdate')).not.toMatch(/twice|label/)
  const { components } = generateOpenApi(source, 'http://x') as unknown as {
    components: { schemas: Readonly<Record<string, { description?: string; required?: unknown; properties?: object }>> }
  }
  const { LinesRecord, LinesCreate, LinesUpdate } = components.schemas
  expect(LinesRecord?.required).toContain('twice')
  expect(LinesRecord?.properties).toMatchObject({ twice: { description: 'Computed from the other fields.' } })
  // Nor by administrators.
  expect(LinesCreate).toEqual(expect.not.objectContaining({ description: expect.anything() }))
  expect([LinesCreate, LinesUpdate].map((schema) => Object.keys(schema?.properties ?? {}))).toEqual([
    ['amount'],
    ['amount'],
  ])
})
