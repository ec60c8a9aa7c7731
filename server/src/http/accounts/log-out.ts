import { callerOf } from '../caller.ts'
import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'

/** Ends the session of the access token, or of the refresh token in the body. */
export function logOut<A, C>({ apps, accounts }: Pick<Ports<A, C>, 'apps' | 'accounts'>): Route {
  const shape = { headers: ['authorization'], body: 'optional' } as const
  return route('POST', '/api/{app}/auth/logout', shape, async (context, { params, headers, body }) => {
    const app = findApp(apps, params.app)
    // With a refresh token in the body an expired access token is no obstacle.
    const authorization = body?.['refreshToken'] === undefined ? headers.authorization : undefined
    await accounts.logOut(app, callerOf(apps, context, params.app, authorization), body)
    return { status: 204 }
  })
}
