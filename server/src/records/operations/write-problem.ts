import type { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import type { CollectionModel } from '../model.ts'
import { constraintProblem } from './constraint-problem.ts'
import { viewProblem } from './view-problem.ts'

export interface WriteProblemOptions {
  readonly deleting?: boolean
  /** What the database refused, where it may be about other collections, too. */
  readonly constraint?: (error: DatabaseError) => Error
}

/** What stands in the way of a write by the statement `text`: a view that its rules look at, or what the database holds of the collection. */
export function writeProblem(
  { app, model }: { readonly app: AppRecords; readonly model: CollectionModel },
  text: string,
  error: DatabaseError,
  { deleting, constraint = (own) => constraintProblem(own, model, deleting) }: WriteProblemOptions = {},
): Error {
  const explained = viewProblem(app, text, error)
  return explained instanceof Problem ? explained : constraint(error)
}
