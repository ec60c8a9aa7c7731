import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** Ends a key, and those that were made with it, with the next request. */
export function revokeKey<A>({ keys }: Pick<ControlPorts<A>, 'keys'>): Endpoint {
  return endpoint(
    'DELETE',
    '/admin/api/keys/{id}',
    { scope: 'keys:write', mindsApps: true, audit: 'key.revoked' },
    async ({ admin, params }) => {
      await keys.revoke(admin, params['id'] ?? '')
      return { status: 204 }
    },
  )
}
