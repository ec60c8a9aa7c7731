import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import type { Route } from '../route.ts'
import { strongTag, writeAnswer } from './answers.ts'
import { auditWrite } from './audit-write.ts'
import { recordRoute } from './record-route.ts'

/** Brings one record back from the trash. */
export function restoreRecord<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const { records, administrators } = ports
  const shape = { writes: true, headers: ['if-match', 'prefer'] } as const
  return recordRoute(ports, 'POST', '/api/{app}/{collection}/{id}/-restore', shape, async (call, _, input) => {
    const { collection, caller } = call
    const { params, headers } = input
    const { id } = params
    const prefer = parsePrefer(headers.prefer)
    const ifMatch = strongTag(headers['if-match'])
    const written = await records.restore(collection, caller, { id, ifMatch, prefer })
    const { administrator: by, request } = caller
    if (by !== undefined) await auditWrite(administrators, { action: 'record.restored', by, request, params, id })
    return writeAnswer(written, prefer)
  })
}
