import { expect, test } from 'vitest'
import { matchesGlob } from './glob.ts'

test.each<[pattern: string, fits: string[], fitsNot: string[]]>([
  ['*.yaml', ['a.yaml', '.yaml'], ['a.yml', 'x/a.yaml', 'a.yaml.bak']],
  ['collections/*.yaml', ['collections/a.yaml'], ['collections/x/a.yaml', 'a.yaml']],
  ['**/*.yaml', ['a.yaml', 'x/a.yaml', 'x/y/a.yaml'], ['a.txt']],
  ['x/**', ['x/a', 'x/y/z'], ['y/a']],
  ['x/**/z/*.yaml', ['x/z/a.yaml', 'x/1/2/z/a.yaml', 'x/z/z/a.yaml'], ['x/a.yaml']],
  ['a?c', ['abc', 'a😀c'], ['ac', 'abbc', 'a/c']],
  ['(a|b)+.[x]', ['(a|b)+.[x]'], ['a.x']],
])('%s', (pattern, fits, fitsNot) => {
  expect(fits.filter((path) => !matchesGlob(path, pattern))).toEqual([])
  expect(fitsNot.filter((path) => matchesGlob(path, pattern))).toEqual([])
})

test('a pattern made to backtrack ends', () => {
  expect(matchesGlob('a'.repeat(5000), `${'*a'.repeat(200)}b`)).toBe(false)
})
