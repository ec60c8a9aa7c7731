import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { etagOf, matchesAny, versionOf } from './etag.ts'

describe('the ETag of what a caller sees', () => {
  test('is a strong tag that begins with the version', () => {
    expect(etagOf('7', '{"a":1}')).toMatch(/^"7\.[0-9a-z]+"$/)
  })

  test('differs where a byte differs, so that masks and expansions of one version do not share a cache entry', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        fc.pre(left !== right)
        expect(etagOf('1', left)).not.toBe(etagOf('1', right))
      }),
    )
  })

  test.each([
    ['*', true],
    ['"1.x"', true],
    ['W/"1.x"', true],
    ['"0.a", "1.x"', true],
    ['"1.y"', false],
    ['1.x', false],
    ['', false],
  ])('If-None-Match %s matches: %s', (header, matches) => {
    expect(matchesAny(header, '"1.x"')).toBe(matches)
  })
})

describe('If-Match', () => {
  test.each([
    [undefined, null],
    ['*', null],
    ['"12"', '12'],
    ['"12.abc"', '12'],
  ])('%s asks for version %s', (header, version) => {
    expect(versionOf(header)).toBe(version)
  })

  test.each([['12'], ['"x"'], ['W/"12"'], ['"1", "2"'], ['""'], ['"9999999999999999999"'], ['"-1"']])(
    '%s is refused',
    (header) => {
      expect(() => versionOf(header)).toThrow(expect.objectContaining({ code: 'invalid_parameter' }))
    },
  )
})
