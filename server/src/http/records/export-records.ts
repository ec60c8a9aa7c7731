import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { recordRoute } from './record-route.ts'

const TYPES = {
  jsonl: 'application/jsonl; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
} as const

/** All records that the caller may list, as a file. */
export function exportRecords<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const shape = { writes: false, query: ['format', 'filter', 'search', 'fields', 'sort'] } as const
  return recordRoute(ports, 'GET', '/api/{app}/{collection}/-export', shape, async (call, context, { query }) => {
    const { collection, caller } = call
    const { format, name, bytes } = await ports.records.export(collection, caller, query, context.signal)
    const headers = { 'content-type': TYPES[format], 'content-disposition': `attachment; filename="${name}"` }
    return { status: 200, body: bytes, headers }
  })
}
