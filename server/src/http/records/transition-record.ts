import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import type { Route } from '../route.ts'
import { strongTag, writeAnswer } from './answers.ts'
import { auditWrite } from './audit-write.ts'
import { recordRoute } from './record-route.ts'

/** Moves a record to another state. */
export function transitionRecord<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const { records, administrators } = ports
  const shape = { writes: true, headers: ['if-match', 'prefer'], body: 'optional' } as const
  const path = '/api/{app}/{collection}/{id}/{transition}'
  return recordRoute(ports, 'POST', path, shape, async ({ collection, caller }, _, { params, headers, body }) => {
    const { id, transition } = params
    const prefer = parsePrefer(headers.prefer)
    const ifMatch = strongTag(headers['if-match'])
    const written = await records.transition(collection, caller, { id, transition, body, ifMatch, prefer })
    const { administrator: by, request } = caller
    if (by !== undefined) {
      await auditWrite(administrators, { action: 'record.transitioned', by, request, params, id, transition })
    }
    return writeAnswer(written, prefer)
  })
}
