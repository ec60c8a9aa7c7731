import { type Route, route } from '../route.ts'

/** Says that the process answers, and nothing else: whoever restarts it on failure must not do so because a database is away. */
export function getHealth(): Route {
  return route('GET', '/healthz', {}, () => ({ status: 200, body: '{"status":"ok"}' }))
}
