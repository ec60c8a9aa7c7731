import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { withApp } from '../with-app.ts'

const body = { type: 'object', required: [], properties: {}, additionalProperties: false } as const

/** Makes the rows of a view anew, which takes as long as its query. */
export function refreshView<A>({ apps, views }: Pick<ControlPorts<A>, 'apps' | 'views'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/apps/{app}/views/{view}/refresh',
    { scope: 'apps:write', takesTime: true, body, audit: 'view.refreshed' },
    async ({ params }) => ({
      status: 200,
      body: await withApp(apps, params['app'], (app) => views.refresh(app, params['view'] ?? '')),
    }),
  )
}
