import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** Ends the administrator's session. */
export function logOut<A>(ports: Pick<ControlPorts<A>, 'logOut'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/logout',
    { scope: 'any', audit: ({ admin }) => (admin.kind === 'session' ? { action: 'admin.logged_out' } : undefined) },
    async ({ admin }) => {
      await ports.logOut(admin)
      return { status: 204 }
    },
  )
}
