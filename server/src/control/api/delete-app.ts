import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** Ends serving an app, whose data stay; or deletes it with everything it has. */
export function deleteApp<A>({ acts }: Pick<ControlPorts<A>, 'acts'>): Endpoint {
  return endpoint(
    'DELETE',
    '/admin/api/apps/{app}',
    {
      scope: 'apps:delete',
      takesTime: true,
      query: { drop: { type: 'boolean' } },
      audit: ({ query: { drop } }) => ({ action: drop === true ? 'app.dropped' : 'app.retired' }),
    },
    async ({ admin, params, query: { drop } }) => {
      const slug = params['app'] ?? ''
      if (drop === true) await acts.drop(slug, { by: admin.name })
      else await acts.retire(slug, { by: admin.name })
      return { status: 204 }
    },
  )
}
