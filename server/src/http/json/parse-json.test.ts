import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import { isExactNumber } from './exact-number.ts'
import { parseExactly } from './parse-exactly.ts'
import { MAX_DEPTH, parseJson } from './parse-json.ts'

const parse = (text: string) => parseJson(Buffer.from(text, 'utf8'))

function problemOf(text: string | Buffer): Problem {
  try {
    parseJson(typeof text === 'string' ? Buffer.from(text, 'utf8') : text)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('accepted')
}

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('accepts', () => {
  test.each([
    ['{}', {}],
    ['  {"a" : [1, -2.5, true, false, null, "x"]}\n', { a: [1, -2.5, true, false, null, 'x'] }],
    ['{"a":{"b":1},"c":{"b":2}}', { a: { b: 1 }, c: { b: 2 } }],
    [String.raw`{"a":"\ud83d\ude00 \u00e9 \"\\\/\b\f\n\r\t"}`, { a: '😀 é "\\/\b\f\n\r\t' }],
    ['{"a:b":"c:d"}', { 'a:b': 'c:d' }],
    ['9007199254740992e-1', 900719925474099.2],
    ['[9007199254740992, 1e21, 1E-7, 0.30000000000000004, 1.50, -0]', [2 ** 53, 1e21, 1e-7, 0.1 + 0.2, 1.5, -0]],
    ['"constructor"', 'constructor'],
    [deep(MAX_DEPTH), JSON.parse(deep(MAX_DEPTH))],
  ])('%s', (text, value) => expect(parse(text)).toEqual(value))
})

describe('refuses, and says where', () => {
  test.each<[string, string, string, string]>([
    ['{"a":1,"a":2}', 'duplicate_key', '/a', 'Line 1, column 8:'],
    ['{"a":1,"\\u0061":2}', 'duplicate_key', '/a', 'Line 1, column 8:'],
    ['{"x":[{"b":1},\n{"b":1,"b":2}]}', 'duplicate_key', '/x/1/b', 'Line 2, column 8:'],
    ['{"__proto__":{"admin":true}}', 'forbidden_key', '/__proto__', 'Line 1, column 2:'],
    ['{"a":{"\\u005f_proto__":1}}', 'forbidden_key', '/a/__proto__', 'Line 1, column 7:'],
    ['[{"constructor":1}]', 'forbidden_key', '/0/constructor', 'Line 1, column 3:'],
    ['{"prototype":1}', 'forbidden_key', '/prototype', ''],
    ['{"n":9007199254740993}', 'inexact_number', '/n', 'Line 1, column 6:'],
    ['{"n":1e400}', 'inexact_number', '/n', ''],
    ['{"n":-1e400}', 'inexact_number', '/n', ''],
    ['{"n":1e-400}', 'inexact_number', '/n', ''],
    ['{"n":0.1000000000000000055511151231257827}', 'inexact_number', '/n', ''],
    ['{"s":"a\\u0000b"}', 'invalid_string', '/s', ''],
    ['{"s":"\\ud800"}', 'invalid_string', '/s', ''],
    ['{"s":"\\udc00\\ud800"}', 'invalid_string', '/s', ''],
    ['{"\\ud800":1}', 'invalid_string', '', ''],
    [deep(MAX_DEPTH + 1), 'too_deep', '/0'.repeat(MAX_DEPTH), ''],
    ['{"a":}', 'syntax', '/a', 'Line 1, column 6:'],
    ['{"a" 1}', 'syntax', '/a', 'Line 1, column 6:'],
    ['{"a":1,}', 'syntax', '', 'Line 1, column 8:'],
    ['[1,]', 'syntax', '/1', ''],
    ['{a:1}', 'syntax', '', 'Line 1, column 2:'],
    ["{'a':1}", 'syntax', '', ''],
    ['{"a":"b', 'syntax', '/a', 'Line 1, column 6:'],
    ['{"a":"b\nc"}', 'syntax', '/a', ''],
    ['{"a":01}', 'syntax', '', 'Line 1, column 7:'],
    ['{"a":+1}', 'syntax', '/a', ''],
    ['{"a":1.}', 'syntax', '', ''],
    ['{"a":.5}', 'syntax', '/a', ''],
    ['{"a":NaN}', 'syntax', '/a', ''],
    ['{"a":"\\x41"}', 'syntax', '/a', ''],
    ['{"a":"\\u12"}', 'syntax', '/a', ''],
    ['{} {}', 'syntax', '', 'Line 1, column 4:'],
    ['', 'syntax', '', 'Line 1, column 1:'],
    ['\ufeff{}', 'syntax', '', ''],
    ['{"a":1}\u00a0', 'syntax', '', ''],
    ['// x\n{}', 'syntax', '', ''],
  ])('%s', (text, code, pointer, place) => {
    const { code: problem, status, detail, options } = problemOf(text)
    expect([problem, status]).toEqual(['malformed_json', 400])
    expect(options.errors).toEqual([expect.objectContaining({ code, pointer })])
    expect(detail).toContain(place)
  })

  test.each([
    [[0x22, 0xff, 0x22]],
    [[0x22, 0xc0, 0xaf, 0x22]],
    [[0x22, 0xed, 0xa0, 0x80, 0x22]],
    [[0xff, 0xfe, 0x7b, 0x00]],
  ])('bytes that are no UTF-8: %j', (bytes) => expect(problemOf(Buffer.from(bytes)).detail).toMatch(/not valid UTF-8/))
})

test('a megabyte of brackets is refused without a deep stack', () => {
  expect(problemOf('['.repeat(1_000_000)).options.errors?.[0]?.code).toBe('too_deep')
  expect(problemOf('{"a":'.repeat(200_000)).options.errors?.[0]?.code).toBe('too_deep')
})

test('prototypes stay clean', () => {
  for (const text of ['{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}'])
    expect(() => parse(text)).toThrow()
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
})

/** What is right by definition: the parser of the platform, unless our own finds something to refuse. */
function reference(text: string): { value: unknown } | 'refused' {
  try {
    parseExactly(text, MAX_DEPTH)
    return { value: JSON.parse(text) }
  } catch {
    return 'refused'
  }
}

function outcome(text: string): { value: unknown } | 'refused' {
  try {
    return { value: parse(text) }
  } catch {
    return 'refused'
  }
}

/** Texts with spaces, escapes and digits as no serializer writes them, valid or nearly so. */
const pieces = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '00',
  'd8',
  '1',
  '9'.repeat(9),
  '.',
  'e',
  '-',
  'true',
  'null',
  ' ',
  '\n',
  '"a"',
  '"a":',
  '"__proto__":',
  '\\"',
  'é',
  '😀',
)

