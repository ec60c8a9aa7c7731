import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** One app with its document, and with what former versions have left hidden. */
export function showApp<A>({ acts }: Pick<ControlPorts<A>, 'acts'>): Endpoint {
  return endpoint('GET', '/admin/api/apps/{app}', { scope: 'apps:read' }, async ({ params }) => ({
    status: 200,
    body: await acts.show(params['app'] ?? ''),
  }))
}
