import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** All apps in the folder, those that can not be served with the reasons. */
export function listApps<A>(ports: Pick<ControlPorts<A>, 'apps'>): Endpoint {
  return endpoint('GET', '/admin/api/apps', { scope: 'apps:read', mindsApps: true }, ({ admin }) => {
    const items = ports.apps
      .status()
      .filter(({ slug }) => admin.apps === null || admin.apps.includes(slug))
      .map(({ slug, title, version, state, since, issues }) => ({
        slug,
        title: title ?? null,
        version: version ?? null,
        state,
        since: since.toISOString(),
        issues,
      }))
    return { status: 200, body: { items } }
  })
}
