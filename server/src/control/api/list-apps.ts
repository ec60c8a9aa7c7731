import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** All apps in the folder, those that can not be served with the reasons. */
export function listApps<A, Admin>(ports: Pick<ControlPorts<A, Admin>, 'authenticate' | 'apps'>): Endpoint {
  return endpoint('GET', '/admin/api/apps', undefined, async ({ authorization }) => {
    await ports.authenticate(authorization)
    const items = ports.apps.status().map(({ slug, title, version, state, since, issues }) => ({
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
