import { Problem } from '../errors/problem.ts'

/** The live app of a path; 404 where there is none. */
export function findApp<A>(apps: { get(slug: string): A | undefined }, slug = ''): A {
  const app = apps.get(slug)
  if (app === undefined) throw new Problem('not_found', `There is no app "${slug.slice(0, 64)}".`)
  return app
}
