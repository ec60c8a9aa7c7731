import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { recordRoute } from './record-route.ts'

/** What became of a record, version by version. */
export function listHistory<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const shape = { writes: false, query: ['limit', 'cursor'] } as const
  const path = '/api/{app}/{collection}/{id}/-history'
  return recordRoute(ports, 'GET', path, shape, async ({ collection, caller }, _, { params, query }) => {
    return { status: 200, body: await ports.records.listHistory(collection, caller, { id: params.id, ...query }) }
  })
}
