import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

const body = {
  type: 'object',
  required: ['token', 'email', 'password'],
  additionalProperties: false,
  properties: { token: { type: 'string' }, email: { type: 'string' }, password: { type: 'string' } },
} as const

/** Makes the first administrator, for whoever holds the one-time link. */
export function setUp<A>(ports: Pick<ControlPorts<A>, 'setUp'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/setup',
    {
      scope: 'public',
      body,
      audit: (_, reply) => {
        const { admin } = reply.body as Awaited<ReturnType<typeof ports.setUp>>
        const by = { kind: 'admin', id: admin.id, name: admin.email } as const
        return { action: 'admin.created', by, target: admin.id, details: { email: admin.email, by: 'setup link' } }
      },
    },
    async (request) => ({ status: 201, body: await ports.setUp(request.ip, request.body) }),
  )
}
