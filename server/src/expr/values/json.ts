/** Deep equality of JSON values, as `jsonb` has it: numbers by value, keys in any order. */
export function equalJson(left: unknown, right: unknown): boolean {
  if (left === right) return true
  // Ints beyond what a double holds are bigint here; the order between the two kinds of numbers is exact.
  if (typeof left === 'bigint' || typeof right === 'bigint')
    return isNumber(left) && isNumber(right) && sameNumber(left, right)
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, index) => equalJson(value, right[index]))
  }
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every((key) => Object.hasOwn(right, key) && equalJson((left as Json)[key], (right as Json)[key]))
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || typeof value === 'number'
}

function sameNumber(left: number | bigint, right: number | bigint): boolean {
  return !(left < right) && !(left > right)
}

type Json = Readonly<Record<string, unknown>>
