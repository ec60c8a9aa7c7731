import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isScalar, parseDocument, stringify } from 'yaml'
import { offsetInSource } from './scalar-offset.ts'
import type { ScalarStyle } from './tree.ts'

/** The value's `^` is looked for where the mapping says it is in the source. */
const written: readonly (readonly [name: string, style: ScalarStyle, source: string])[] = [
  ['plain', 'plain', 'record.owner == ^auth.id'],
  ['plain, over lines', 'plain', 'record.owner ==\n    ^auth.id\n\n  && true'],
  ['single-quoted', 'single', "'record.name == ''x'' && ^auth.id'"],
  ['single-quoted, over lines', 'single', "'record.name\n     == ''x''\n\n  && ^auth.id'"],
  ['double-quoted', 'double', '"record.name == \\"x\\" && ^auth.id"'],
  ['double-quoted, with escapes of every kind', 'double', '"\\x41\\u00e9\\U0001F600\\n\\t\\ \\/\\_\\\n   ^auth.id"'],
  ['literal block', 'block', '|\n    record.owner\n      == ^auth.id\n'],
  ['literal block with indicator and comment', 'block', '|2- # why\n    record.owner\n\n      == ^auth.id'],
  ['folded block', 'block', '>-\n    record.owner\n    == 1\n\n    && ^auth.id\n'],
  ['folded block with carriage returns', 'block', '>\r\n    record.owner\r\n    == ^auth.id\r\n'],
]

test.each(written)('%s', (_name, style, source) => {
  const value = scalarOf(`key: ${source}`).value
  expect(source[offsetInSource(source, style, value, value.indexOf('^'))]).toBe('^')
})

test('white space and the end are right behind what stands before them', () => {
  expect(offsetInSource('a  b', 'plain', 'a  b', 2)).toBe(2)
  expect(offsetInSource('"ab"', 'double', 'ab', 2)).toBe(3)
  expect(offsetInSource('ab', 'plain', 'ab', 99)).toBe(2)
  expect(offsetInSource('""', 'double', '', 0)).toBe(0)
})

const styles = [
  ['plain', { defaultStringType: 'PLAIN' }],
  ['single', { defaultStringType: 'QUOTE_SINGLE', singleQuote: true }],
  ['double', { defaultStringType: 'QUOTE_DOUBLE' }],
  ['literal', { defaultStringType: 'BLOCK_LITERAL' }],
  ['folded', { defaultStringType: 'BLOCK_FOLDED', lineWidth: 20 }],
] as const

test.each(styles)('every visible character of any text that is written as %s', (_style, options) => {
  const text = fc.string({
    unit: fc.constantFrom(...'abc (){}[]:#&*!|>\'"%@`~\\.,=\n\té😀\u00a0 '),
    minLength: 1,
    maxLength: 60,
  })
  fc.assert(
    fc.property(text, (value) => {
      const scalar = scalarOf(stringify({ key: value }, options))
      fc.pre(scalar.value === value)
      for (let offset = 0; offset < value.length; offset++) {
        const unit = value[offset] ?? ''
        if (
          /[ \t\n\r]/.test(unit) ||
          scalar.source[offsetInSource(scalar.source, scalar.style, value, offset)] === unit
        )
          continue
        // Escaped, or the second half of a pair that is.
        expect(scalar.source[offsetInSource(scalar.source, scalar.style, value, offset)]).toMatch(/[\\\ud83d]/)
      }
    }),
  )
})

function scalarOf(text: string): { value: string; source: string; style: ScalarStyle } {
  const node = parseDocument(text).get('key', true)
  if (!isScalar(node) || node.range === undefined || node.range === null) throw new Error('no scalar')
  const types: Record<string, ScalarStyle> = { PLAIN: 'plain', QUOTE_SINGLE: 'single', QUOTE_DOUBLE: 'double' }
  const source = text.slice(node.range[0], node.range[1])
  return { value: String(node.value), source, style: types[node.type ?? ''] ?? 'block' }
}
