import { describe, expect, test } from 'vitest'
import { limits } from './limits.ts'
import { parseYaml, parseYamlInParts } from './parse-yaml.ts'
import { toValue } from './tree.ts'

describe('YAML 1.2, core schema', () => {
  test.each<[text: string, value: unknown]>([
    ['a: yes\nb: on\nc: 0o17\nd: 0x1F\ne: ~\nf: 1.50', { a: 'yes', b: 'on', c: 15, d: 31, e: null, f: 1.5 }],
    ['a: !!str 1'.replace('!!str ', ''), { a: 1 }],
    ['{a, b: [1, {c: d}]}', { a: null, b: [1, { c: 'd' }] }],
    ['404: x\ntrue: y', { 404: 'x', true: 'y' }],
    ['a: &x {b: 1}\nc: *x\nd: [*x]', { a: { b: 1 }, c: { b: 1 }, d: [{ b: 1 }] }],
    ['a: |\n  one\n  two\nb: >-\n  one\n  two', { a: 'one\ntwo\n', b: 'one two' }],
    ['{"json": ["is", "YAML", 1e3, null]}', { json: ['is', 'YAML', 1000, null] }],
    ['%: not a directive'.replace('%:', '"%":'), { '%': 'not a directive' }],
    [
      'a: 9007199254740991\nb: 0.1\nc: 1000000000000000000000\nd: -0.5e-7',
      { a: 9007199254740991, b: 0.1, c: 1e21, d: -5e-8 },
    ],
  ])('%j', (text, value) => {
    const { tree, issues } = parse(text)
    expect(issues).toEqual([])
    expect(tree && toValue(tree)).toEqual(value)
  })
})

describe('is refused, with the place', () => {
  test.each<[what: string, text: string, issue: string]>([
    ['what is no YAML', 'a: [1, 2\nb: 3', '2:1 flow sequence in block collection'],
    ['tabs as indentation', 'a:\n\tb: 1', '2:1 tabs are not allowed as indentation'],
    ['a second document', 'a: 1\n---\nb: 2', '2:1 a file holds one document only'],
    ['a directive', '# YAML\n%YAML 1.1\n---\na: yes', '2:1 directives are not allowed'],
    ['a custom tag', 'a: !secret x', '1:4 unresolved tag: !secret'],
    ['a tag of code', "a: !!js/function 'return 1'", '1:4 unresolved tag'],
    ['a known tag', 'a: !!str 1', '1:10 tags are not allowed'],
    ['a key given twice', 'a: 1\nb: 2\na: 3', "3:1 'a' is given twice, first in line 1"],
    ['a key given twice, far below', 'x:\n  - {k: 1, "k": 2}', "2:12 'k' is given twice, first in line 2"],
    ['a merge key', 'a: &x {b: 1}\nc: {<<: *x}', "2:5 merge keys ('<<') are not part of YAML 1.2"],
    ['a key that reaches the prototype', '__proto__: {admin: true}', "1:1 '__proto__' is no possible name"],
    ['an empty key', '"": 1', '1:1 a key must not be empty'],
    ['a list as key', '[1]: 1', '1:1 a key must be text'],
    ['an alias of nothing', 'a: *nobody', "1:4 no complete value before this is named '&nobody'"],
    ['an alias inside of what it names', 'a: &x [1, *x]', "1:11 no complete value before this is named '&x'"],
    ['an integer that would be rounded', 'a: 9007199254740993', '1:4 the number would be rounded to 9007199254740992'],
    [
      'a fraction that would be rounded',
      'a: 0.12345678901234567890',
      '1:4 the number would be rounded to 0.12345678901234568',
    ],
    ['a number that is too large', 'a: 1e999', '1:4 JSON has no such number'],
    ['no number', 'a: .nan', '1:4 JSON has no such number'],
    ['NUL', 'a: "x\\0"', '1:4 text must not contain NUL'],
    ['half of a surrogate pair', 'a: "\\ud800"', '1:4 text must not contain NUL or half of a surrogate pair'],
    ['too many levels', `a: ${'['.repeat(70)}${']'.repeat(70)}`, '1:67 more than 64 levels'],
  ])('%s', (_what, text, issue) => {
    expect(parse(text).issues.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      expect.stringContaining(issue),
    ])
  })

  test('nesting that no parser survives', () => {
    const { tree, issues } = parse('['.repeat(100_000) + ']'.repeat(100_000))
    expect(tree).toBeUndefined()
    expect(issues[0]?.message).toBe('the document is nested too deeply')
  })

  test.each([
    ['anchors', '&a '],
    ['tags', '! '],
    ['brackets', '['],
    ['commas', '1,'],
  ])('a file of nothing but %s, before anything is made of it', (_, mark) => {
    const text = `a: [${mark.repeat(1_000_000 / mark.length)}`
    const { tree, issues } = parseYaml({ name: 'app.yaml', text })
    expect(tree).toBeUndefined()
    expect(issues.map(({ message }) => message)).toEqual([`more than ${limits.tokens} words and marks`])
    expect(issues[0]?.column).toBeGreaterThan(limits.tokens / 4)
    expect(issues[0]?.column).toBeLessThan(text.length)
  })

  test('aliases of aliases that stand for a billion values', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 10; level++) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`)
    }
    const { tree, issues } = parse(lines.join('\n'))
    expect(tree).toBeUndefined()
    expect(issues.map(({ message }) => message)).toEqual([`more than ${limits.values} values`])
  })

  test('sixty thousand equal keys, in linear time and with a bounded answer', () => {
    const { issues } = parse(`{${'k: 1,'.repeat(60_000)}}`)
    expect(issues.at(-1)?.message).toBe('more than 100 issues')
  })
})

test('prototypes stay clean', () => {
  parse('a: {constructor: {prototype: {polluted: 1}}}')
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

function parse(text: string) {
  return parseYaml({ name: 'app.yaml', text })
}

test('it can be left after each token', () => {
  const parts = [...parseYamlInParts({ name: 'app.yaml', text: 'a: [1, 2]\nb: 3\n' })]
  expect(parts.length).toBeGreaterThan(10)
})
