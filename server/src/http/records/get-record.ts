import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { readAnswer } from './answers.ts'
import { recordRoute } from './record-route.ts'

/** One record. */
export function getRecord<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const shape = { writes: false, query: ['fields', 'expand'], headers: ['if-none-match'] } as const
  return recordRoute(ports, 'GET', '/api/{app}/{collection}/{id}', shape, async (call, _, input) => {
    const { params, query, headers } = input
    const record = await ports.records.get(call.collection, call.caller, {
      id: params.id,
      fields: query.fields,
      expand: query.expand,
      ifNoneMatch: headers['if-none-match'],
    })
    return readAnswer(record, headers.authorization === undefined)
  })
}
