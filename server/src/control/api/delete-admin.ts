import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** Deletes an administrator and ends their sessions; not the last one. */
export function deleteAdmin<A>({ admins }: Pick<ControlPorts<A>, 'admins'>): Endpoint {
  return endpoint(
    'DELETE',
    '/admin/api/admins/{id}',
    { scope: '*', audit: 'admin.deleted' },
    async ({ admin, params }) => {
      await admins.delete(admin, params['id'] ?? '')
      return { status: 204 }
    },
  )
}
