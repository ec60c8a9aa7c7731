import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { withApp } from '../with-app.ts'

const body = {
  type: 'object',
  required: [],
  additionalProperties: false,
  properties: {
    /** `default`, or the only one, when absent. Null: none, for who wants the app emptied and no more. */
    set: { type: ['string', 'null'] },
    /** The app's slug: all of its records and accounts go first. */
    fresh: { type: 'string' },
    /** With `fresh`: users who stay. */
    keepUsers: { type: 'array', items: { type: 'string', format: 'uuid' } },
  },
} as const

/** Makes the records of a set of `seed.yaml`. */
export function seedApp<A>({ apps, seed }: Pick<ControlPorts<A>, 'apps' | 'seed'>): Endpoint {
  return endpoint(
    'POST',
    '/admin/api/apps/{app}/seed',
    {
      // Sets make accounts too, with their roles; `fresh` deletes all.
      scope: ['records:write', 'users:write'],
      body,
      audit: ({ body: { fresh } }, reply) => {
        const { set, created, kept } = reply.body as Awaited<ReturnType<typeof seed>>
        return { action: 'app.seeded', details: { set, created, kept, fresh: fresh !== undefined } }
      },
    },
    async ({ params, body: request }) => ({
      status: 200,
      body: await withApp(apps, params['app'], (app) => seed(app, request)),
    }),
  )
}
