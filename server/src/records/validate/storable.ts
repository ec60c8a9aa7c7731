import { isStorableText } from '../../db/storable-text.ts'

/** Levels of objects and arrays inside one field. */
const MAX_DEPTH = 64

/** Whether a JSON value can be kept as `jsonb` and come back as it was. */
export function isStorableJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every((item) => isStorableJson(item, depth + 1))
  return Object.entries(value).every(
    ([key, item]) => key !== '__proto__' && isStorableText(key) && isStorableJson(item, depth + 1),
  )
}
