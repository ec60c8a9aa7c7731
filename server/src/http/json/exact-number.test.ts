import { expect, test } from 'vitest'
import { isExactNumber } from './exact-number.ts'

test.each([
  ['0', true],
  ['-0.0', true],
  ['1.50', true],
  ['9007199254740991', true],
  ['9007199254740993', false],
  ['0.1', true],
  ['0.1000000000000000055', false],
  ['12345678901234567', false],
  ['1e309', false],
  // As JavaScript and as PostgreSQL write one and the same double.
  ['-199518531583942000', true],
  ['-1.9951853158394202e+17', true],
  ['-1.9951853158394203e+17', false],
])('a double holds %s: %s', (literal, expected) => {
  expect(isExactNumber(literal)).toBe(expected)
})
