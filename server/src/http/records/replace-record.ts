import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import type { Route } from '../route.ts'
import { strongTag, writeAnswer } from './answers.ts'
import { auditWrite } from './audit-write.ts'
import { recordRoute } from './record-route.ts'
import { isValidateOnly } from './validate-only.ts'

/** Puts a whole record in the place of another, or where there was none. */
export function replaceRecord<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const { records, administrators } = ports
  const shape = {
    writes: true,
    query: ['validate'],
    headers: ['if-match', 'if-none-match', 'prefer'],
    body: 'json',
  } as const
  return recordRoute(ports, 'PUT', '/api/{app}/{collection}/{id}', shape, async (call, context, input) => {
    const { collection, caller } = call
    const { params, query, headers, body } = input
    const prefer = parsePrefer(headers.prefer)
    const replacement = {
      id: params.id,
      body,
      ifMatch: strongTag(headers['if-match']),
      ifNoneMatch: headers['if-none-match'],
      prefer,
    }
    if (isValidateOnly(query.validate)) {
      await records.validateReplace(collection, caller, replacement)
      return { status: 204 }
    }
    const written = await records.replace(collection, caller, replacement)
    const { administrator: by, request } = caller
    if (by !== undefined) {
      const action = written.status === 201 ? 'record.created' : 'record.replaced'
      await auditWrite(administrators, { action, by, request, params, id: written.id, body })
    }
    return writeAnswer(written, prefer, context.path)
  })
}
