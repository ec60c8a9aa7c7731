import { callerOf } from '../caller.ts'
import { findCollection } from '../find.ts'
import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import { type Route, route } from '../route.ts'
import { strongTag, writeAnswer } from './answers.ts'

/** Changes the fields that the body names. */
export function updateRecord<A, C>({ apps, records }: Pick<Ports<A, C>, 'apps' | 'records'>): Route {
  const shape = { headers: ['authorization', 'if-match', 'prefer'], body: 'merge-patch' } as const
  return route('PATCH', '/api/{app}/{collection}/{id}', shape, async (context, { params, headers, body }) => {
    const collection = findCollection(apps, params.app, params.collection)
    const caller = callerOf(apps, context, params.app, headers.authorization)
    const prefer = parsePrefer(headers.prefer)
    const ifMatch = strongTag(headers['if-match'])
    return writeAnswer(await records.update(collection, caller, { id: params.id, body, ifMatch, prefer }), prefer)
  })
}
