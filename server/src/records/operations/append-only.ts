import { Problem } from '../../errors/problem.ts'
import type { CollectionModel } from '../model.ts'
import { refuseWrite } from './read-only.ts'

/** What nobody can do with records that are only added, whatever the rules say. */
export function refuseChange(model: CollectionModel): void {
  refuseWrite(model)
  if (model.appendOnly) throw appendOnly()
}

export function appendOnly(cause?: unknown): Problem {
  return new Problem('append_only', undefined, cause === undefined ? {} : { cause })
}
