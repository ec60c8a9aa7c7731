import { callerOf } from '../caller.ts'
import { findCollection } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'
import { strongTag } from './answers.ts'

/** Deletes one record. */
export function deleteRecord<A, C>({ apps, records }: Pick<Ports<A, C>, 'apps' | 'records'>): Route {
  const shape = { headers: ['authorization', 'if-match'] } as const
  return route('DELETE', '/api/{app}/{collection}/{id}', shape, async (context, { params, headers }) => {
    const collection = findCollection(apps, params.app, params.collection)
    const caller = callerOf(apps, context, params.app, headers.authorization)
    await records.delete(collection, caller, { id: params.id, ifMatch: strongTag(headers['if-match']) })
    return { status: 204 }
  })
}
