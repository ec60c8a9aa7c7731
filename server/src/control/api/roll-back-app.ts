import type { LoadResult } from '../../apps/index.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { noteOf } from './load-app.ts'

const body = {
  type: 'object',
  required: ['version'],
  additionalProperties: false,
  properties: {
    version: { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 },
    plan: { type: 'boolean' },
    consent: { type: 'string' },
    allowDestructive: { type: 'boolean' },
  },
} as const

/** Loads the document of a former version as a new one; or tells what that would do. */
export function rollBackApp<A>({ acts }: Pick<ControlPorts<A>, 'acts'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/apps/{app}/rollback',
    {
      scope: 'apps:write',
      takesTime: true,
      body,
      audit: ({ body: { plan, version } }, reply) => {
        if (plan === true) return undefined
        const note = noteOf('app.rolled_back', reply.body as LoadResult)
        return { ...note, details: { ...note.details, to: version } }
      },
    },
    async ({ admin, params, body: { version, ...how } }) => {
      const result = await acts.rollBack(params['app'] ?? '', version, { by: admin.name, ...how })
      return { status: 200, body: how.plan === true ? result.plan : result }
    },
  )
}
