import { createHash } from 'node:crypto'

/** PostgreSQL cuts longer names without a word. */
export const MAX_NAME_BYTES = 63

/** camelCase: names are paths, JSON keys and CEL names at once. */
export const CAMEL_CASE = /^[a-z][a-zA-Z0-9]*$/

/**
 * A camelCase name as SQL writes it: `readUpTo` is `read_up_to`, `baseURL` is `base_url`.
 * Runs of capitals stay one word, so two names can meet; the checks refuse that.
 */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

/** Where a collection's free keys lie. The double underscore keeps it apart from every field's column. */
export const FREE_COLUMN = 'free__'

/** The camelCase name that was probably meant: `created_at`, `Created-At` -> `createdAt`. */
export function camelCase(name: string): string {
  const joined = name.replace(/[^a-zA-Z0-9]+(.)?/g, (_match, next: string | undefined) => (next ?? '').toUpperCase())
  return joined.charAt(0).toLowerCase() + joined.slice(1)
}

export type NamedKind =
  | 'pk'
  | 'unique'
  | 'index'
  | 'check'
  | 'exclude'
  | 'range'
  | 'ends'
  | 'values'
  | 'items'
  | 'free'
  | 'fk'
  | 'list'
  | 'immutable'
  | 'version'
  | 'search'
  | 'fuzzy'
  | 'state'
  | 'sequence'
  | 'counted'
  | 'trash'
  | 'computed'
  | 'history'
  | 'all'
  | 'expired'

/**
 * The name of an index, constraint or sequence: `todos__unique_owner_title`, the same for the same document.
 * The double underscore can't come out of {@link snakeCase}, so it never meets a table's name.
 * `content` is what the columns alone don't tell (a condition, an order); it and what is too long become a hash.
 */
export function objectName(table: string, kind: NamedKind, columns: readonly string[], content = ''): string {
  const readable = [`${table}__${kind}`, ...columns].join('_')
  const name = content === '' ? readable : `${readable}_${hash(content)}`
  if (name.length <= MAX_NAME_BYTES) return name
  const suffix = `_${hash(`${readable}\0${content}`)}`
  return readable.slice(0, MAX_NAME_BYTES - suffix.length) + suffix
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
