import { atom, type Fragment } from './fragment.ts'

/**
 * PostgreSQL raises where a number does not fit. `least` and `greatest` bring what is too large or too small to a value
 * just outside, and `nullif` makes that NULL: each operand is written once, however deep the arithmetic.
 */

const INT_LOW = '-9223372036854775809'
const INT_HIGH = '9223372036854775808'

/** An exact number as bigint, NULL when it does not fit. */
export function int64Of(numeric: Fragment): Fragment {
  return atom(`${within(numeric, INT_LOW, INT_HIGH)}::bigint`)
}

const DOUBLE_LIMIT = "'1.7976931348623158e308'::numeric"

/** An exact number as the nearest double, NULL when it is too large for one. */
export function doubleOf(numeric: Fragment): Fragment {
  return atom(`${within(numeric, `-${DOUBLE_LIMIT}`, DOUBLE_LIMIT)}::double precision`)
}

/** The same for a number of any smallness, of which PostgreSQL would not make a 0 by itself. */
export function smallDoubleOf({ text }: Fragment): Fragment {
  return doubleOf(atom(`case when abs(${text}) < '2.5e-324'::numeric then 0 else ${text} end`))
}

/** A double without its fraction as bigint. */
export function truncated(double: Fragment): Fragment {
  const limit = (sign: string) => `'${sign}9223372036854775808'::double precision`
  return atom(`${within(atom(`trunc(${double.text})`), limit('-'), limit(''))}::bigint`)
}

/** Between the bounds, both excluded. */
export function within(value: Fragment, low: string, high: string): string {
  return `nullif(nullif(least(greatest(${value.text}, ${low}), ${high}), ${low}), ${high})`
}

/** Functions of ours that give NULL where PostgreSQL's operators raise. */
export const FUNCTIONS = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '%': 'remainder' } as const
