import { callerOf } from '../caller.ts'
import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { readAnswer } from '../records/answers.ts'
import { type Route, route } from '../route.ts'

/** The caller's own record. */
export function getMe<A, C>({ apps, accounts }: Pick<Ports<A, C>, 'apps' | 'accounts'>): Route {
  const shape = { query: ['fields', 'expand'], headers: ['authorization', 'if-none-match'] } as const
  return route('GET', '/api/{app}/auth/me', shape, async (context, { params, query, headers }) => {
    const app = findApp(apps, params.app)
    const caller = callerOf(apps, context, params.app, headers.authorization)
    const { fields, expand } = query
    return readAnswer(
      await accounts.getMe(app, caller, { fields, expand, ifNoneMatch: headers['if-none-match'] }),
      false,
    )
  })
}
