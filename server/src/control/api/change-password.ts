import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

const body = {
  type: 'object',
  required: ['current', 'password'],
  additionalProperties: false,
  properties: { current: { type: 'string' }, password: { type: 'string' } },
} as const

/** Another password for who asks, whatever their scopes: it is theirs. Keys have none. */
export function changePassword<A>(ports: Pick<ControlPorts<A>, 'changePassword'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/password',
    {
      scope: 'any',
      body,
      audit: ({ admin }) =>
        admin.kind === 'session' ? { action: 'admin.password_changed', target: admin.adminId } : undefined,
    },
    async ({ admin, ip, body: request }) => {
      await ports.changePassword(admin, ip, request)
      return { status: 204 }
    },
  )
}
