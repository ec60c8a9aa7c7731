import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { recordRoute } from './record-route.ts'

/** The values of a field, each once. */
export function distinctValues<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const shape = { writes: false, query: ['field', 'filter', 'search', 'sort', 'limit'] } as const
  return recordRoute(ports, 'GET', '/api/{app}/{collection}/-distinct', shape, async (call, _, { query }) => {
    const { body } = await ports.records.distinct(call.collection, call.caller, query)
    return { status: 200, body }
  })
}
