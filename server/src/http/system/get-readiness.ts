import type { SystemPort } from '../ports.ts'
import { type Route, route } from '../route.ts'

/** Whether requests should be sent here, and if not, what is missing. */
export function getReadiness(system: SystemPort): Route {
  return route('GET', '/readyz', {}, async () => {
    const checks = await system.readiness()
    const missing = checks.filter((check) => check.problem !== undefined)
    const body = JSON.stringify({
      status: missing.length === 0 ? 'ready' : 'not ready',
      checks: Object.fromEntries(checks.map(({ name, problem }) => [name, problem ?? 'ok'])),
    })
    return missing.length === 0 ? { status: 200, body } : { status: 503, body, headers: { 'retry-after': '1' } }
  })
}
