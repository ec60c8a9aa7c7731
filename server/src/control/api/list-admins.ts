import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** All administrators, by address. */
export function listAdmins<A>({ admins }: Pick<ControlPorts<A>, 'admins'>): Endpoint {
  return endpoint('GET', '/admin/api/admins', { scope: '*' }, async () => ({
    status: 200,
    body: { items: await admins.list() },
  }))
}
