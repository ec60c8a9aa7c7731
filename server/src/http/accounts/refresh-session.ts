import { guest } from '../caller.ts'
import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'

/** Trades a refresh token for new tokens. An access token that came along may have expired and is not looked at. */
export function refreshSession<A, C>({ apps, accounts }: Pick<Ports<A, C>, 'apps' | 'accounts'>): Route {
  return route('POST', '/api/{app}/auth/refresh', { body: 'json' }, async (context, { params, body }) => {
    return { status: 200, body: await accounts.refresh(findApp(apps, params.app), guest(context), body) }
  })
}
