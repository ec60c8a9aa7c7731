import { parse } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allOf, anyOf, type Filter, type FilterValue, filter, rawFilter } from './filter.ts'

describe('a filter from a template', () => {
  test.each<[Filter, string]>([
    [filter`done`, 'done'],
    [filter`done == ${false} && title == ${'milk'}`, 'done == false && title == "milk"'],
    [filter`count > ${3} && count < ${4n}`, 'count > 3 && count < 4'],
    [filter`price >= ${9.5}`, 'price >= 9.5'],
    [filter`price < ${2 ** 53}`, 'price < 9007199254740992.0'],
    [filter`price < ${1e300}`, 'price < 1e+300'],
    [filter`change == ${-5}`, 'change == -5'],
    [filter`change == -${-5}`, 'change == - -5'],
    [filter`${-5}.abs() == change`, '(-5) .abs() == change'],
    [filter`owner == ${null}`, 'owner == null'],
    [filter`due < ${new Date(0)}`, 'due < timestamp("1970-01-01T00:00:00.000Z")'],
    [filter`state in ${['open', 'done']}`, 'state in ["open", "done"]'],
    [filter`state in [${'open'},${'done'}]`, 'state in ["open","done"]'],
    [filter`title.startsWith(${'a'})`, 'title.startsWith("a")'],
    [filter`${'a'} in tags`, '"a" in tags'],
    [filter`title == ${'"\\\n\0\u2028é😀'}`, String.raw`title == "\"\\\u000a\u0000\u2028é😀"`],
    [filter`done && ${filter`a == ${1} || b`}`, 'done && (a == 1 || b)'],
    [filter`title == 'it\'s' && x == ${1}`, String.raw`title == 'it\'s' && x == 1`],
    [filter`title.matches(r'\d"') && x == ${1}`, String.raw`title.matches(r'\d"') && x == 1`],
    [rawFilter(' done == false '), 'done == false'],
    [allOf([filter`a`, filter`b || c`]), '(a) && (b || c)'],
    [anyOf([filter`a`, filter`b && c`]), '(a) || (b && c)'],
    [allOf([]), 'true'],
    [anyOf([]), 'false'],
  ])('%s', (made, source) => {
    expect(String(made)).toBe(source)
  })
})

describe('what has no literal is refused', () => {
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['an object', {}],
    ['an object that looks like a filter', JSON.parse('{"source":"true","#source":"true"}')],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['undefined in a list', ['a', undefined]],
    ['an invalid date', new Date(Number.NaN)],
    ['a date after the year 9999', new Date(8.64e15)],
    ['an integer beyond 64 bits', 2n ** 63n],
    ['a lone surrogate', 'a\ud800'],
  ])('%s', (_, value) => {
    expect(() => filter`x == ${value as FilterValue}`).toThrow(TypeError)
  })
})

describe('a placeholder where no value can stand is refused', () => {
  test.each<[string, () => Filter]>([
    ['inside double quotes', () => filter`title == "${'x'}"`],
    ['inside single quotes', () => filter`title == '${'x'}'`],
    ['inside triple quotes', () => filter`title == """${'x'}"""`],
    ['inside a raw string', () => filter`title.matches(r'${'x'}')`],
    ['inside a comment', () => filter`done // ${'x'}`],
    ['after a name', () => filter`count${-5} > 0`],
    ['after a value', () => filter`count > 3 ${-5}`],
    ['after a placeholder', () => filter`count > ${3}${-5}`],
    ['as a field name', () => filter`author.${'name'} == 1`],
    ['as a function', () => filter`${'size'}(tags) > 1`],
    ['before a name', () => filter`x == ${1}e5`],
    ['before a string', () => filter`x == ${'r'}"a"`],
    ['after a string prefix', () => filter`x == r${'a'}`],
  ])('%s', (_, make) => {
    expect(make).toThrow(TypeError)
  })
})

describe('a text that is not closed in itself is refused', () => {
  test.each(['a) || (b', '(a', 'a]', '[a)', 'a // b', 'a == "b', "a == '''b''", "a == r'\\'"])('%s', (text) => {
    expect(() => rawFilter(text)).toThrow(TypeError)
  })
})

test('a tag called as a function is refused', () => {
  const strings = ['true'] as unknown as TemplateStringsArray
  expect(() => filter(strings)).toThrow('template tag')
})

const values = fc.letrec<{ value: FilterValue; list: readonly FilterValue[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"', "'", '\\', '"""', '\\"', '" || true || "', '//', '\n', '${', ')'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z') }),
    tie('list'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
}))

/** Every kind of place in which a value can stand; their own literals are none that the generator would hit upon. */
const templates: readonly ((value: FilterValue) => Filter)[] = [
  (value) => filter`${value}`,
  (value) => filter`a == ${value}`,
  (value) => filter`${value} == a`,
  (value) => filter`a ==${value}&& b`,
  (value) => filter`!(a == ${value}) || b in ${value}`,
  (value) => filter`a -${value} < b`,
  (value) => filter`-${value} < b`,
  (value) => filter`f(${value},${value}).g(${value})`,
  (value) => filter`${value}.size() > 123456789`,
  (value) => filter`[${value}][123456789] == m[${value}]`,
  (value) => filter`a ? ${value} : ${value}`,
  (value) => filter`{${value}: ${value}}.x`,
  (value) => filter`'a "quoted" one' == ${value} && "one that's" != r'raw \\' + ${value}`,
]

describe('a value never changes what the expression means', () => {
  test.each(templates.map((template) => [String(template(0)), template] as const))('%s', (_, template) => {
    const expected = shape(String(template('value')), 'value')
    fc.assert(
      fc.property(values.value, (value) => {
        expect(shape(String(template(value)), value)).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })
})

test('a value arrives as it was', () => {
  fc.assert(
    fc.property(values.value, (value) => {
      const { args } = parse(`a == ${String(filter`${value}`)}`).ast as unknown as { args: readonly Node[] }
      expect(evaluated(args[1])).toEqual(plain(value))
    }),
  )
})

interface Node {
  readonly op: string
  readonly args: unknown
}

/** The tree of an expression, with each occurrence of the value's own tree as `VALUE`. */
function shape(source: string, value: FilterValue): unknown {
  const wanted = JSON.stringify(strip(parse(String(filter`${value}`)).ast))
  const mark = (node: unknown): unknown => {
    if (JSON.stringify(node) === wanted) return 'VALUE'
    if (Array.isArray(node)) return node.map(mark)
    return isNode(node) ? { op: node.op, args: mark(node.args) } : node
  }
  return mark(strip(parse(source).ast))
}

/** Only operators and operands: no positions, and no bigints, which JSON has not. */
function strip(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strip)
  if (isNode(node)) return { op: node.op, args: strip(node.args) }
  return typeof node === 'bigint' ? `int ${node}` : Object.is(node, -0) ? 0 : node
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

/** The value of a tree of literals. */
function evaluated(node: unknown): unknown {
  if (!isNode(node)) throw new Error(`not a literal: ${String(node)}`)
  const { op, args } = node
  if (op === 'value') return typeof args === 'bigint' ? Number(args) : args
  if (op === '-_') return -(evaluated(args) as number)
  if (op === 'list') return (args as readonly unknown[]).map(evaluated)
  const [name, [text]] = args as [string, [unknown]]
  return { [name]: evaluated(text) }
}

function plain(value: FilterValue): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Date) return { timestamp: value.toISOString() }
  return typeof value === 'bigint' ? Number(value) : Object.is(value, -0) ? 0 : value
}
