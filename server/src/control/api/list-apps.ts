import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** All apps, those that can not be served with the reasons. */
export function listApps<A>({ acts }: Pick<ControlPorts<A>, 'acts'>): Endpoint {
  return endpoint('GET', '/admin/api/apps', { scope: 'apps:read', mindsApps: true }, async ({ admin }) => {
    const items = (await acts.list()).filter(({ slug }) => admin.apps === null || admin.apps.includes(slug))
    return { status: 200, body: { items } }
  })
}
