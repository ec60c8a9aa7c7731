import { expect, test } from 'vitest'
import { parsePrefer } from './prefer.ts'

test.each([
  [undefined, undefined],
  ['', undefined],
  ['return=minimal', 'minimal'],
  ['Return = "representation"', 'representation'],
  ['respond-async, return=minimal; foo=1', 'minimal'],
  ['return=everything', undefined],
  ['handling=strict', undefined],
])('%s is %s', (header, expected) => expect(parsePrefer(header)).toBe(expected))
