import { createHash } from 'node:crypto'
import { MAX_NAME_BYTES } from '../naming.ts'

/**
 * What a table, column or index is called while it lies hidden. No name of a document has two underscores side by side, and the
 * version that hid it makes it the only one.
 */
export function hiddenName(name: string, version: number): string {
  return withSuffix(name, `__hidden_${version}`)
}

/** Where the values of a column are kept from before a change of its type. */
export function formerName(name: string, version: number): string {
  return withSuffix(name, `__former_${version}`)
}

/** What is made before the transaction, until it gets its name there. */
export function comingName(name: string): string {
  return withSuffix(name, '__coming')
}

/** Of two that change names with one another, one has to step aside. */
export function movingName(name: string): string {
  return withSuffix(name, '__moving')
}

function withSuffix(name: string, suffix: string): string {
  if (name.length + suffix.length <= MAX_NAME_BYTES) return name + suffix
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${name.slice(0, MAX_NAME_BYTES - suffix.length - digest.length - 1)}_${digest}${suffix}`
}
