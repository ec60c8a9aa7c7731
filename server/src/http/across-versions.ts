import { DatabaseError, isForeignSchema } from '../db/database-error.ts'
import { Outdated } from '../errors/outdated.ts'
import { Problem } from '../errors/problem.ts'
import type { AppsPort } from './ports.ts'
import type { Answer, Route } from './route.ts'

/**
 * A version of an app ends between two statements of its requests. One that meets the schema of the next version has done nothing yet,
 * and is answered by that version, once: as if it had come a moment later. This is the only place that knows.
 */
export function acrossVersions<A>(route: Route, apps: Pick<AppsPort<A, unknown>, 'get' | 'isSucceeded'>): Route {
  if (!route.path.startsWith('/api/{app}/') || route.body === 'stream') return route
  return {
    ...route,
    handle(context, input) {
      const app = apps.get(input.params['app'] ?? '')
      const answer = route.handle(context, input)
      if (app === undefined || !(answer instanceof Promise)) return answer
      return answer.catch((error: unknown) => followed(error, app, () => route.handle(context, input)))
    },
  }

  async function followed(error: unknown, app: A, again: () => Answer | Promise<Answer>): Promise<Answer> {
    // Any error of PostgreSQL that nobody could put into words: a column of another type fails in many ways.
    if (!(error instanceof DatabaseError) && !(error instanceof Outdated)) throw error
    if (!(await apps.isSucceeded(app))) throw changing(error)
    try {
      return await again()
    } catch (later) {
      throw changing(later)
    }
  }
}

/** Another server applies versions too, and this one may not have them yet. */
function changing(error: unknown): unknown {
  if (!isForeignSchema(error)) return error
  return new Problem('unavailable', 'The app is being changed', { retryAfter: 1, cause: error })
}
