/** A parsed JSON value that may be changed. */
export type Json = null | boolean | number | string | Json[] | JsonObject

export interface JsonObject {
  [key: string]: Json
}

/** Equal as JSON: the order of keys does not matter. As deep as the less deep of them. */
export function isEqualJson(left: Json, right: Json): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => isEqualJson(item, right[index] ?? null))
  }
  if (Array.isArray(right)) return false
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every((key) => Object.hasOwn(right, key) && isEqualJson(left[key] ?? null, right[key] ?? null))
}

/** Whether there are more levels of objects and arrays in it. */
export function isDeeperThan(levels: number, value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  return Object.values(value).some((item) => isDeeperThan(levels - 1, item))
}

/** A copy that shares nothing; `visit` is told of each value and each key that is copied, and how deep it lies, and may throw. */
export function copyJson(value: Json, visit: (part: Json, depth: number) => void, depth = 0): Json {
  visit(value, depth)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => copyJson(item, visit, depth + 1))
  // Pairs: what SQL has stored may have a key `__proto__`, which an assignment would take for something else.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      visit(key, depth)
      return [key, copyJson(item, visit, depth + 1)]
    }),
  )
}
