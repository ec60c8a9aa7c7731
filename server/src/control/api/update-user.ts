import { Problem } from '../../errors/problem.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

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
export function updateUser<A, Admin>(
  ports: Pick<ControlPorts<A, Admin>, 'authenticate' | 'apps' | 'updateUser'>,
): Endpoint {
  return endpoint('PATCH', '/admin/api/apps/{app}/users/{id}', body, async (request) => {
    const admin = await ports.authenticate(request.authorization)
    const { app: slug = '', id = '' } = request.params
    const app = ports.apps.get(slug)
    if (app === undefined) throw new Problem('not_found', `There is no app "${slug.slice(0, 64)}".`)
    return { status: 200, body: await ports.updateUser(admin, app, id, request.body) }
  })
}
