import type { Sql } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import type { CollectionModel } from '../model.ts'
import type { Verdict } from '../statements/condition-list.ts'
import { viewProblem } from './view-problem.ts'
import { conditionProblem, type WriteInput, type WriteStatements } from './write-lane.ts'
import { writeProblem } from './write-problem.ts'

const ATTEMPTS = 5

export interface InTransaction {
  readonly deleting?: boolean
  /** The statement is one of many texts, not worth preparing. */
  readonly manyForms?: boolean
}

/** Writes one record as a part of something larger, so by the statements for one; throws what stands in the way. */
export async function writeInTransaction<Input extends WriteInput, Row extends { readonly id: string }>(
  sql: Sql,
  collection: { readonly app: AppRecords; readonly model: CollectionModel },
  { alone, diagnose, conditions }: Omit<WriteStatements<Input>, 'batch'>,
  input: Input,
  { deleting = false, manyForms = false }: InTransaction = {},
): Promise<Row> {
  const query = manyForms ? sql.once : sql.query
  // What holds in one statement may not in the next: then the condition that fails by now is told.
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const [row] = await query<Row & Record<string, unknown>>(alone.text, alone.inputs.params([input]))
      if (row !== undefined) return row
    } catch (error) {
      throw error instanceof DatabaseError ? writeProblem(collection, alone.text, error, { deleting }) : error
    }
    const [verdict] = await query<Verdict & Record<string, unknown>>(
      diagnose.text,
      diagnose.inputs.params([input]),
    ).catch((error: unknown) => {
      throw viewProblem(collection.app, diagnose.text, error)
    })
    if (verdict !== undefined && verdict.failing > 0) throw conditionProblem(conditions, verdict)
  }
  throw new Problem('unavailable', 'The rights to do this changed while it was done', { retryAfter: 1 })
}
