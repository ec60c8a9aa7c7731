import { describe, expect, test } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import { modelOf, modelsOf } from '../schema/testing.ts'
import { createValidators } from './create-validators.ts'

/** What a call makes of a body: the stored values, or the problem's status and `pointer code` of each error. */
function verdict(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return [error.status, ...(error.options.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)]
  }
}

const text = { type: 'string' }

describe('a value is stored as its type says, or refused with a code', () => {
  const decimal = { type: 'string', format: 'decimal', scale: 2 }
  const format = (name: string) => ({ type: 'string', format: name })
  const cases: [name: string, schema: object, value: unknown, result: unknown][] = [
    ['text', text, 'grüße 🎈', 'grüße 🎈'],
    ['empty text', text, '', ''],
    ['a number for a text', text, 1, '/x type'],
    ['U+0000', text, 'a\u0000b', '/x format'],
    ['a lone surrogate', text, 'a\ud800b', '/x format'],
    ['length in characters, not UTF-16 units', { ...text, maxLength: 2 }, '🎈🎈', '🎈🎈'],
    ['a text too long', { ...text, maxLength: 2 }, 'abc', '/x too_long'],
    ['a text too short', { ...text, minLength: 1 }, '', '/x too_short'],
    ['a pattern met', { ...text, pattern: '^[A-Z]$' }, 'A', 'A'],
    ['a pattern missed', { ...text, pattern: '^[A-Z]$' }, 'AB', '/x pattern'],
    ['an enum', { enum: ['a', 'b'] }, 'b', 'b'],
    ['another value than those of the enum', { enum: ['a', 'b'] }, 'c', '/x enum'],
    ['a constant', { const: 'a' }, 'b', '/x enum'],

    ['the largest whole number', { type: 'integer' }, 9007199254740991, 9007199254740991],
    ['a whole number too large for JSON', { type: 'integer' }, 9007199254740992, '/x too_large'],
    ['a fraction', { type: 'integer' }, 1.5, '/x type'],
    ['a bound', { type: 'integer', minimum: 1 }, 0, '/x too_small'],
    ['an open bound', { type: 'number', exclusiveMaximum: 1 }, 1, '/x too_large'],
    ['a step', { type: 'number', multipleOf: 0.5 }, 0.7, '/x multiple_of'],
    ['a number', { type: 'number' }, -1.5e300, -1.5e300],
    ['infinity', { type: 'number' }, Number.POSITIVE_INFINITY, '/x type'],
    ['true', { type: 'boolean' }, true, true],
    ['1 for true', { type: 'boolean' }, 1, '/x type'],

    ['a decimal in full', decimal, '12.50', '12.50'],
    ['a decimal with fewer digits', decimal, '12.5', '12.50'],
    ['a whole decimal', decimal, '-7', '-7.00'],
    ['minus zero', decimal, '-0', '0.00'],
    ['a decimal with more digits', decimal, '12.505', '/x too_precise'],
    ['a decimal as a number', decimal, 12.5, '/x type'],
    ['a decimal with an exponent', decimal, '1e3', '/x format'],
    ['a decimal beyond the column', decimal, '1'.repeat(37), '/x too_large'],
    ['a decimal below its bound', { ...decimal, minimum: '0' }, '-0.01', '/x too_small'],
    ['a decimal at its open bound', { ...decimal, exclusiveMinimum: '0' }, '0.00', '/x too_small'],
    ['bounds compare as numbers', { ...decimal, maximum: '9.5' }, '10', '/x too_large'],
    ['the largest int64', format('int64'), '9223372036854775807', '9223372036854775807'],
    ['one more', format('int64'), '9223372036854775808', '/x too_large'],
    ['a fraction of int64', format('int64'), '1.0', '/x too_precise'],

    [
      'a UUID in capitals',
      format('uuid'),
      '0190A3F0-0000-7000-8000-00000000000A',
      '0190a3f0-0000-7000-8000-00000000000a',
    ],
    ['no UUID', format('uuid'), '0190a3f0', '/x format'],
    ['an instant in UTC', format('date-time'), '2026-02-28T09:30:00.000Z', '2026-02-28T09:30:00.000Z'],
    ['an instant elsewhere', format('date-time'), '2026-02-28T09:30:00+02:00', '2026-02-28T07:30:00.000Z'],
    ['microseconds are rounded', format('date-time'), '2026-02-28T23:59:59.999500Z', '2026-03-01T00:00:00.000Z'],
    ['a leap second', format('date-time'), '2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['a leap second at noon', format('date-time'), '2016-12-31T12:00:60Z', '/x format'],
    ['a day that is not', format('date-time'), '2026-02-29T00:00:00Z', '/x format'],
    ['no zone', format('date-time'), '2026-02-28T09:30:00', '/x format'],
    ['before year 1', format('date-time'), '0001-01-01T00:00:00+01:00', '/x format'],
    ['year 99', format('date-time'), '0099-01-01T00:00:00+01:00', '0098-12-31T23:00:00.000Z'],
    ['a leap day', format('date'), '2024-02-29', '2024-02-29'],
    ['no leap day in 1900', format('date'), '1900-02-29', '/x format'],
    ['a date with a time', format('date'), '2024-02-29T00:00:00Z', '/x format'],
    ['minutes', format('time'), '09:30', '09:30:00'],
    ['a fraction of a second', format('time'), '09:30:00.120', '09:30:00.12'],
    ['midnight twice', format('time'), '24:00:00', '/x format'],
    ['a duration', format('duration'), 'PT90M', 'PT1H30M'],
    ['weeks', format('duration'), 'P2W', 'P14D'],
    ['a fraction', format('duration'), 'P1DT0.5S', 'P1DT0.5S'],
    ['months', format('duration'), 'P1M', '/x format'],
    ['nothing after T', format('duration'), 'P1DT', '/x format'],

    ['an address', format('email'), 'Ann@Example.org', 'Ann@Example.org'],
    ['no address', format('email'), 'ann@', '/x format'],
    ['a URI', format('uri'), 'https://example.com/a?b=%20#c', 'https://example.com/a?b=%20#c'],
    ['a URI with a blank', format('uri'), 'https://example.com/a b', '/x format'],
    ['half a URI', format('uri'), '/a', '/x format'],
    ['a host', format('hostname'), 'db-1.example.com', 'db-1.example.com'],
    ['no host', format('hostname'), '-a.com', '/x format'],
    ['IPv6', format('ip'), '2001:db8::1', '2001:db8::1'],
    ['IPv6 with a zone', format('ip'), 'fe80::1%eth0', '/x format'],

    ['any object', { type: 'object' }, { a: { b: [1, null] } }, { a: { b: [1, null] } }],
    ['U+0000 deep inside', { type: 'object' }, { a: ['\u0000'] }, '/x format'],
    ['a key of the prototype', { type: 'object' }, JSON.parse('{"__proto__": {"a": 1}}'), '/x format'],
    ['a nested value', { properties: { n: { type: 'integer' } } }, { n: 'one' }, '/x/n type'],
    ['a nested unknown key', { properties: { n: { type: 'integer' } } }, { m: 1 }, '/x/m unknown_field'],
    ['other keys allowed', { properties: { n: { type: 'integer' } }, additionalProperties: true }, { m: 1 }, { m: 1 }],
    ['a nested required key', { properties: { n: { type: 'integer' } }, required: ['n'] }, {}, '/x/n required'],
    ['a nested decimal', { properties: { n: decimal } }, { n: '1.234' }, '/x/n too_precise'],
    ['one of several forms', { type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { b: 1 }, { b: 1 }],
    ['none of several forms', { type: 'object', not: { required: ['a'] } }, { a: 1 }, '/x invalid'],
    ['a list', { items: text }, ['a', 'b'], ['a', 'b']],
    ['a wrong item', { items: text }, ['a', 1], '/x/1 type'],
    ['too many items', { items: text, maxItems: 1 }, ['a', 'b'], '/x too_many'],
    ['an item twice', { items: text, uniqueItems: true }, ['a', 'a'], '/x not_unique'],
  ]

  test.each(cases)('%s', (_name, schema, value, result) => {
    const validators = createValidators(modelOf({ x: schema }))
    const expected = typeof result === 'string' && result.startsWith('/') ? [422, result] : { x: result }
    expect(verdict(() => validators.create({ x: value }))).toEqual(expected)
    expect(verdict(() => validators.replace({ x: value }))).toEqual(expected)
  })
})

describe('what a body may have at all', () => {
  const properties = {
    title: text,
    count: { type: 'integer', default: 0 },
    secret: { type: 'string', hidden: true },
    total: { type: 'integer', readonly: true },
    owner: { $ref: 'users', owner: true },
  }
  const { create, update } = createValidators(modelOf(properties, { required: ['title', 'count'] }))
  const cases: [name: string, body: unknown, created: unknown, updated: unknown][] = [
    ['a field with a default may be left out', { title: 'a' }, { title: 'a' }, { title: 'a' }],
    ['null is no value', { title: 'a', secret: null }, { title: 'a', secret: null }, { title: 'a', secret: null }],
    ['a required field is not cleared', { title: null }, [422, '/title required'], [422, '/title required']],
    [
      'a hidden field is written',
      { title: 'a', secret: 's' },
      { title: 'a', secret: 's' },
      { title: 'a', secret: 's' },
    ],
    ['an unknown field', { title: 'a', titel: 'b' }, [400, '/titel unknown_field'], [400, '/titel unknown_field']],
    ['a read-only field', { title: 'a', total: 1 }, [400, '/total unknown_field'], [400, '/total unknown_field']],
    ['an owner', { title: 'a', owner: 'x' }, [400, '/owner unknown_field'], [400, '/owner unknown_field']],
    ['a generated id', { title: 'a', id: 'x' }, [400, '/id unknown_field'], [400, '/id unknown_field']],
    ['a version', { title: 'a', version: 1 }, [400, '/version unknown_field'], [400, '/version unknown_field']],
    [
      'the form goes before the values, and both are told',
      { title: 1, nope: 1 },
      [400, '/nope unknown_field', '/title type'],
      [400, '/nope unknown_field', '/title type'],
    ],
    [
      'everything wrong at once',
      { title: 1, count: 'x' },
      [422, '/title type', '/count type'],
      [422, '/title type', '/count type'],
    ],
    ['a list', [], [400], [400]],
    ['null', null, [400], [400]],
    [
      'a key of the prototype',
      JSON.parse('{"title": "a", "__proto__": {}}'),
      [400, '/__proto__ unknown_field'],
      [400, '/__proto__ unknown_field'],
    ],
    [
      'the constructor',
      { title: 'a', constructor: {} },
      [400, '/constructor unknown_field'],
      [400, '/constructor unknown_field'],
    ],
  ]

  test.each(cases)('%s', (_name, body, created, updated) => {
    expect(verdict(() => create(body))).toEqual(created)
    expect(verdict(() => update(body))).toEqual(
      Array.isArray(updated) ? updated : { values: updated, operations: [], merges: {} },
    )
  })

  test('what is required is asked for at creation only', () => {
    expect(verdict(() => create({}))).toEqual([422, '/title required'])
    expect(verdict(() => update({}))).toEqual({ values: {}, operations: [], merges: {} })
  })

  test('a slip of the finger is told, a hidden field never', () => {
    const messages = (body: object) => {
      try {
        create(body)
      } catch (error) {
        return error instanceof Problem ? error.options.errors?.map(({ message }) => message) : undefined
      }
      return undefined
    }
    expect(messages({ titel: 'a' })?.slice(0, 1)).toEqual(['is not a field of this collection. Did you mean "title"?'])
    expect(messages({ secre: 'a' })?.slice(0, 1)).toEqual(['is not a field of this collection.'])
  })

  test('the body itself comes back when nothing has another form', () => {
    const body = { title: 'a' }
    expect(create(body)).toBe(body)
  })
})

describe('operators', () => {
  const model = modelOf({
    n: { type: 'integer', minimum: 0, maximum: 10 },
    d: { type: 'string', format: 'decimal', scale: 2 },
    at: { type: 'string', format: 'date-time' },
    tags: { items: { type: 'string', maxLength: 3 }, maxItems: 3 },
    set: { items: text, uniqueItems: true },
    name: text,
    json: { type: 'object' },
  })
  const { update } = createValidators(model)
  const op = (field: string, operator: string, operand: unknown) => ({
    values: {},
    operations: [{ field, operator, operand }],
    merges: {},
  })
  const cases: [name: string, body: object, result: unknown][] = [
    ['an amount may be outside the bounds', { n: { $inc: -20 } }, op('n', 'inc', -20)],
    ['an amount is of the type', { n: { $inc: 1.5 } }, [422, '/n/$inc type']],
    ['a bound is a value of the field', { n: { $max: 11 } }, [422, '/n/$max too_large']],
    ['a decimal amount', { d: { $inc: '1.5' } }, op('d', 'inc', '1.50')],
    ['a decimal amount as a number', { d: { $inc: 1.5 } }, [422, '/d/$inc type']],
    ['the later time', { at: { $max: '2026-01-01T00:00:00+01:00' } }, op('at', 'max', '2025-12-31T23:00:00.000Z')],
    ['times are not added', { at: { $inc: 1 } }, [422, '/at operator']],
    ['one item', { tags: { $append: 'abc' } }, op('tags', 'append', ['abc'])],
    ['several items', { tags: { $remove: ['a', 'b'] } }, op('tags', 'remove', ['a', 'b'])],
    ['a wrong item', { tags: { $addUnique: ['abcd'] } }, [422, '/tags/$addUnique/0 too_long']],
    ['a list of different items is not appended to', { set: { $append: 'a' } }, [422, '/set operator']],
    ['texts have no operators', { name: { $append: 'a' } }, [422, '/name operator']],
    ['an unknown operator', { n: { $set: 1 } }, [422, '/n operator']],
    ['an operator without a value', { n: { $inc: null } }, [422, '/n/$inc type']],
    ['two operators', { n: { $inc: 1, $min: 2 } }, [422, '/n type']],
    [
      'an object is merged',
      { json: { a: null, b: { c: 1 } } },
      { values: {}, operations: [], merges: { json: { a: null, b: { c: 1 } } } },
    ],
    [
      'data may have keys with a dollar',
      { json: { $ref: 'x' } },
      { values: {}, operations: [], merges: { json: { $ref: 'x' } } },
    ],
    ['objects have no operators', { json: { $inc: 1 } }, [422, '/json operator']],
  ]
  test.each(cases)('%s', (_name, body, result) => {
    expect(verdict(() => update(body))).toEqual(result)
  })
})

describe('chosen ids', () => {
  const validators = (id: object) => {
    const model = modelsOf({ countries: { id, schema: { properties: { name: text } } } }).get('countries')
    if (model === undefined) throw new Error('There is no collection')
    return createValidators(model)
  }
  const cases: [name: string, id: object, value: unknown, result: unknown][] = [
    ['a code', { type: 'string', pattern: '^[A-Z]{2}$' }, 'DE', { id: 'DE' }],
    ['another code', { type: 'string', pattern: '^[A-Z]{2}$' }, 'de', [422, '/id pattern']],
    ['a path', { type: 'string' }, 'a/b', [422, '/id format']],
    ['a path of the system', { type: 'string' }, '-export', [422, '/id format']],
    ['nothing', { type: 'string' }, '', [422, '/id format']],
    ['a number', { type: 'integer' }, 7, { id: 7 }],
    ['a UUID', { type: 'string', format: 'uuid' }, 'x', [422, '/id format']],
  ]
  test.each(cases)('%s', (_name, id, value, result) => {
    expect(verdict(() => validators(id).create({ id: value }))).toEqual(result)
  })

  test('they are asked for, and do not change', () => {
    const { create, update } = validators({ type: 'string' })
    expect(verdict(() => create({ name: 'a' }))).toEqual([422, '/id required'])
    expect(verdict(() => update({ id: 'b' }))).toEqual([400, '/id unknown_field'])
  })
})

describe('what could hold the process', () => {
  test('a catastrophic pattern is linear', () => {
    const { create } = createValidators(modelOf({ x: { ...text, pattern: '^(a+)+$' } }))
    expect(verdict(() => create({ x: `${'a'.repeat(20_000)}!` }))).toEqual([422, '/x pattern'])
  })

  test('a list of wrong items is told its first error only', () => {
    const { create } = createValidators(modelOf({ x: { items: text } }))
    expect(verdict(() => create({ x: Array.from({ length: 100_000 }, () => 1) }))).toEqual([422, '/x/0 type'])
  })

  test('nesting has an end', () => {
    const { create } = createValidators(modelOf({ x: { type: 'object' } }))
    let value: object = {}
    for (let depth = 0; depth < 100; depth++) value = { value }
    expect(verdict(() => create({ x: value }))).toEqual([422, '/x format'])
  })
})

test('every pattern is its own', () => {
  const { create } = createValidators(modelOf({ a: { ...text, pattern: '^a$' }, b: { ...text, pattern: '^b$' } }))
  expect(verdict(() => create({ a: 'b', b: 'b' }))).toEqual([422, '/a pattern'])
})

test('the address of a user is not sent to records, and has one spelling for those who set it', () => {
  const users = modelsOf({}).get('users')
  if (users === undefined) throw new Error('There are no users')
  const { create, update, field } = createValidators(users)
  expect(verdict(() => create({ email: 'a@b.cd' }))).toEqual([400, '/email unknown_field'])
  expect(verdict(() => update({ roles: ['admin'], suspended: false }))).toEqual([
    400,
    '/roles unknown_field',
    '/suspended unknown_field',
  ])
  expect(field('email', 'Ann@Example.ORG')).toBe('ann@example.org')
  expect(verdict(() => field('roles', ['admin', 1]))).toEqual([422, '/roles/1 type'])
})
