import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** What was done, the newest first. */
export function listAudit<A>(ports: Pick<ControlPorts<A>, 'listAudit'>): Endpoint {
  return endpoint(
    'GET',
    '/admin/api/audit',
    {
      scope: 'audit:read',
      mindsApps: true,
      query: {
        app: { type: 'string' },
        limit: { type: 'integer', minimum: 1, maximum: 500 },
        cursor: { type: 'string' },
      },
    },
    async ({ admin, query }) => ({ status: 200, body: await ports.listAudit(admin, query) }),
  )
}
