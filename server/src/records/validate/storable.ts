/** Levels of objects and arrays inside one field. */
const MAX_DEPTH = 64

interface WellFormed {
  isWellFormed(): boolean
}

/** PostgreSQL has no U+0000 in texts, and a lone surrogate is no character that UTF-8 can write. */
export function isStorableText(text: string): boolean {
  // ES2024, in every Node we run on; the compiler's ES2023 library does not know it yet.
  return !text.includes('\u0000') && (text as unknown as WellFormed).isWellFormed()
}

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
