import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { withApp } from '../with-app.ts'

/** The views of an app that keep their rows, and how old these are. */
export function listViews<A>({ apps, views }: Pick<ControlPorts<A>, 'apps' | 'views'>): Endpoint {
  return endpoint('GET', '/admin/api/apps/{app}/views', { scope: 'apps:read' }, async ({ params }) => ({
    status: 200,
    body: await withApp(apps, params['app'], (app) => views.list(app)),
  }))
}
