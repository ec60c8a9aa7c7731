import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { wholeRecord } from '../statements/shape.ts'
import { updateStatements } from '../statements/update.ts'
import { conditionProblem } from './write-lane.ts'

/**
 * Throws if this caller may not write these fields, whatever to. What is wrong with a value that was made of the stored one
 * tells about the stored one, so it is told only to who passes here.
 */
export async function refuseUpdate(
  collection: Collection,
  caller: Caller,
  id: string,
  stored: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { app, model } = collection
  const fields = [...model.fields.values()].filter(({ name }) => Object.hasOwn(stored, name))
  const changes = fields.map((field) => ({ field, operator: 'set' as const }))
  const { diagnose, conditions } = updateStatements(app, model, changes, wholeRecord(model))
  const input = { caller, id, version: null, values: stored }
  const [verdict] = await app.deps.db.once<{ failing: number }>(diagnose.text, diagnose.inputs.params([input]), {
    idempotent: true,
  })
  const failing = verdict?.failing ?? 0
  if (failing > 0) throw conditionProblem(conditions[failing - 1])
}
