import { expect, test } from 'vitest'
import { createRequestIds } from './request-ids.ts'

const ids = (times: number[], random = 1) => {
  let last = 0
  return createRequestIds({ now: () => (last = times.shift() ?? last), random: () => random })
}

test('are short, and sort by the time they were made', () => {
  const { next } = ids([1, 1, 2, 2, 33, 1_700_000_000_000, 1_800_000_000_000])
  const made = Array.from({ length: 7 }, next)
  expect(made[0]).toBe('0000000010000001')
  expect(made.every((id) => id.length === 16)).toBe(true)
  expect(made).toEqual([...made].sort())
  expect(new Set(made).size).toBe(7)
})

test('are never given twice: not by a clock set back, not when one millisecond is full', () => {
  const { next } = ids([50, 40, 30])
  const made = Array.from({ length: 3 * 32 ** 3 }, next)
  expect(new Set(made).size).toBe(made.length)
  expect(made).toEqual([...made].sort())
})

test('differ between processes', () => {
  expect(ids([1], 1).next()).not.toBe(ids([1], 2).next())
})

test.each(['abc-123', 'A.b_c', 'x'.repeat(64)])('%s of a trusted proxy is kept', (sent) => {
  expect(ids([1]).accept(sent)).toBe(sent)
})

test.each(['', 'a b', 'a\nb', '<script>', 'x'.repeat(65), 'ä'])('%j is replaced', (sent) => {
  expect(ids([1]).accept(sent)).toBe('0000000010000001')
})
