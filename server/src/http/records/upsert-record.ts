import { Problem } from '../../errors/problem.ts'
import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import type { Route } from '../route.ts'
import { writeAnswer } from './answers.ts'
import { auditWrite } from './audit-write.ts'
import { recordRoute } from './record-route.ts'
import { isValidateOnly } from './validate-only.ts'

/** Puts a record in the place of the one with the same unique key, or where there was none. */
export function upsertRecord<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const { records, administrators } = ports
  const shape = { writes: true, query: ['by', 'validate'], headers: ['prefer'], body: 'json' } as const
  return recordRoute(ports, 'PUT', '/api/{app}/{collection}', shape, async (call, context, input) => {
    const { collection, caller } = call
    const { params, query, headers, body } = input
    const { by } = query
    if (by === undefined)
      throw new Problem('invalid_parameter', "'by' is missing: the unique key that tells records apart")
    const prefer = parsePrefer(headers.prefer)
    if (isValidateOnly(query.validate)) {
      await records.validateUpsert(collection, caller, { by, body, prefer })
      return { status: 204 }
    }
    const written = await records.upsert(collection, caller, { by, body, prefer })
    const { administrator, request } = caller
    if (administrator !== undefined) {
      const action = written.status === 201 ? 'record.created' : 'record.replaced'
      await auditWrite(administrators, { action, by: administrator, request, params, id: written.id, body })
    }
    return writeAnswer(written, prefer, `${context.path}/${encodeURIComponent(written.id)}`)
  })
}
