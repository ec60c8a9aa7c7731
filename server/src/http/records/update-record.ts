import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import type { Route } from '../route.ts'
import { strongTag, writeAnswer } from './answers.ts'
import { auditWrite } from './audit-write.ts'
import { recordRoute } from './record-route.ts'
import { isValidateOnly } from './validate-only.ts'

/** Changes the fields that the body names, or does the operations of a JSON patch. */
export function updateRecord<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const { records, administrators } = ports
  const shape = { writes: true, query: ['validate'], headers: ['if-match', 'prefer'], body: 'patch' } as const
  return recordRoute(ports, 'PATCH', '/api/{app}/{collection}/{id}', shape, async (call, _, input) => {
    const { collection, caller } = call
    const { params, query, headers, body } = input
    const { id } = params
    const prefer = parsePrefer(headers.prefer)
    const ifMatch = strongTag(headers['if-match'])
    const change = { id, body, ifMatch, prefer }
    if (isValidateOnly(query.validate)) {
      await records.validateUpdate(collection, caller, change)
      return { status: 204 }
    }
    const written = await records.update(collection, caller, change)
    const { administrator: by, request } = caller
    if (by !== undefined) await auditWrite(administrators, { action: 'record.updated', by, request, params, id, body })
    return writeAnswer(written, prefer)
  })
}
