import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { recordRoute } from './record-route.ts'

/** Whether there is a record that a filter holds for. None is no error: the status is the answer. */
export function recordExists<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const shape = { writes: false, query: ['filter'] } as const
  return recordRoute(ports, 'HEAD', '/api/{app}/{collection}', shape, async (call, _, { query }) => {
    const found = await ports.records.exists(call.collection, call.caller, query)
    return { status: found ? 200 : 404 }
  })
}
