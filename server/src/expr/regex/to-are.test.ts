import { describe, expect, test } from 'vitest'
import { PatternError } from './pattern-error.ts'
import { toAre } from './to-are.ts'

describe('an RE2 pattern as one of PostgreSQL', () => {
  test.each([
    ['^[a-z]+$', '^[a-z]+$'],
    ['a.c', 'a[^\\u000a]c'],
    ['(?s)a.c', 'a.c'],
    ['(?s:.)|.', '(?:.|[^\\u000a])'],
    ['\\d\\w\\s', '[0-9][0-9A-Z\\u005fa-z][\\u0009-\\u000a\\u000c-\\u000d\\u0020]'],
    ['(?i)k', '[Kk\\u212a]'],
    ['a*?b+?c??', 'a*b+c?'],
    ['(?P<name>a|b)(?:c)', '(?:a|b)c'],
    ['\\bword\\B', '\\yword\\Y'],
    ['\\Aa\\z', '^a$'],
    ['\\Qa.b\\E*', 'a\\u002eb*'],
    ['a{300}', 'a{255}a{45}'],
    ['a{2,}', 'aa+'],
    ['(?:^)*a', '(?:)a'],
    ['[^\\d]', '[^0-9]'],
    ['[[:alpha:]_]', '[A-Z\\u005fa-z]'],
    ['\\x{1F600}', '\\U0001f600'],
    ['***', undefined],
    ['', '(?:)'],
  ])('%s is %s', (source, are) => {
    if (are === undefined) expect(() => toAre(source)).toThrow(PatternError)
    else expect(toAre(source)).toBe(are)
  })

  test.each([
    ['a(?=b)', 'is not valid'],
    ['(a)\\1', 'is not valid'],
    ['a(', 'is not valid'],
    ['\\p{Greek}', 'uses a class of Unicode'],
    ['[\\p{L}]', 'uses a class of Unicode'],
    ['(?m)^a', 'uses (?m)'],
    ['(?i)é', 'ignores the case of letters beyond ASCII'],
    ['(?:a{100}){100}', 'is not valid'],
    ['(?:abcdefghij){200}', 'repeats too much'],
    [`${'a'.repeat(1001)}`, 'has more than 1000 characters'],
  ])('%s is refused', (source, message) => {
    expect(() => toAre(source)).toThrow(PatternError)
    expect(() => toAre(source)).toThrow(message)
  })
})
