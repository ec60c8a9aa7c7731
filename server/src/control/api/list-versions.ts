import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** Every version of an app, newest first: when it was applied, by whom, and whether from the folder or by an administrator. */
export function listVersions<A>({ acts }: Pick<ControlPorts<A>, 'acts'>): Endpoint {
  return endpoint('GET', '/admin/api/apps/{app}/versions', { scope: 'apps:read' }, async ({ params }) => ({
    status: 200,
    body: { items: await acts.versions(params['app'] ?? '') },
  }))
}
