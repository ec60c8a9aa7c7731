import { callerOf } from '../caller.ts'
import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { strongTag, writeAnswer } from '../records/answers.ts'
import { parsePrefer } from '../request/prefer.ts'
import { type Route, route } from '../route.ts'

/** Changes the caller's own record. */
export function updateMe<A, C>({ apps, accounts }: Pick<Ports<A, C>, 'apps' | 'accounts'>): Route {
  const shape = { headers: ['authorization', 'if-match', 'prefer'], body: 'merge-patch' } as const
  return route('PATCH', '/api/{app}/auth/me', shape, async (context, { params, headers, body }) => {
    const app = findApp(apps, params.app)
    const caller = callerOf(apps, context, params.app, headers.authorization)
    const prefer = parsePrefer(headers.prefer)
    const ifMatch = strongTag(headers['if-match'])
    return writeAnswer(await accounts.updateMe(app, caller, { body, ifMatch, prefer }), prefer)
  })
}
