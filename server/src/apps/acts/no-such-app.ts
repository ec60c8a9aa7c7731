import { Problem } from '../../errors/problem.ts'

/** Names that no app could have are unknown ones, too. */
export function noSuchApp(slug: string): Problem {
  return new Problem('not_found', `There is no app "${slug.slice(0, 64)}".`)
}
