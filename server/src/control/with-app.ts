import { changing, untilSucceeded } from '../http/index.ts'
import { findApp } from './find-app.ts'
import type { ControlPorts } from './ports.ts'

/**
 * Does what stands on the version of an app that is served; 404 where there is none. What meets the schema of another version has done
 * nothing yet, and is done again with that one, as requests of the app are.
 */
export async function withApp<A, T>(
  apps: ControlPorts<A>['apps'],
  slug = '',
  work: (app: A) => Promise<T>,
): Promise<T> {
  await apps.pauses.of(slug)
  const app = findApp(apps, slug)
  try {
    return await work(app)
  } catch (error) {
    await untilSucceeded(error, app, apps)
  }
  await apps.pauses.of(slug)
  try {
    return await work(findApp(apps, slug))
  } catch (error) {
    throw changing(error)
  }
}

/** The same for what reads and writes records of the app: a version that exchanges names waits for its end. */
export function visitApp<A, T>(
  apps: ControlPorts<A>['apps'],
  slug: string | undefined,
  work: (app: A) => Promise<T>,
): Promise<T> {
  return withApp(apps, slug, async (app) => {
    const visit = apps.visits.enter()
    try {
      return await work(app)
    } finally {
      apps.visits.leave(visit)
    }
  })
}
