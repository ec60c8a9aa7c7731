import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** The keys that have no more than the caller, the newest first. */
export function listKeys<A>({ keys }: Pick<ControlPorts<A>, 'keys'>): Endpoint {
  return endpoint('GET', '/admin/api/keys', { scope: 'keys:write', mindsApps: true }, async ({ admin }) => ({
    status: 200,
    body: { items: await keys.list(admin) },
  }))
}
