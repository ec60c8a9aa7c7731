import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CST, isAlias, isMap, isScalar, type Node, Parser, type YAMLSeq } from 'yaml'
import { atOnce } from '../parts.ts'
import { composeInParts } from './compose.ts'

test('a text composed in parts is what it is as a whole', () => {
  fc.assert(
    fc.property(texts(), fc.integer({ min: 1, max: 60 }), (text, size) => {
      expect(outcome(text, size)).toEqual(outcome(text, Number.POSITIVE_INFINITY))
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['nothing', ''],
  ['only comments', '# a\n# b\n'],
  ['comments at every end', 'a:\n  # one\n  - 1\n  # two\n# three\nb:\n    # four\n    c: 1\n    # five\n'],
  ['keys without values', 'a:\nb:\n  c:\n  d:\n? e\n? f\n: g\n'],
  ['a list that is not indented', 'a:\n- b: 1\n  c: 2\n- d\nb: 1\n'],
  ['lists of lists', '- - - a\n    - b\n  - c\n-\n  - d\n'],
  ['anchors, aliases and tags', 'a: &x !!map\n  b: 1\n  c: *x\nd: !no\n  - &y e\n  - *y\n'],
  ['long texts', 'a: |\n  one\n\n  two\nb: >-\n  one\n  two\nc: "x\n  y"\n'],
  ['wrong indentation', 'a:\n    b: 1\n  c: 2\nd: 3\n'],
  ['a value beside a map', 'a: 1\n  b: 2\nc\nd: 3\n'],
  ['an open bracket', 'a:\n  b: [1, {c: 2]\n  d: 3\ne: 4\n'],
  ['tabs', 'a:\n\tb: 1\n\tc: 2\n'],
])('%s', (_, text) => {
  for (let size = 1; size < text.length + 2; size++) {
    expect(outcome(text, size)).toEqual(outcome(text, Number.POSITIVE_INFINITY))
  }
})

test('a long text is composed in many parts, whatever its shape', () => {
  const item = (index: number) => [
    `k${index}:`,
    '  fields:',
    '    name: { type: string }',
    '    age: { type: integer }',
  ]
  const items = Array.from({ length: 500 }, (_, index) => item(index))
  const shallow = items.flat()
  const deep = ['a:', '  b:', ...shallow.map((line) => `    ${line}`)]
  const list = ['a:', ...items.flatMap(([first, ...rest]) => [`  - ${first}`, ...rest.map((line) => `    ${line}`)])]
  for (const lines of [shallow, deep, list]) {
    const text = lines.join('\n')
    expect([...composeInParts(text, tokensOf(text))].length).toBeGreaterThan(text.length / 3000)
  }
})

function outcome(text: string, size: number) {
  const { contents, faults } = atOnce(composeInParts(text, tokensOf(text), size))
  // What is wrong inside of a long value is found after what is wrong around it.
  const told = faults
    .filter(({ message }) => message !== CONSEQUENCE)
    .map(({ message, pos }) => `${String(pos[0]).padStart(6, '0')}-${pos[1]} ${message}`)
    .sort()
  const refused = faults.length > 0
  return { refused, told, contents: refused || contents === null ? undefined : shape(contents) }
}

/** The library says this of a map that it has told another fault of. */
const CONSEQUENCE = 'Map comment with trailing content'

/** All of a node that the tree is grown from. */
function shape(node: Node | null): unknown {
  if (node === null) return null
  const { range, tag, anchor } = node as YAMLSeq
  const base = { range: range?.slice(0, 2), tag, anchor }
  if (isAlias(node)) return { ...base, source: node.source }
  if (isScalar(node)) return { ...base, value: node.value, source: node.source, type: node.type }
  if (!isMap(node)) return { ...base, items: (node as YAMLSeq<Node>).items.map(shape) }
  return { ...base, pairs: node.items.map((pair) => [shape(pair.key as Node), shape(pair.value as Node | null)]) }
}

function tokensOf(text: string): CST.Token[] {
  return [...new Parser().parse(text)]
}

/** Blocks of maps and lists as people write them, and with some lines moved, doubled or lost, as people write them too. */
function texts(): fc.Arbitrary<string> {
  const { block } = fc.letrec<{ block: readonly string[] }>((tie) => ({
    block: fc.oneof(
      { maxDepth: 4, depthSize: 'medium' },
      fc.constantFrom(...scalars).map((text) => [text]),
      fc
        .array(
          fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...props), tie('block'), fc.constantFrom(2, 4)),
          lengths,
        )
        .map(mapOf),
      fc.array(fc.tuple(fc.constantFrom(...props), tie('block')), lengths).map(listOf),
    ),
  }))
  const mutation = fc.tuple(
    fc.constantFrom('indent', 'outdent', 'drop', 'double', 'comment', 'blank', 'mark'),
    fc.nat(),
  )
  return fc
    .tuple(block, fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(mutation, { maxLength: 3 })))
    .map(([lines, mutations]) => `${mutations.reduce(mutate, lines).join('\n')}\n`)
}

const lengths = { minLength: 1, maxLength: 5 }
const keys = ['a', 'b', '"c d"', '404', '? x', '<<', 'long-key-of-many-letters']
const props = ['', '', '', '&x ', '!t ', '# note']
const scalars = [
  '1',
  'text',
  '"quoted"',
  "'it''s'",
  '[1, {b: 2}]',
  '{a: [], b}',
  '*x',
  '~',
  '',
  '|',
  '&y z',
  '- ',
  'x: y',
]

function mapOf(pairs: readonly (readonly [string, string, readonly string[], number])[]): readonly string[] {
  return pairs.flatMap(([key, prop, value, indent]) =>
    value.length === 1 && prop !== '# note'
      ? [`${key}: ${prop}${value[0]}`]
      : [`${key}: ${prop}`, ...value.map((line) => ' '.repeat(indent) + line)],
  )
}

function listOf(items: readonly (readonly [string, readonly string[]])[]): readonly string[] {
  return items.flatMap(([prop, value]) =>
    prop === ''
      ? value.map((line, index) => (index === 0 ? '- ' : '  ') + line)
      : [`- ${prop}`, ...value.map((line) => `  ${line}`)],
  )
}

function mutate(lines: readonly string[], [what, where]: readonly [string, number]): readonly string[] {
  const at = where % lines.length
  const line = lines[at] ?? ''
  const become = {
    indent: [` ${line}`],
    outdent: [line.replace(/^ {1,2}/, '')],
    drop: [],
    double: [line, line],
    comment: [line, '# a comment'],
    blank: [line, ''],
    mark: [`${line} &z : - ]`],
  }[what]
  return [...lines.slice(0, at), ...(become ?? []), ...lines.slice(at + 1)]
}
