import { guest } from '../caller.ts'
import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'

/** Sets a new password with the token of a one-time link; every session of the user ends. */
export function resetPassword<A, C>({ apps, accounts }: Pick<Ports<A, C>, 'apps' | 'accounts'>): Route {
  return route('POST', '/api/{app}/auth/reset', { body: 'json' }, async (context, { params, body }) => {
    await accounts.resetPassword(findApp(apps, params.app), guest(context), body)
    return { status: 204 }
  })
}
