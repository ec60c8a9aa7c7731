import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { visitApp } from '../with-app.ts'

/** A one-time link with which a user sets a new password. It is in this answer, and never told again. */
export function makeResetLink<A>({ apps, users }: Pick<ControlPorts<A>, 'apps' | 'users'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/apps/{app}/users/{id}/reset',
    { scope: 'users:write', audit: 'user.reset_link_made' },
    async ({ admin, params }) => ({
      status: 201,
      body: await visitApp(apps, params['app'], (app) => users.makeResetLink(admin, app, params['id'] ?? '')),
    }),
  )
}
