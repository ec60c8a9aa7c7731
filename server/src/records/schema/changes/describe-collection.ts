import { below } from '../../../errors/pointer.ts'
import { ownerOfTrash } from '../trash.ts'

/** Of a trash, the collection's keyword. */
export function collectionPointer(name: string): string {
  const owner = ownerOfTrash(name)
  return owner === undefined ? below('/collections', name) : below('/collections', owner, 'softDelete')
}

/** For the titles of steps, and for the changes that they stand for. */
export function describeCollection(name: string): {
  readonly noun: string
  readonly kind: 'collection' | 'trash'
  readonly name: string
} {
  const owner = ownerOfTrash(name)
  if (owner === undefined) return { noun: `collection ${name}`, kind: 'collection', name }
  return { noun: `the trash of ${owner}`, kind: 'trash', name: owner }
}
