import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { visitApp } from '../with-app.ts'

const body = {
  type: 'object',
  required: ['email', 'password'],
  properties: {
    email: { type: 'string' },
    password: { type: 'string' },
    roles: { type: 'array', items: { type: 'string' }, maxItems: 100 },
  },
} as const

/** Makes an account, with a profile as the document has it. */
export function createUser<A>({ apps, users }: Pick<ControlPorts<A>, 'apps' | 'users'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/apps/{app}/users',
    {
      scope: 'users:write',
      body,
      audit: ({ body: { roles = [] } }, { headers = {} }) => ({
        action: 'user.created',
        target: headers['location']?.split('/').at(-1) ?? '',
        details: { roles },
      }),
    },
    async ({ admin, params, ip, requestId, body: account }) => {
      const { app: slug = '' } = params
      const { id, json } = await visitApp(apps, slug, (app) =>
        users.create(admin, app, { ip, requestId, body: account }),
      )
      const headers = { 'content-type': JSON_TYPE, location: `/api/${slug}/users/${id}` }
      return { status: 201, body: json, headers }
    },
  )
}

/** The database wrote the text; nothing here reads it. */
const JSON_TYPE = 'application/json; charset=utf-8'
