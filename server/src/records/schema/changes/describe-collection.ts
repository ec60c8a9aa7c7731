import { below } from '../../../errors/pointer.ts'
import { type CompanionKind, companionOf } from '../companions.ts'

const KEYWORDS: Readonly<Record<CompanionKind, string>> = { trash: 'softDelete', history: 'history' }

/** Of a trash or a history, the collection's keyword. */
export function collectionPointer(name: string): string {
  const companion = companionOf(name)
  if (companion === undefined) return below('/collections', name)
  return below('/collections', companion.owner, KEYWORDS[companion.kind])
}

/** For the titles of steps, and for the changes that they stand for. */
export function describeCollection(name: string): {
  readonly noun: string
  readonly kind: 'collection' | CompanionKind
  readonly name: string
} {
  const companion = companionOf(name)
  if (companion === undefined) return { noun: `collection ${name}`, kind: 'collection', name }
  return { noun: `the ${companion.kind} of ${companion.owner}`, kind: companion.kind, name: companion.owner }
}
