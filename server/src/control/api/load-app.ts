import { type LoadResult, uploadLimits, uploadTypes } from '../../apps/index.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

const raw = { accept: [...uploadTypes.archive, ...uploadTypes.document], limit: uploadLimits.archive }

const query = { plan: { type: 'boolean' }, consent: { type: 'string' }, allowDestructive: { type: 'boolean' } } as const

/** Loads the document that is sent, and what it includes; or tells what that would do. */
export function loadApp<A>({ acts }: Pick<ControlPorts<A>, 'acts'>): Endpoint {
  return endpoint(
    'PUT',
    '/admin/api/apps/{app}',
    {
      scope: 'apps:write',
      takesTime: true,
      raw,
      query,
      audit: ({ query: { plan } }, reply) =>
        plan === true ? undefined : noteOf('app.loaded', reply.body as LoadResult),
    },
    async ({ admin, params, query: how, body }) => {
      const result = await acts.upload(params['app'] ?? '', body, { by: admin.name, ...how })
      return { status: 200, body: how.plan === true ? result.plan : result }
    },
  )
}

/** What was agreed to is in the plan; the audit keeps that something was. */
export function noteOf(action: string, { outcome, version, plan }: LoadResult) {
  const lost = plan.steps.flatMap(({ consent }) => consent ?? [])
  return { action, target: String(version), details: { outcome, from: plan.from, lost } }
}
