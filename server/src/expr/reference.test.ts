import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkExpression, toJs } from './index.ts'
import { environment, ruleVariables } from './testing/app.ts'
import { reference } from './testing/reference.ts'

/** Every value is there, and of a kind that the reference has, with results that are no exception in either. */
const records = fc.record({
  title: fc.constantFrom('', 'a', 'abc', 'Ab', 'é\u{1F600}', 'a,b'),
  note: fc.constantFrom('a', 'b', 'zz'),
  count: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(Number.MAX_SAFE_INTEGER)),
  rank: fc.integer({ min: -3, max: 3 }),
  // The reference lets the least number divided by -1 pass.
  serial: fc.constantFrom('9223372036854775807', '-9223372036854775807', '1'),
  ratio: fc.constantFrom(0.5, -1.5, 3, 1e10),
  weight: fc.constantFrom(0.25, -2, 7.75),
  done: fc.boolean(),
  flag: fc.boolean(),
  startsAt: fc.constantFrom('2026-03-29T00:59:59.999Z', '2024-02-29T23:30:00.000Z'),
  endsAt: fc.constantFrom('1970-01-01T00:00:00.000Z', '2026-12-31T23:00:00.123Z'),
  tags: fc.array(fc.constantFrom('a', 'b', 'abc'), { maxLength: 3 }),
  numbers: fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 3 }),
})

const [OLDER, YOUNGER] = ["timestamp('2024-02-29T23:30:01Z')", "timestamp('2026-03-29T01:00:00Z')"]

type Kinds = Record<'bool' | 'int' | 'double' | 'string' | 'instant' | 'length', string>

const { bool } = fc.letrec<Kinds>((tie) => {
  const join = (...parts: readonly (string | fc.Arbitrary<string>)[]) =>
    fc
      .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
      .map((texts) => texts.join(''))
  const pick = (...sources: readonly string[]) => fc.constantFrom(...sources)
  const grown = (leaf: fc.Arbitrary<string>, ...branches: readonly fc.Arbitrary<string>[]) =>
    fc.oneof({ maxDepth: 5 }, leaf, ...branches)
  const compared = (kind: keyof Kinds) =>
    join('(', tie(kind), ' ', pick('==', '!=', '<', '<=', '>', '>='), ' ', tie(kind), ')')
  const choice = (kind: keyof Kinds) => join('(', tie('bool'), ' ? ', tie(kind), ' : ', tie(kind), ')')
  return {
    bool: grown(
      pick('record.done', 'record.flag', 'true', 'false'),
      join('!', tie('bool')),
      join('(', tie('bool'), pick(' && ', ' || '), tie('bool'), ')'),
      choice('bool'),
      ...(['int', 'double', 'string', 'instant', 'length'] as const).map(compared),
      join(tie('string'), '.', pick('contains', 'startsWith', 'endsWith'), '(', tie('string'), ')'),
      join(tie('string'), ".matches('", pick('^a', 'b$', '[^a]', 'a|é', '^.$'), "')"),
      join('record.tags.', pick('exists', 'all', 'exists_one'), '(t, t ', pick('==', '<'), ' ', tie('string'), ')'),
      join('record.numbers.', pick('exists', 'all', 'exists_one'), '(n, 6 / n > ', tie('int'), ')'),
      join('(', tie('string'), " in ['a', ", tie('string'), '])'),
      join('(', tie('int'), ' in record.numbers.map(n, n * ', tie('int'), '))'),
      join('(', tie('string'), ' in record.tags.filter(t, t != ', tie('string'), '))'),
    ),
    int: grown(
      pick('record.count', 'record.rank', 'record.serial', '0', '1', '-7', '9223372036854775807'),
      join('(', tie('int'), pick(' + ', ' - ', ' * ', ' / ', ' % '), tie('int'), ')'),
      choice('int'),
      join('size(', tie('string'), ')'),
      join('record.numbers[', tie('int'), ']'),
      // The reference reads the empty text as 0.
      join('int(', pick('record.note', "'3'", "'-12'", "'9223372036854775808'"), ')'),
      join(tie('length'), pick('.getHours()', '.getMinutes()', '.getSeconds()', '.getMilliseconds()')),
      join(
        tie('instant'),
        '.',
        pick(
          'getFullYear',
          'getMonth',
          'getDate',
          'getDayOfMonth',
          'getDayOfWeek',
          'getHours',
          'getMinutes',
          'getSeconds',
        ),
        "('UTC')",
      ),
    ),
    double: grown(
      pick('record.ratio', 'record.weight', '0.5', '-4.25'),
      join('(', tie('double'), pick(' + ', ' - ', ' * '), tie('double'), ')'),
      choice('double'),
      join('double(', tie('int'), ')'),
    ),
    string: grown(
      pick('record.title', 'record.note', "'a'", "'é'", "'3'"),
      join('(', tie('string'), ' + ', tie('string'), ')'),
      choice('string'),
      join('string(', tie('int'), ')'),
    ),
    instant: grown(
      pick('record.startsAt', 'record.endsAt', "timestamp('2026-03-29T01:00:00Z')"),
      join('(', tie('instant'), pick(' + ', ' - '), tie('length'), ')'),
    ),
    // In whole seconds: the reference loses parts of a second that are negative, or of many years.
    length: grown(
      pick("duration('15m')", "duration('1.5h')", `(${YOUNGER} - ${OLDER})`, `(${OLDER} - ${YOUNGER})`),
      join('(', tie('length'), pick(' + ', ' - '), tie('length'), ')'),
    ),
  }
})

describe('an expression means what the reference evaluator says', () => {
  test('for values that are there', () => {
    fc.assert(
      fc.property(records, bool, (record, source) => {
        const expression = checkExpression(source, environment, { variables: ruleVariables, lookups: true })
        // Strings of CEL are ordered by code point; the reference orders by UTF-16 unit, so its texts stay below.
        expect({ source, answer: toJs(expression)({ record }) }).toEqual({ source, answer: reference(source, record) })
      }),
      { numRuns: 3000 },
    )
  })
})
