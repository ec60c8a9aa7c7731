import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { visitApp } from '../with-app.ts'

const body = {
  type: 'object',
  required: [],
  additionalProperties: false,
  minProperties: 1,
  properties: {
    roles: { type: 'array', items: { type: 'string' }, maxItems: 100 },
    suspended: { type: 'boolean' },
  },
} as const

/** Gives or takes a user's roles, suspends or readmits. */
export function updateUser<A>({ apps, users }: Pick<ControlPorts<A>, 'apps' | 'users'>): Endpoint {
  return endpoint(
    'PATCH',
    '/admin/api/apps/{app}/users/{id}',
    {
      scope: 'users:write',
      body,
      audit: (request) => ({ action: 'user.changed', target: request.params['id'] ?? '', details: request.body }),
    },
    async ({ admin, params, body: change }) => ({
      status: 200,
      body: await visitApp(apps, params['app'], (app) => users.update(admin, app, params['id'] ?? '', change)),
    }),
  )
}
