import { callerOf } from '../caller.ts'
import { findCollection } from '../find.ts'
import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import { type Route, route } from '../route.ts'
import { strongTag, writeAnswer } from './answers.ts'

/** Puts a whole record in the place of another, or where there was none. */
export function replaceRecord<A, C>({ apps, records }: Pick<Ports<A, C>, 'apps' | 'records'>): Route {
  const shape = { headers: ['authorization', 'if-match', 'if-none-match', 'prefer'], body: 'json' } as const
  return route('PUT', '/api/{app}/{collection}/{id}', shape, async (context, { params, headers, body }) => {
    const collection = findCollection(apps, params.app, params.collection)
    const caller = callerOf(apps, context, params.app, headers.authorization)
    const prefer = parsePrefer(headers.prefer)
    const written = await records.replace(collection, caller, {
      id: params.id,
      body,
      ifMatch: strongTag(headers['if-match']),
      ifNoneMatch: headers['if-none-match'],
      prefer,
    })
    return writeAnswer(written, prefer, context.path)
  })
}
