import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { recordRoute } from './record-route.ts'

/** Counts, sums, averages, least and greatest of records in groups. */
export function aggregateRecords<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const query = ['select', 'groupBy', 'filter', 'search', 'having', 'sort', 'limit'] as const
  const shape = { writes: false, query } as const
  return recordRoute(ports, 'GET', '/api/{app}/{collection}/-aggregate', shape, async (call, _, { query }) => {
    const { body } = await ports.records.aggregate(call.collection, call.caller, query)
    return { status: 200, body }
  })
}
