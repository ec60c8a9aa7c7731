import { type Endpoint, endpoint } from '../endpoint.ts'
import { findApp } from '../find-app.ts'
import type { ControlPorts } from '../ports.ts'

/** What the installation can set for an app, and what holds. Never a secret. */
export function listSettings<A>({ apps, settings }: Pick<ControlPorts<A>, 'apps' | 'settings'>): Endpoint {
  return endpoint('GET', '/admin/api/apps/{app}/settings', { scope: 'apps:read' }, async ({ params }) => ({
    status: 200,
    body: await settings.list(findApp(apps, params['app'])),
  }))
}
