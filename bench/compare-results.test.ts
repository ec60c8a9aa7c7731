import { expect, test } from 'vitest'
import { compareResults } from './compare-results.ts'

const row = (ratio: number, roadbase = 30_000) => ({ rows: [{ name: 'read, 64', ratio, roadbase }], others: [] })
const other = (value: string) => ({ rows: [], others: [{ name: 'measure', value }] })

test.each([
  ['a ratio that fell by more than a tenth', row(0.9), row(0.8), -11, true],
  ['one that fell by less', row(0.9), row(0.82), -9, false],
  ['one that rose', row(0.8), row(0.9), 13, false],
  ['fewer answers of a machine that is slower for both', row(0.9, 60_000), row(0.9, 20_000), 0, false],
  ['a start that takes longer', other('0.52 s'), other('0.61 s'), 17, true],
  ['one that is quicker', other('0.61 s'), other('0.52 s'), -15, false],
  ['a median among other numbers', other('p50 0.30 ms (x 1.00)'), other('p50 0.40 ms (x 9.00)'), 33, true],
  [
    'memory, whatever the number of requests',
    other('180 MiB after 1000k requests'),
    other('181 MiB after 9k requests'),
    1,
    false,
  ],
])('%s', (_, before, after, percent, slower) => {
  const [comparison] = compareResults(before, after)
  expect(comparison).toMatchObject({ slower })
  expect(Math.round((comparison?.change ?? Number.NaN) * 100)).toBe(percent)
})

test('what only one of them has is left out', () => {
  expect(compareResults(row(0.9), other('1 s'))).toEqual([])
})
