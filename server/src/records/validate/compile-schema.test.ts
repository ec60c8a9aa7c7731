import { expect, test } from 'vitest'
import { compileSchema } from './compile-schema.ts'

const first = { allErrors: false }
const all = { allErrors: true }

test('equal schemas are compiled once, whichever object they are', () => {
  expect(compileSchema({ type: 'string', maxLength: 7 }, first)).toBe(
    compileSchema({ type: 'string', maxLength: 7 }, first),
  )
  expect(compileSchema({ type: 'string', maxLength: 7 }, first)).not.toBe(
    compileSchema({ type: 'string', maxLength: 8 }, first),
  )
})

test.each([
  ['the first error', first, 1],
  ['all errors', all, 2],
])('%s of a value', (_, options, errors) => {
  const validate = compileSchema({ type: 'string', maxLength: 1, pattern: '^a' }, options)
  expect(validate('bcd')).toBe(false)
  expect(validate.errors).toHaveLength(errors)
})

test('what can not be compiled is refused each time', () => {
  const broken = { type: 'object', if: {} }
  for (let time = 0; time < 2; time++) expect(() => compileSchema(broken, first)).toThrow('"if" without "then"')
})

test('ids inside of schemas do not meet', () => {
  const schema = (maximum: number) => ({ $id: 'https://example.org/same', type: 'number', maximum })
  expect(compileSchema(schema(1), first)(5)).toBe(false)
  expect(compileSchema(schema(9), first)(5)).toBe(true)
})
