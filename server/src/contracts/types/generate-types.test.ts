import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkDocument } from '../../records/schema/testing.ts'
import type { ContractSource } from '../source.ts'
import { library, sourceOf } from '../testing.ts'
import { generateTypes } from './generate-types.ts'

describe('the types of an app', () => {
  it('are a module for createClient', async () => {
    await expect(generateTypes(sourceOf(library)).text).toMatchFileSnapshot('../golden/book-library.ts')
  })

  it('are the same for the same app, and tell by their digest what differs in more than the version', () => {
    const [third, again, fourth] = [3, 3, 4].map((version) => generateTypes(sourceOf(library, version)))
    expect(again).toEqual(third)
    expect(fourth?.digest).toBe(third?.digest)
    const other = { ...library, collections: { ...library.collections, more: {} } }
    expect(generateTypes(sourceOf(other)).digest).not.toBe(third?.digest)
  })

  it('have another name for the app where a collection has that of its interfaces', () => {
    const { text } = generateTypes(sourceOf({ app: 'books-record', collections: { books: {} } }))
    expect(text).toContain('export interface BooksRecordApp {')
  })

  it('name seeds', () => {
    const entries = new Map([
      ['heat', { collection: 'books', many: false }],
      ['seat 1', { collection: 'genres', many: true }],
    ])
    const { text } = generateTypes({ ...sourceOf(library), seeds: new Map([['default', entries]]) })
    expect(text).toContain(
      "    readonly default: {\n      readonly heat: BooksRecord\n      readonly 'seat 1': readonly GenresRecord[]\n    }",
    )
  })

  it('have ranges as objects of two ends, of which one may be sent, and lists are sorted by either', () => {
    const stays = {
      schema: {
        required: ['nights'],
        properties: { nights: { type: 'range', of: 'date' }, price: { type: 'range', of: 'decimal', open: 'until' } },
      },
      rules: { read: true, write: true },
    }
    const { text } = generateTypes(sourceOf({ app: 'hotel', collections: { stays } }))
    const flat = text.replace(/\/\*\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ')
    expect(flat).toContain('readonly nights: { readonly from: string; readonly until: string }')
    expect(flat).toContain('readonly price: { readonly from: string; readonly until: string | null } | null')
    expect(flat).toContain('readonly nights?: { readonly from?: string; readonly until?: string }')
    expect(flat).toContain("'nights.from' | 'nights.until' | 'price.from' | 'price.until'")
  })

  it('compile in strict mode, whatever texts and schemas the document has', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'roadbase-types-'))
    try {
      const sources = fc
        .sample(document, { numRuns: 400, seed: 4711 })
        .flatMap(({ app, title, description, collections }) => {
          const { models, issues } = checkDocument(collections)
          return issues.length > 0
            ? []
            : [
                {
                  slug: app,
                  version: 1,
                  title,
                  description,
                  collections: models,
                  errors: new Map(),
                  auth,
                } satisfies ContractSource,
              ]
        })
      expect(sources.length).toBeGreaterThan(30)
      sources.forEach((source, index) => {
        writeFileSync(join(folder, `app-${index}.ts`), generateTypes(source).text)
      })
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
      expect(compile(folder)).toBe('')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

const auth: ContractSource['auth'] = {
  signup: 'open',
  roles: new Map([
    ['a-b', []],
    ['constructor', []],
  ]),
}

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  module: 'NodeNext',
  target: 'ES2022',
  types: [],
  noEmit: true,
}

function compile(folder: string): string {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  try {
    return execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}

const hostile = fc.constantFrom(
  '*/ export const broken: number = "text" /*',
  '// comment\r\nexport default 1',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is one on purpose
  '`${process.exit(1)}`',
  "'; let x = 1; '",
  '\u2028let x',
  '"\\',
  '/** @deprecated */',
  '__proto__',
  'constructor',
)
const text = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 20 }), fc.string())
const words = fc.oneof(
  text.filter((value) => value.trim() !== ''),
  fc.constant('plain'),
)
const key = fc
  .oneof(text, fc.constantFrom('a', 'b-c', 'new', 'readonly', '1', '', 'key'))
  .filter((name) => !(name in {}))

/** A schema inside an object or array. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ type: fc.constantFrom('string', 'integer', 'number', 'boolean'), description: words }),
    fc.record({ enum: fc.uniqueArray(words, { minLength: 1, maxLength: 4 }) }),
    fc.constantFrom(
      {},
      true,
      { type: ['string', 'null'] },
      { const: 'x' },
      { const: 1 },
      { type: 'object' },
      { type: 'array' },
    ),
    fc.record({ type: fc.constant('array'), items: tie('value') }),
    fc.record({ type: fc.constant('array'), prefixItems: fc.array(tie('value'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ anyOf: fc.array(tie('value'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ type: fc.constant('object'), additionalProperties: tie('value') }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }).chain((properties) =>
      fc.record({
        type: fc.constant('object'),
        properties: fc.constant(properties),
        required: fc.subarray(Object.keys(properties)),
        additionalProperties: fc.constantFrom(false, true, { type: 'integer' }),
      }),
    ),
  ),
}))

const field = fc.oneof(
  value.filter(
    (schema) => typeof schema === 'object' && schema !== null && 'type' in schema && typeof schema.type === 'string',
  ),
  fc.record({
    type: fc.constant('string'),
    format: fc.constantFrom('int64', 'decimal', 'date', 'duration'),
    description: words,
  }),
  fc.record({ enum: fc.uniqueArray(words, { minLength: 1, maxLength: 5 }), title: words }),
  fc.constantFrom({ $ref: 'users' }, { $ref: 'people', description: '*/' }),
)

const collection = fc.record({
  description: words,
  softDelete: fc.boolean(),
  schema: fc.record({
    properties: fc.dictionary(fc.constantFrom('a', 'b', 'longName', 'then', 'type', 'async', 'x1'), field),
    additionalProperties: fc.constantFrom(false, false, true, { type: 'integer' }),
  }),
})

const document = fc.record({
  app: fc.constantFrom('a', 'record', 'array', 'string', 'a-b-c', 'x1', 'readonly', 'people-record'),
  title: words,
  description: text,
  collections: fc.record({ people: collection, things: collection }, { requiredKeys: ['people'] }),
})
