import { describe, expect, it } from 'vitest'
import type { Schema } from './schema.ts'
import { answerSchema, inputSchema } from './value-schema.ts'

const text = { type: 'string', minLength: 2, pattern: '^a' }
const whole = { type: 'integer', minimum: 1, multipleOf: 2 }
const ANY_WHOLE = { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }
const STORABLE = { type: 'string', pattern: '^[^\\u0000]*$' }

describe('what comes back has no bounds, at no depth: stored values may be older than they are', () => {
  it.each<[string, Schema, Schema]>([
    ['a text', text, { type: 'string' }],
    ['a number', whole, { type: 'integer' }],
    ['a list', { type: 'array', items: text, maxItems: 3, uniqueItems: true }, { type: 'array', items: STORABLE }],
    [
      'an object',
      { type: 'object', required: ['a'], properties: { a: text, pattern: whole }, minProperties: 2 },
      { type: 'object', required: ['a'], properties: { a: STORABLE, pattern: ANY_WHOLE } },
    ],
    [
      'alternatives, of which several may fit then',
      { type: 'object', properties: { a: { oneOf: [text, { type: 'string', maxLength: 1 }] } } },
      { type: 'object', properties: { a: { anyOf: [STORABLE, STORABLE] } } },
    ],
    [
      'conditions',
      {
        type: 'array',
        contains: whole,
        not: { type: 'array', minItems: 4 },
        if: { minItems: 1 },
        else: { maxItems: 1 },
      },
      { type: 'array' },
    ],
  ])('%s', (_, documented, answered) => {
    expect(answerSchema(documented)).toEqual(answered)
  })
})

it('what is sent has all of them', () => {
  expect(inputSchema({ type: 'array', items: whole, maxItems: 3 })).toEqual({
    type: 'array',
    items: { ...whole, maximum: Number.MAX_SAFE_INTEGER },
    maxItems: 3,
  })
})
