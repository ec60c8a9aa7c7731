import type { Arithmetic, Node, Range } from './node.ts'

/** Bounds of int results: where they stay within 64 bits, the compiled code needs no check. */

export const INT64: Range = [-(2n ** 63n), 2n ** 63n - 1n]
/** Of fields of type `integer`. */
export const SAFE: Range = [-(2n ** 53n - 1n), 2n ** 53n - 1n]

export function rangeOf(node: Node): Range {
  return node.range ?? INT64
}

export function inInt64([low, high]: Range): boolean {
  return low >= INT64[0] && high <= INT64[1]
}

/** The exact bounds, which may be beyond 64 bits. */
export function rangeAfter(operator: Arithmetic, left: Range, right: Range): Range {
  switch (operator) {
    case '+':
      return [left[0] + right[0], left[1] + right[1]]
    case '-':
      return [left[0] - right[1], left[1] - right[0]]
    case '*': {
      const corners = [left[0] * right[0], left[0] * right[1], left[1] * right[0], left[1] * right[1]]
      return [least(corners), greatest(corners)]
    }
    case '/': {
      const most = greatest([magnitude(left[0]), magnitude(left[1])])
      // Only the least number divided by -1 leaves the 64 bits.
      return right[0] <= -1n && right[1] >= -1n
        ? [-most, most]
        : [least([left[0], -most]), greatest([left[1], magnitude(left[1])])]
    }
    case '%': {
      const most = greatest([magnitude(right[0]), magnitude(right[1])])
      return [left[0] < 0n ? -most : 0n, left[1] > 0n ? most : 0n]
    }
  }
}

/** What the result can be once those beyond 64 bits are errors. */
export function clamped([low, high]: Range): Range {
  return [greatest([low, INT64[0]]), least([high, INT64[1]])]
}

/** What either of two values can be. */
export function spanOf(left: Range, right: Range): Range {
  return [least([left[0], right[0]]), greatest([left[1], right[1]])]
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

function least(values: readonly bigint[]): bigint {
  return values.reduce((best, value) => {
    if (value < best) return value
    return best
  })
}

function greatest(values: readonly bigint[]): bigint {
  return values.reduce((best, value) => {
    if (value > best) return value
    return best
  })
}
