import type { AppDetails } from 'roadbase/admin'

type Json = Readonly<Record<string, unknown>>

/** A collection of a live document, as far as the command line looks at it. */
export interface CollectionInfo {
  /** The JSON Schemas of its fields, by name. */
  readonly fields: ReadonlyMap<string, Json>
}

/** What every user has besides the fields of the document. */
const USER_FIELDS: Json = {
  email: { type: 'string' },
  roles: { type: 'array' },
  suspended: { type: 'boolean' },
}

/** The collections of an app by name, `users` among them; none where nothing is served. */
export function collectionsOf({ document }: Pick<AppDetails, 'document'>): ReadonlyMap<string, CollectionInfo> {
  const declared = object(document?.['collections'])
  const all = new Map(Object.entries(declared).map(([name, collection]) => [name, infoOf(object(collection))]))
  if (document !== null && !all.has('users')) all.set('users', infoOf({}))
  const users = all.get('users')
  if (users !== undefined)
    all.set('users', { fields: new Map([...Object.entries(USER_FIELDS), ...users.fields]) as CollectionInfo['fields'] })
  return all
}

function infoOf(collection: Json): CollectionInfo {
  const properties = object(object(collection['schema'])['properties'])
  return { fields: new Map(Object.entries(properties).map(([name, schema]) => [name, object(schema)])) }
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}
