import { DatabaseError, isForeignSchema } from '../db/database-error.ts'
import { Outdated } from '../errors/outdated.ts'
import { Problem } from '../errors/problem.ts'
import type { AppsPort } from './ports.ts'
import type { Answer, AnyInput, Context, Route } from './route.ts'

/**
 * A version of an app ends between two statements of its requests. One that meets the schema of the next version has done nothing yet,
 * and is answered by that version, once: as if it had come a moment later. This is the only place that knows.
 */
export function acrossVersions<A>(
  route: Route,
  apps: Pick<AppsPort<A, unknown>, 'get' | 'isSucceeded' | 'pauses'>,
): Route {
  if (!route.path.startsWith('/api/{app}/') || route.body === 'stream') return route
  const { pauses } = apps
  return { ...route, handle: (context, input) => handle(context, input, false) }

  function handle(context: Context, input: AnyInput, isAgain: boolean): Answer | Promise<Answer> {
    const slug = input.params['app'] ?? ''
    const over = pauses.of(slug)
    if (over !== undefined) return over.then(() => handle(context, input, isAgain))
    const app = apps.get(slug)
    const visit = pauses.enter()
    let answer: Answer | Promise<Answer>
    try {
      answer = route.handle(context, input)
    } catch (error) {
      pauses.leave(visit)
      throw error
    }
    if (!(answer instanceof Promise)) {
      pauses.leave(visit)
      return answer
    }
    return answer.then(
      (given) => {
        pauses.leave(visit)
        return given
      },
      (error: unknown) => {
        pauses.leave(visit)
        if (app === undefined || isAgain) throw error
        return followed(error, app, () => handle(context, input, true))
      },
    )
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
