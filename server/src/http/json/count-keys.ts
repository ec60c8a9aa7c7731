import { isForbiddenKey } from '../../records/validate/forbidden-keys.ts'

/** What {@link countKeys} says of a value with a key that may not be there. */
export const UNSAFE = -1

/** The number of keys of all objects in a parsed value, or `UNSAFE` when one of them is forbidden. The value is not deep. */
export function countKeys(value: object): number {
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item !== 'object' || item === null) continue
      const inner = countKeys(item)
      if (inner === UNSAFE) return UNSAFE
      count += inner
    }
    return count
  }
  for (const key of Object.keys(value)) {
    if (isForbiddenKey(key)) return UNSAFE
    count++
    const item = (value as Record<string, unknown>)[key]
    if (typeof item !== 'object' || item === null) continue
    const inner = countKeys(item)
    if (inner === UNSAFE) return UNSAFE
    count += inner
  }
  return count
}
