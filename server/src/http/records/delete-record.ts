import type { Ports } from '../ports.ts'
import type { Route } from '../route.ts'
import { strongTag } from './answers.ts'
import { auditWrite } from './audit-write.ts'
import { recordRoute } from './record-route.ts'

/** Deletes one record. */
export function deleteRecord<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const { records, administrators } = ports
  const shape = { writes: true, headers: ['if-match'] } as const
  return recordRoute(ports, 'DELETE', '/api/{app}/{collection}/{id}', shape, async (call, _, { params, headers }) => {
    const { collection, caller } = call
    const { id } = params
    await records.delete(collection, caller, { id, ifMatch: strongTag(headers['if-match']) })
    const { administrator: by, request } = caller
    if (by !== undefined) await auditWrite(administrators, { action: 'record.deleted', by, request, params, id })
    return { status: 204 }
  })
}
