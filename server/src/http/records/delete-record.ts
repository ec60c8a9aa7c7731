import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { strongTag } from './answers.ts'
import { auditWrite } from './audit-write.ts'
import { recordRoute } from './record-route.ts'

/** Deletes one record; with `purge=true` for good, where there is a trash. */
export function deleteRecord<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const { records, administrators } = ports
  const shape = { writes: true, query: ['purge'], headers: ['if-match'] } as const
  return recordRoute(ports, 'DELETE', '/api/{app}/{collection}/{id}', shape, async (call, _, input) => {
    const { collection, caller } = call
    const { params, query, headers } = input
    const { id } = params
    await records.delete(collection, caller, { id, ifMatch: strongTag(headers['if-match']), purge: query.purge })
    const { administrator: by, request } = caller
    if (by !== undefined) await auditWrite(administrators, { action: 'record.deleted', by, request, params, id })
    return { status: 204 }
  })
}
