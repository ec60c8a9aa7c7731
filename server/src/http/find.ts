import { Problem } from '../errors/problem.ts'
import type { AppsPort } from './ports.ts'

/** The app of a path; 404 where there is none. */
export function findApp<A>(apps: Pick<AppsPort<A, unknown>, 'get'>, slug: string): A {
  const app = apps.get(slug)
  if (app === undefined) throw new Problem('not_found', `There is no app "${slug.slice(0, 64)}".`)
  return app
}

/** The collection of a path; 404 where there is none. */
export function findCollection<A, C>(apps: AppsPort<A, C>, slug: string, name: string): C {
  const collection = apps.collection(findApp(apps, slug), name)
  if (collection === undefined) throw new Problem('not_found', `There is no collection "${name.slice(0, 64)}".`)
  return collection
}
