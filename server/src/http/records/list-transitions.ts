import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { recordRoute } from './record-route.ts'

/** What the caller could do with a record now. */
export function listTransitions<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const path = '/api/{app}/{collection}/{id}/-transitions'
  return recordRoute(ports, 'GET', path, { writes: false }, async ({ collection, caller }, _, { params }) => {
    return { status: 200, body: await ports.records.listTransitions(collection, caller, { id: params.id }) }
  })
}
