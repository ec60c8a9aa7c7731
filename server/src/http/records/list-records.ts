import { callerOf } from '../caller.ts'
import { findCollection } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'

/** A page of records. */
export function listRecords<A, C>({ apps, records }: Pick<Ports<A, C>, 'apps' | 'records'>): Route {
  const shape = {
    query: ['filter', 'sort', 'fields', 'expand', 'limit', 'cursor', 'count'],
    headers: ['authorization'],
  } as const
  return route('GET', '/api/{app}/{collection}', shape, async (context, { params, query, headers }) => {
    const collection = findCollection(apps, params.app, params.collection)
    const caller = callerOf(apps, context, params.app, headers.authorization)
    const { body, hiddenByRule } = await records.list(collection, caller, query)
    // Only in development: an empty list that a rule made empty says so.
    if (hiddenByRule === undefined) return { status: 200, body }
    return { status: 200, body, headers: { 'x-hidden-by-rules': String(hiddenByRule) } }
  })
}
