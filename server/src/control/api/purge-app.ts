import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

const body = { type: 'object', required: [], properties: {}, additionalProperties: false } as const

/** Deletes for good what former versions of an app have left hidden. */
export function purgeApp<A>({ acts }: Pick<ControlPorts<A>, 'acts'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/apps/{app}/purge',
    {
      scope: 'apps:delete',
      takesTime: true,
      body,
      audit: (_, reply) => ({ action: 'app.purged', details: reply.body as Readonly<Record<string, unknown>> }),
    },
    async ({ admin, params }) => ({
      status: 200,
      body: { purged: await acts.purge(params['app'] ?? '', { by: admin.name }) },
    }),
  )
}
