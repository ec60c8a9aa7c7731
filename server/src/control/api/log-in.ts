import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

const body = {
  type: 'object',
  required: ['email', 'password'],
  additionalProperties: false,
  properties: { email: { type: 'string' }, password: { type: 'string' } },
} as const

/** Opens an administrator's session. */
export function logIn<A>(ports: Pick<ControlPorts<A>, 'logIn'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/login',
    {
      scope: 'public',
      body,
      audit: (_, reply) => {
        const { admin } = reply.body as Awaited<ReturnType<typeof ports.logIn>>
        const by = { kind: 'admin', id: admin.id, name: admin.email } as const
        return { action: 'admin.logged_in', by, target: admin.id }
      },
    },
    async (request) => ({ status: 200, body: await ports.logIn(request.ip, request.body) }),
  )
}
