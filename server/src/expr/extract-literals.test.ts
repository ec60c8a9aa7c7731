import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CelType } from './cel-type.ts'
import { checkExpression, extractLiterals } from './index.ts'
import { environment } from './testing/app.ts'

test.each([
  ['room == "a" && n > 3', 'room == _p0 && n > _p1', ['string a', 'int 3']],
  ["'x' != room", '_p0 != room', ['string x']],
  ['n >= -2.5 || n < -7', 'n >= _p0 || n < _p1', ['double -2.5', 'int -7']],
  ['a - 1 == b', 'a - _p0 == b', ['int 1']],
  ['n in [1, 2] && room == "b"', 'n in [1, 2] && room == _p0', ['string b']],
  ['name.startsWith("a") && n == 1', 'name.startsWith("a") && n == _p0', ['int 1']],
  ['at > timestamp("2026-01-01T00:00:00Z")', 'at > timestamp("2026-01-01T00:00:00Z")', []],
  ['n == 1 + 2', 'n == 1 + 2', []],
  ['3 == "abc".size()', '_p0 == "abc".size()', ['int 3']],
  ['n == 0x1F', 'n == 0x1F', []],
  ['n == 12345678901234567890', 'n == 12345678901234567890', []],
  ['n == 0.12345678901234567', 'n == 0.12345678901234567', []],
  ['n == 1e5', 'n == 1e5', []],
  ['done', 'done', []],
  ["room == '||' && n == 1", 'room == _p0 && n == _p1', ['string ||', 'int 1']],
  ['room == "" && n==1', 'room == _p0 && n==_p1', ['string ', 'int 1']],
])('%s', (source, template, literals) => {
  const extracted = extractLiterals(source)
  expect(extracted?.template).toBe(template)
  expect(extracted?.literals.map(({ kind, value }) => `${kind} ${value}`)).toEqual(literals)
})

test.each([
  ['an escape', String.raw`room == "a\"b"`],
  ['a raw text', "room == r'a'"],
  ['three quotes', "room == '''a'''"],
  ['a comment', 'room == "a" // x'],
  ['an open text', 'room == "a'],
  ['a line end in a text', 'room == "a\nb"'],
  ['a name of ours', '_p0 == "a"'],
  ['half a character', 'room == "\ud800"'],
])('%s is left to the parser', (_, source) => expect(extractLiterals(source)).toBeUndefined())

test('the template means what the source means', () => {
  const variables: [string, CelType][] = [
    ['s', { kind: 'string', nullable: true }],
    ['n', { kind: 'int', nullable: false }],
    ['d', { kind: 'double', nullable: false }],
  ]
  const part = fc.oneof(
    fc
      .tuple(fc.constantFrom('==', '!=', '<'), fc.string())
      .map(([operator, text]) => `s ${operator} ${JSON.stringify(text)}`),
    fc.tuple(fc.constantFrom('==', '>='), fc.integer()).map(([operator, value]) => `n${operator}${value}`),
    fc.integer({ min: -100, max: 100 }).map((value) => `d < ${value}.5`),
  )
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const source = parts.join(' && ')
      const extracted = extractLiterals(source)
      if (extracted === undefined) return
      const { template, literals } = extracted
      // Putting the values back in place of the names gives the source again.
      const back = template.replace(/_p(\d+)/g, (_, index: string) => {
        const { kind, value } = literals[Number(index)] ?? { kind: 'int', value: '' }
        return kind === 'string' ? JSON.stringify(value) : value
      })
      expect(back).toBe(source)
      const typed = literals.map(({ name, kind }): [string, CelType] => [name, { kind, nullable: false }])
      checkExpression(template, environment, {
        variables: new Map([...variables, ...typed]),
        expect: 'bool',
        lookups: false,
      })
    }),
  )
})
