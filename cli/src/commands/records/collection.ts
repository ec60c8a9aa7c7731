import { one } from '../../command.ts'
import type { Context } from '../../context.ts'
import { type CollectionInfo, collectionsOf } from '../../remote/collections.ts'

export const place = {
  app: one('the app', 'app'),
  collection: one('the collection', 'collection'),
}

/** What the live document says of the collection; undefined for a key that may not read documents, or when there is no such one. */
export async function describeCollection(
  { admin }: Context,
  app: string,
  collection: string,
): Promise<CollectionInfo | undefined> {
  const { apps } = await admin()
  const details = await apps.get(app).catch((error: { status?: number }) => {
    if (error.status === 403) return undefined
    throw error
  })
  return details === undefined ? undefined : collectionsOf(details).get(collection)
}
