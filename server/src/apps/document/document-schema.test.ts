import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { termsSection } from '../terms.ts'
import { notesSection } from '../testing.ts'
import { documentReference } from './document-reference.ts'
import { documentSchema } from './document-schema.ts'

const sections = [termsSection, notesSection()]

test('the schema has the keys of every document and those of the sections', () => {
  const { properties, required, additionalProperties } = documentSchema(sections)
  expect(Object.keys(properties as object)).toEqual(['app', 'title', 'description', 'include', 'terms', 'notes'])
  expect([required, additionalProperties]).toEqual([['app'], false])
})

test('it is plain JSON Schema 2020-12, as editors read it', () => {
  const ajv = new Ajv2020({ strict: false })
  const validate = ajv.compile(JSON.parse(JSON.stringify(documentSchema(sections))))
  expect(validate({ app: 'todo', notes: { a: { columns: ['x'] } } })).toBe(true)
  expect(validate({ app: 'Todo' })).toBe(false)
})

test('every key says what it is for', () => {
  const { properties } = documentSchema(sections) as { properties: Record<string, { description?: string }> }
  expect(Object.entries(properties).filter(([, { description }]) => description === undefined)).toEqual([])
})

test('no two sections own one key', () => {
  expect(() => documentSchema([notesSection(), notesSection()])).toThrow("Two sections own the key 'notes'")
  expect(() => documentSchema([{ keys: { app: {} } }])).toThrow("Two sections own the key 'app'")
})

test('the reference page has all keys with their types and meanings', () => {
  const page = documentReference(sections)
  for (const line of [
    '## `app`',
    'It stays for good. Required.',
    '| `<name>.columns` | list of text |  |',
    '| `<name>.like` | text | Another table of notes. |',
    '| `<name>.size` | `small`, `large` |  |',
  ]) {
    expect(page).toContain(line)
  }
})
