import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseQuery } from './query.ts'

const known = ['filter', 'sort', 'limit']

test.each([
  [undefined, {}],
  ['', {}],
  ['&', {}],
  ['limit=5', { limit: '5' }],
  ['limit', { limit: '' }],
  ['limit=', { limit: '' }],
  ['filter=a==b&sort=-x', { filter: 'a==b', sort: '-x' }],
  ['filter=a+b%2Bc%20d', { filter: 'a b+c d' }],
  ['%66ilter=x', { filter: 'x' }],
  ['filter=%F0%9F%98%80', { filter: '😀' }],
])('%s', (text, expected) => expect(parseQuery(text, known)).toEqual(expected))

test.each([
  [
    'filtr=x',
    'unknown_parameter',
    'There is no parameter "filtr" here. Did you mean "filter"? Known: filter, sort, limit.',
  ],
  ['=x', 'unknown_parameter', 'There is no parameter "" here. Known: filter, sort, limit.'],
  ['__proto__=x', 'unknown_parameter', '"__proto__"'],
  ['constructor=x', 'unknown_parameter', '"constructor"'],
  ['filter[a]=x', 'unknown_parameter', '"filter[a]"'],
  ['limit=1&limit=1', 'invalid_parameter', 'The parameter "limit" is there twice'],
  ['limit=1&%6cimit=1', 'invalid_parameter', 'twice'],
  ['filter=%', 'invalid_parameter', 'not valid UTF-8'],
  ['filter=%ff', 'invalid_parameter', 'not valid UTF-8'],
  ['filter=a%00', 'invalid_parameter', 'not valid UTF-8'],
  ['%ff=a', 'invalid_parameter', 'whose name is not valid UTF-8'],
])('%s is refused: %s', (text, code, detail) => {
  expect(() => parseQuery(text, known)).toThrow(
    expect.objectContaining({ code, detail: expect.stringContaining(detail) }),
  )
})

test('where nothing is known, that is said', () => {
  expect(() => parseQuery('force=1', [])).toThrow('This takes no parameters, and "force" was sent.')
})

test('what URLSearchParams writes is read back', () => {
  const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
  fc.assert(
    fc.property(fc.record({ filter: value, sort: value }), (query) => {
      expect(parseQuery(String(new URLSearchParams(query)), known)).toEqual(query)
    }),
  )
})
