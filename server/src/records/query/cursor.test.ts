import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCursors, type Position } from './cursor.ts'

const cursors = createCursors(randomBytes(32))
const position: fc.Arbitrary<Position> = fc.array(
  fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  ),
  { minLength: 1, maxLength: 5 },
)

describe('cursors', () => {
  test('give back the position that they were made of, to the list that they were made for', () => {
    fc.assert(
      fc.property(position, fc.string(), (values, binding) => {
        const cursor = cursors.encode(values, binding)
        expect(cursor).toMatch(/^[\w-]+$/)
        expect(cursors.decode(cursor, binding, values.length)).toEqual(JSON.parse(JSON.stringify(values)))
      }),
    )
  })

  const made = cursors.encode(['a', 1], 'list of one caller')
  test.each([
    ['of another list', made, 'list of another caller', 2],
    ['with other sort keys', made, 'list of one caller', 3],
    [
      'with a changed character',
      `${made.slice(0, -2)}${made.at(-2) === 'A' ? 'B' : 'A'}${made.at(-1)}`,
      'list of one caller',
      2,
    ],
    ['cut off', made.slice(0, 20), 'list of one caller', 2],
    [
      'of another server',
      createCursors(randomBytes(32)).encode(['a', 1], 'list of one caller'),
      'list of one caller',
      2,
    ],
    ['that is nothing', '', 'list of one caller', 2],
    ['that is no base64', 'ä?/', 'list of one caller', 2],
  ])('one %s is refused', (_, cursor, binding, keys) => {
    expect(() => cursors.decode(cursor, binding, keys)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }))
  })

  test('say nothing of the position to who reads them', () => {
    const cursor = cursors.encode(['salary 4711'], 'x')
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('4711')
  })
})
