import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

const body = {
  type: 'object',
  required: ['email', 'password'],
  additionalProperties: false,
  properties: { email: { type: 'string' }, password: { type: 'string' } },
} as const

/** Makes another administrator, who may everything: so only who may everything can. */
export function createAdmin<A>({ admins }: Pick<ControlPorts<A>, 'admins'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/admins',
    {
      scope: '*',
      body,
      audit: (_, reply) => {
        const { id, email } = reply.body as Awaited<ReturnType<typeof admins.create>>
        return { action: 'admin.created', target: id, details: { email } }
      },
    },
    async ({ admin, body: request }) => ({ status: 201, body: await admins.create(admin, request) }),
  )
}
