import type { SystemPort } from '../ports.ts'
import { type Route, route } from '../route.ts'

/** The server's numbers, as Prometheus reads them. */
export function getMetrics(system: SystemPort): Route {
  return route('GET', '/metrics', {}, async () => {
    const { contentType, body } = await system.metrics()
    return { status: 200, body, headers: { 'content-type': contentType } }
  })
}
