import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** The JSON Schemas of what an app's folder holds, for editors: as this very version of the server understands it. */
export function schemaFiles<A>(ports: Pick<ControlPorts<A>, 'documentSchemas'>): readonly Endpoint[] {
  return (['app', 'seed'] as const).map((name) =>
    endpoint('GET', `/docs/${name}.schema.json`, { scope: 'public' }, () => ({
      status: 200,
      body: ports.documentSchemas()[name],
      headers: { 'cache-control': 'no-cache' },
    })),
  )
}
