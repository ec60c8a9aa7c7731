import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import type { Route } from '../route.ts'
import { writeAnswer } from './answers.ts'
import { auditWrite } from './audit-write.ts'
import { recordRoute } from './record-route.ts'
import { isValidateOnly } from './validate-only.ts'

/** Stores a new record; with `?validate=only` just says whether it could be. */
export function createRecord<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const { records, administrators } = ports
  const shape = { writes: true, query: ['validate'], headers: ['idempotency-key', 'prefer'], body: 'json' } as const
  return recordRoute(ports, 'POST', '/api/{app}/{collection}', shape, async (call, context, input) => {
    const { collection, caller } = call
    const { params, query, headers, body } = input
    if (isValidateOnly(query.validate)) {
      await records.validate(collection, caller, { body, idempotencyKey: headers['idempotency-key'] })
      return { status: 204 }
    }
    const prefer = parsePrefer(headers.prefer)
    const written = await records.create(collection, caller, {
      body,
      prefer,
      idempotencyKey: headers['idempotency-key'],
    })
    const { id, replayed } = written
    const { administrator: by, request } = caller
    if (by !== undefined && replayed !== true) {
      await auditWrite(administrators, { action: 'record.created', by, request, params, id, body })
    }
    return writeAnswer(written, prefer, `${context.path}/${encodeURIComponent(id)}`)
  })
}
