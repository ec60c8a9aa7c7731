import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** The JSON Schema of app documents, for editors: what this server understands, its version of it included. */
export function documentSchemaPage<A>(ports: Pick<ControlPorts<A>, 'documentSchema'>): Endpoint {
  return endpoint('GET', '/docs/app.schema.json', { scope: 'public' }, () => ({
    status: 200,
    body: ports.documentSchema(),
    headers: { 'cache-control': 'no-cache' },
  }))
}
