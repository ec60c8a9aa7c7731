import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { recordRoute } from './record-route.ts'

/** A page of what lies in the trash. */
export function listTrash<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const shape = {
    writes: false,
    query: ['filter', 'sort', 'fields', 'expand', 'limit', 'cursor', 'count'],
  } as const
  return recordRoute(ports, 'GET', '/api/{app}/{collection}/-trash', shape, async (call, _, { query }) => {
    const { body } = await ports.records.listTrash(call.collection, call.caller, query)
    return { status: 200, body }
  })
}
