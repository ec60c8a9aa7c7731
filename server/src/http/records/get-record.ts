import { callerOf } from '../caller.ts'
import { findCollection } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'
import { readAnswer } from './answers.ts'

/** One record. */
export function getRecord<A, C>({ apps, records }: Pick<Ports<A, C>, 'apps' | 'records'>): Route {
  const shape = { query: ['fields', 'expand'], headers: ['authorization', 'if-none-match'] } as const
  return route('GET', '/api/{app}/{collection}/{id}', shape, async (context, { params, query, headers }) => {
    const collection = findCollection(apps, params.app, params.collection)
    const caller = callerOf(apps, context, params.app, headers.authorization)
    const record = await records.get(collection, caller, {
      id: params.id,
      fields: query.fields,
      expand: query.expand,
      ifNoneMatch: headers['if-none-match'],
    })
    return readAnswer(record, caller.userId === null)
  })
}
