import type { Sql } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { CollectionModel } from '../model.ts'
import type { CreateInput, CreateStatements, WriteRow } from '../statements/create.ts'
import { constraintProblem } from './constraint-problem.ts'
import { conditionProblem } from './write-lane.ts'

const ATTEMPTS = 5

/** Creates one record as a part of something larger, so by the statements for one; throws what stands in the way. */
export async function createInTransaction(
  sql: Sql,
  model: CollectionModel,
  { alone, diagnose, conditions }: CreateStatements,
  input: CreateInput,
): Promise<WriteRow> {
  // What holds in one statement may not in the next: then the condition that fails by now is told.
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const [verdict] = await sql.query<{ failing: number }>(diagnose.text, diagnose.inputs.params([input]))
    const failing = verdict?.failing ?? 0
    if (failing > 0) throw conditionProblem(conditions[failing - 1])
    try {
      const [row] = await sql.query<WriteRow & Record<string, unknown>>(alone.text, alone.inputs.params([input]))
      if (row !== undefined) return row
    } catch (error) {
      throw error instanceof DatabaseError ? constraintProblem(error, model) : error
    }
  }
  throw new Problem('unavailable', 'The rights to do this changed while it was done', { retryAfter: 1 })
}
