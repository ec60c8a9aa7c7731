import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { constraintProblem } from './constraint-problem.ts'
import { keepFacts } from './keep-facts.ts'
import { conditionProblem } from './write-lane.ts'

/** Throws what a create with this body would throw, uniqueness included; stores nothing. */
export async function validateRecord(
  collection: Collection,
  sender: Caller,
  input: { readonly body: unknown },
): Promise<void> {
  const caller = keepFacts(collection, sender)
  const { app, model, validators } = collection
  const values = validators.create(input.body)
  const id = model.ids === 'chosen' ? String(values['id']) : app.deps.newId()
  const record = { caller, id, values }
  const { alone, diagnose, conditions } = collection.createStatements()
  try {
    await app.deps.db.transaction(async (sql) => {
      const [verdict] = await sql.query<{ failing: number }>(diagnose.text, diagnose.inputs.params([record]))
      if (verdict !== undefined && verdict.failing > 0) throw conditionProblem(conditions[verdict.failing - 1])
      const rows = await sql.query(alone.text, alone.inputs.params([record]))
      throw rows.length > 0 ? new RolledBack() : new Problem('unavailable', undefined, { retryAfter: 1 })
    })
  } catch (error) {
    if (error instanceof RolledBack) return
    throw error instanceof DatabaseError ? constraintProblem(error, model) : error
  }
}

/** Ends the transaction of a record that was made only to see whether it can be. */
class RolledBack extends Error {}
