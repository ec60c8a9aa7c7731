import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'

/** The public keys of an app's access tokens, for other services that check them. */
export function getJwks<A, C>({ apps, accounts }: Pick<Ports<A, C>, 'apps' | 'accounts'>): Route {
  return route('GET', '/api/{app}/auth/jwks.json', {}, (_context, { params }) => {
    findApp(apps, params.app)
    const { body, headers } = accounts.jwks()
    return { status: 200, body: JSON.stringify(body), headers }
  })
}
