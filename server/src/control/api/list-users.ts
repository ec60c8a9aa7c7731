import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { visitApp } from '../with-app.ts'

/** A page of the users of an app, the newest first. */
export function listUsers<A>({ apps, users }: Pick<ControlPorts<A>, 'apps' | 'users'>): Endpoint {
  return endpoint(
    'GET',
    '/admin/api/apps/{app}/users',
    {
      scope: 'users:read',
      query: {
        email: { type: 'string' },
        limit: { type: 'integer', minimum: 1, maximum: 500 },
        cursor: { type: 'string' },
      },
    },
    async ({ admin, params, query, ip, requestId }) => ({
      status: 200,
      body: await visitApp(apps, params['app'], (app) => users.list(admin, app, { ...query, ip, requestId })),
      headers: { 'content-type': 'application/json; charset=utf-8' },
    }),
  )
}
