import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import type { Route } from '../route.ts'
import { strongTag, writeAnswer } from './answers.ts'
import { auditWrite } from './audit-write.ts'
import { recordRoute } from './record-route.ts'

/** Gives a record the values of an earlier version. */
export function revertRecord<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const { records, administrators } = ports
  const shape = { writes: true, headers: ['if-match', 'prefer'], body: 'json' } as const
  const path = '/api/{app}/{collection}/{id}/-revert'
  return recordRoute(ports, 'POST', path, shape, async ({ collection, caller }, _, { params, headers, body }) => {
    const { id } = params
    const prefer = parsePrefer(headers.prefer)
    const ifMatch = strongTag(headers['if-match'])
    const written = await records.revert(collection, caller, { id, body, ifMatch, prefer })
    const { administrator: by, request } = caller
    if (by !== undefined) await auditWrite(administrators, { action: 'record.reverted', by, request, params, id, body })
    return writeAnswer(written, prefer)
  })
}
