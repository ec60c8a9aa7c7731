import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { visitApp } from '../with-app.ts'

/** Deletes a user with their password and sessions. */
export function deleteUser<A>({ apps, users }: Pick<ControlPorts<A>, 'apps' | 'users'>): Endpoint {
  return endpoint(
    'DELETE',
    '/admin/api/apps/{app}/users/{id}',
    { scope: 'users:write', audit: 'user.deleted' },
    async ({ admin, params, ip, requestId }) => {
      await visitApp(apps, params['app'], (app) => users.delete(admin, app, { id: params['id'] ?? '', ip, requestId }))
      return { status: 204 }
    },
  )
}
