import { objectName, snakeCase } from './naming.ts'

/**
 * Tables that a collection has beside its own: its trash, and the history of its records, each with the same columns and some more. In plans
 * they go as collections with a point in their names, which no collection of a document has.
 */
export type CompanionKind = (typeof KINDS)[number]

const KINDS = ['trash', 'history'] as const

export function companionName(collection: string, kind: CompanionKind): string {
  return `${collection}.${kind}`
}

/** Of which collection it is what; undefined for a collection. */
export function companionOf(name: string): { readonly owner: string; readonly kind: CompanionKind } | undefined {
  const kind = KINDS.find((one) => name.endsWith(`.${one}`))
  return kind === undefined ? undefined : { owner: name.slice(0, -kind.length - 1), kind }
}

/** The collection, of a companion the one that it belongs to. */
export function ownerOf(name: string): string {
  return companionOf(name)?.owner ?? name
}

/** The table of a collection, or of a companion, by its name in plans; unquoted. */
export function tableNameOf(name: string): string {
  const companion = companionOf(name)
  return companion === undefined ? snakeCase(name) : objectName(snakeCase(companion.owner), companion.kind, [])
}
