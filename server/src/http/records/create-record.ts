import { Problem } from '../../errors/problem.ts'
import { callerOf } from '../caller.ts'
import { findCollection } from '../find.ts'
import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import { type Route, route } from '../route.ts'
import { writeAnswer } from './answers.ts'

/** Stores a new record; with `?validate=only` just says whether it could be. */
export function createRecord<A, C>({ apps, records }: Pick<Ports<A, C>, 'apps' | 'records'>): Route {
  const shape = {
    query: ['validate'],
    headers: ['authorization', 'idempotency-key', 'prefer'],
    body: 'json',
  } as const
  return route('POST', '/api/{app}/{collection}', shape, async (context, { params, query, headers, body }) => {
    const collection = findCollection(apps, params.app, params.collection)
    const caller = callerOf(apps, context, params.app, headers.authorization)
    if (query.validate !== undefined) {
      if (query.validate !== 'only') throw new Problem('invalid_parameter', 'The only value of "validate" is "only".')
      await records.validate(collection, caller, { body })
      return { status: 204 }
    }
    const prefer = parsePrefer(headers.prefer)
    const written = await records.create(collection, caller, {
      body,
      prefer,
      idempotencyKey: headers['idempotency-key'],
    })
    return writeAnswer(written, prefer, `${context.path}/${encodeURIComponent(written.id)}`)
  })
}
