import { guest } from '../caller.ts'
import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'

/** Signs in with e-mail address and password. */
export function logIn<A, C>({ apps, accounts }: Pick<Ports<A, C>, 'apps' | 'accounts'>): Route {
  return route('POST', '/api/{app}/auth/login', { body: 'json' }, async (context, { params, body }) => {
    return { status: 200, body: await accounts.logIn(findApp(apps, params.app), guest(context), body) }
  })
}
