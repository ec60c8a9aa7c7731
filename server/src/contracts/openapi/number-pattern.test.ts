import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decimalPattern, integerPattern } from './number-pattern.ts'

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

it('the pattern of a range takes exactly its numbers', () => {
  const number = fc.oneof(fc.bigInt(INT64), fc.bigInt({ min: -200n, max: 200n }))
  const near = fc.bigInt({ min: -2n, max: 2n })
  fc.assert(
    fc.property(number, number, number, near, (a, b, other, step) => {
      const [least, most] = a < b ? [a, b] : [b, a]
      const pattern = new RegExp(integerPattern(least, most), 'u')
      for (const n of [least, most, least + step, most + step, other, 0n]) {
        expect(pattern.test(String(n)), `${n} in ${least}..${most}`).toBe(n >= least && n <= most)
      }
    }),
  )
})

it('numbers are written in one way, but for a zero with a sign', () => {
  const pattern = new RegExp(integerPattern(INT64.min, INT64.max), 'u')
  expect(['0', '-0', '7', '-9223372036854775808', '9223372036854775807'].every((text) => pattern.test(text))).toBe(true)
  expect(
    ['00', '07', '+7', '', '-', '1.0', '1e3', '9223372036854775808', ' 1'].some((text) => pattern.test(text)),
  ).toBe(false)
})

it.each([
  [3, 2, ['0', '-0', '12', '999.99', '1.5'], ['1000', '1.005', '.5', '01', '1.']],
  [2, 0, ['0', '99', '-1'], ['100', '1.0']],
])('decimals of %i and %i digits', (whole, scale, right, wrong) => {
  const pattern = new RegExp(decimalPattern(whole, scale), 'u')
  expect([right.filter((text) => !pattern.test(text)), wrong.filter((text) => pattern.test(text))]).toEqual([[], []])
})
