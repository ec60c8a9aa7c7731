import { Problem } from '../../errors/problem.ts'
import type { CollectionModel } from '../model.ts'

/** What nobody can do with the records of a view, whatever the rules say. */
export function refuseWrite({ name, view }: CollectionModel): void {
  if (view === undefined) return
  const detail = `The records of '${name}' come from a view: they are read, and nobody writes them`
  throw new Problem('method_not_allowed', detail, { headers: { allow: 'GET, HEAD, OPTIONS' } })
}
