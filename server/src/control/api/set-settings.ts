import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'
import { withApp } from '../with-app.ts'

const body = { type: 'object', required: [], properties: {}, additionalProperties: true } as const

/** Sets `{name: value}`, null for back to the default. The audit keeps the names: a value may be a secret. */
export function setSettings<A>({ apps, settings }: Pick<ControlPorts<A>, 'apps' | 'settings'>): Endpoint {
  return endpoint(
    'PUT',
    '/admin/api/apps/{app}/settings',
    {
      scope: 'apps:write',
      body,
      audit: ({ body: changes }) => {
        const names = (isReset: boolean) =>
          Object.entries(changes).flatMap(([name, value]) => ((value === null) === isReset ? [name] : []))
        return { action: 'settings.changed', details: { set: names(false), reset: names(true) } }
      },
    },
    async ({ admin, params, body: changes }) => ({
      status: 200,
      body: await withApp(apps, params['app'], (app) => settings.set(admin, app, changes)),
    }),
  )
}
