import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { recordRoute } from './record-route.ts'

/** A page of records. */
export function listRecords<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const shape = {
    writes: false,
    query: ['filter', 'sort', 'fields', 'expand', 'limit', 'cursor', 'count', 'search', 'highlight'],
  } as const
  return recordRoute(ports, 'GET', '/api/{app}/{collection}', shape, async ({ collection, caller }, _, { query }) => {
    const { body, hiddenByRule } = await ports.records.list(collection, caller, query)
    // Only in development: an empty list that a rule made empty says so.
    if (hiddenByRule === undefined) return { status: 200, body }
    return { status: 200, body, headers: { 'x-hidden-by-rules': String(hiddenByRule) } }
  })
}
