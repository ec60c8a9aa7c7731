import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

const body = {
  type: 'object',
  required: ['name', 'scopes'],
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    scopes: { type: 'array', items: { type: 'string' }, maxItems: 100 },
    apps: { type: 'array', items: { type: 'string' }, maxItems: 1000 },
    expiresAt: { type: 'string' },
  },
} as const

/** Makes a key for a program. It is in this answer, and never told again. */
export function createKey<A>({ keys }: Pick<ControlPorts<A>, 'keys'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/keys',
    {
      scope: 'keys:write',
      mindsApps: true,
      body,
      audit: (_, reply) => {
        const { id, name, scopes, apps, expiresAt } = reply.body as Awaited<ReturnType<typeof keys.create>>
        return { action: 'key.created', target: id, details: { name, scopes, apps, expiresAt } }
      },
    },
    async ({ admin, body: request }) => ({ status: 201, body: await keys.create(admin, request) }),
  )
}
