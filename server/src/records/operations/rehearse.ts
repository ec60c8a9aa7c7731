import { DatabaseError } from '../../db/database-error.ts'
import type { Collection } from '../collection.ts'
import { type Access, transactionAccess } from './access.ts'
import { constraintProblem } from './constraint-problem.ts'

/** Does something and takes it back: throws what it would throw, constraints that are looked at in the end included; stores nothing. */
export async function rehearse(collection: Collection, work: (access: Access) => Promise<unknown>): Promise<void> {
  const { app, model } = collection
  try {
    await app.deps.db.transaction(async (sql) => {
      await work(transactionAccess(collection, sql))
      await sql.once('set constraints all immediate')
      throw new TakenBack()
    })
  } catch (error) {
    if (error instanceof TakenBack) return
    throw error instanceof DatabaseError ? constraintProblem(error, model) : error
  }
}

/** Ends a transaction that was run only to see whether it can be. */
export class TakenBack extends Error {}
