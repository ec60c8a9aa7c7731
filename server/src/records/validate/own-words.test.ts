import { describe, expect, test } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import { collectionModel } from '../testing.ts'
import { createValidators } from './create-validators.ts'

const plain = collectionModel({
  title: { type: 'string', format: 'text', minLength: 3, pattern: '^[a-z]+$' },
  age: { type: 'integer', minimum: 0 },
  tags: { type: 'array', items: { type: 'string', maxLength: 2 }, maxItems: 2 },
})
const fields = new Map(plain.fields)
const words = {
  title: { byCode: { required: 'Please give it a title', pattern: 'Small letters only' } },
  age: { any: 'How old is it?', byCode: {} },
  tags: { any: 'Short tags, please', byCode: { too_many: 'Two tags at most' } },
}
for (const [name, messages] of Object.entries(words)) {
  const field = fields.get(name)
  if (field !== undefined) fields.set(name, { ...field, messages, required: name === 'title' })
}
const validators = createValidators({ ...plain, fields })

function refusal(work: () => unknown) {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error
  }
  throw new Error('It was not refused')
}

describe('words of the document', () => {
  test('take the place of ours, by keyword or for all; codes stay', () => {
    const { code, detail, options } = refusal(() => validators.create({ title: 'A', age: -1, tags: ['abc', 'b', 'c'] }))
    expect(code).toBe('validation_failed')
    expect(options.errors).toEqual([
      { pointer: '/title', code: 'too_short', message: 'must have at least 3 characters' },
      { pointer: '/title', code: 'pattern', message: 'Small letters only' },
      { pointer: '/age', code: 'too_small', message: 'How old is it?' },
      { pointer: '/tags', code: 'too_many', message: 'Two tags at most' },
      { pointer: '/tags/0', code: 'too_long', message: 'Short tags, please' },
    ])
    expect(detail).toBe('title must have at least 3 characters (and 4 more)')
  })

  test('are the detail when they come first', () => {
    expect(refusal(() => validators.create({})).detail).toBe('Please give it a title')
    expect(refusal(() => validators.update({ title: null })).detail).toBe('Please give it a title')
  })

  test('everything is told at once, what may not be sent too', () => {
    const { code, options } = refusal(() => validators.create({ nope: 1, version: 2, age: -1 }))
    expect(code).toBe('unknown_field')
    expect(options.errors?.map(({ pointer }) => pointer)).toEqual(['/nope', '/version', '/age', '/title'])
  })
})
