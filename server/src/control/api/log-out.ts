import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** Ends the administrator's session. */
export function logOut<A, Admin>(ports: Pick<ControlPorts<A, Admin>, 'authenticate' | 'logOut'>): Endpoint {
  return endpoint('POST', '/admin/api/logout', undefined, async ({ authorization }) => {
    await ports.logOut(await ports.authenticate(authorization))
    return { status: 204 }
  })
}
