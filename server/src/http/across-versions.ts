import { DatabaseError, isForeignSchema } from '../db/database-error.ts'
import { Outdated } from '../errors/outdated.ts'
import { Problem } from '../errors/problem.ts'
import type { AppsPort } from './ports.ts'
import type { Answer, AnyInput, Context, Route, Visit } from './route.ts'

type AppVersions<A> = Pick<AppsPort<A, unknown>, 'get' | 'isSucceeded' | 'pauses' | 'visits'>

/**
 * A version of an app ends between two statements of its requests. One that meets the schema of the next version has done nothing yet,
 * and is answered by that version, once: as if it had come a moment later.
 */
export function acrossVersions<A>(route: Route, apps: AppVersions<A>): Route {
  if (!route.path.startsWith('/api/{app}/') || route.body === 'stream') return route
  // What has arrived can not be read again.
  if (route.body === 'items') return { ...route, handle }
  return { ...route, handle, around: { enter, leave, recover } }

  function handle(context: Context, input: AnyInput): Answer | Promise<Answer> {
    const over = apps.pauses.of(slugOf(input))
    return over === undefined ? route.handle(context, input) : over.then(() => route.handle(context, input))
  }

  function enter(input: AnyInput): Visit {
    return { epoch: apps.visits.enter(), app: apps.get(slugOf(input)) }
  }

  function leave({ epoch }: Visit): void {
    apps.visits.leave(epoch)
  }

  async function recover(error: unknown, { app }: Visit, context: Context, input: AnyInput): Promise<Answer> {
    if (app === undefined) throw error
    await untilSucceeded(error, app as A, apps)
    const again = enter(input)
    try {
      return await handle(context, input)
    } catch (later) {
      throw changing(later)
    } finally {
      leave(again)
    }
  }
}

function slugOf(input: AnyInput): string {
  return input.params['app'] ?? ''
}

/** Resolves when what failed like this can be done again with the next version of the app; throws what to tell when it can not. */
export async function untilSucceeded<A>(
  error: unknown,
  app: A,
  { isSucceeded }: Pick<AppsPort<A, unknown>, 'isSucceeded'>,
): Promise<void> {
  // Any error of PostgreSQL that nobody could put into words: a column of another type fails in many ways.
  if (!(error instanceof DatabaseError) && !(error instanceof Outdated)) throw error
  if (!(await isSucceeded(app))) throw changing(error)
}

/** What a request is told that met the schema of a version twice: another server applies versions too, and this one may not have them yet. */
export function changing(error: unknown): unknown {
  if (!isForeignSchema(error)) return error
  return new Problem('unavailable', 'The app is being changed', { retryAfter: 1, cause: error })
}
