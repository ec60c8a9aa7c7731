import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { withApp } from '../with-app.ts'

/** What the installation can set for an app, and what holds. Never a secret. */
export function listSettings<A>({ apps, settings }: Pick<ControlPorts<A>, 'apps' | 'settings'>): Endpoint {
  return endpoint('GET', '/admin/api/apps/{app}/settings', { scope: 'apps:read' }, async ({ params }) => ({
    status: 200,
    body: await withApp(apps, params['app'], (app) => settings.list(app)),
  }))
}
