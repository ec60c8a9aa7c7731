import { guest } from '../caller.ts'
import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'

/** Makes an account and signs it in. */
export function signUp<A, C>({ apps, accounts }: Pick<Ports<A, C>, 'apps' | 'accounts'>): Route {
  return route('POST', '/api/{app}/auth/signup', { body: 'json' }, async (context, { params, body }) => {
    return { status: 201, body: await accounts.signUp(findApp(apps, params.app), guest(context), body) }
  })
}