describe('for every text', () => {
  test('what JSON.stringify writes comes back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value)
        const expected = reference(text)
        expect(outcome(text)).toEqual(expected)
        if (expected !== 'refused') expect(parseExactly(text, MAX_DEPTH)).toEqual(JSON.parse(text))
      }),
    )
  })

  test('the fast way and the exact way agree, and neither takes what JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 24 }).map((parts) => parts.join('')),
        (text) => {
          expect(outcome(text)).toEqual(reference(text))
        },
      ),
      { numRuns: 5000 },
    )
  })

  test('a number is refused exactly when reading it changes it', () => {
    const literal = fc
      .tuple(fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n }), fc.option(fc.integer({ min: -330, max: 330 })))
      .map(([digits, exponent]) => (exponent === null ? `${digits}` : `${digits}e${exponent}`))
    fc.assert(
      fc.property(literal, (text) => {
        const kept = asRational(text) === asRational(String(Number(text)))
        expect(isExactNumber(text)).toBe(kept)
        expect(outcome(`[${text}]`)).toEqual(kept ? { value: [Number(text)] } : 'refused')
      }),
    )
  })
})

/** A decimal literal as a fraction over 10^400, in exact arithmetic. */
function asRational(literal: string): bigint | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/.exec(literal)
  if (parts === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts
  return BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(400 + Number(exponent) - fraction.length)
}
