import { Problem } from '../../errors/problem.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ControlPorts } from '../ports.ts'

/** One version of an app, with its document. */
export function showVersion<A>({ acts }: Pick<ControlPorts<A>, 'acts'>): Endpoint {
  return endpoint('GET', '/admin/api/apps/{app}/versions/{version}', { scope: 'apps:read' }, async ({ params }) => ({
    status: 200,
    body: await acts.version(params['app'] ?? '', numberOf(params['version'] ?? '')),
  }))
}

function numberOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new Problem('not_found', `"${text.slice(0, 20)}" is no version: they are numbers from 1 on.`)
}
