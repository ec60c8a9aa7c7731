import { expect, test } from 'vitest'
import { createDeadlines, type Timed } from './deadlines.ts'

function timed(name: string, expired: string[]): Timed {
  return { due: 0, before: undefined, after: undefined, expire: () => void expired.push(name) }
}

test('what is due expires in the order in which it began, once', () => {
  const expired: string[] = []
  const deadlines = createDeadlines(10)
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => timed(name, expired)) as [Timed, Timed, Timed, Timed]
  deadlines.start(a, 0)
  deadlines.start(b, 1)
  deadlines.start(c, 2)
  deadlines.start(d, 2)
  deadlines.stop(b)
  deadlines.stop(b)
  deadlines.start(a, 5)
  deadlines.sweep(11)
  expect(expired).toEqual([])
  deadlines.sweep(12)
  expect(expired).toEqual(['c', 'd'])
  deadlines.sweep(15)
  deadlines.sweep(99)
  expect(expired).toEqual(['c', 'd', 'a'])
})

test('what is stopped while others expire does not', () => {
  const expired: string[] = []
  const deadlines = createDeadlines(10)
  const second = timed('second', expired)
  const first: Timed = { ...timed('first', expired), expire: () => deadlines.stop(second) }
  deadlines.start(first, 0)
  deadlines.start(second, 0)
  deadlines.sweep(10)
  expect(expired).toEqual([])
})
