import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { Verdict } from '../statements/condition-list.ts'
import type { Access } from './access.ts'
import { conditionProblem } from './write-lane.ts'

/**
 * Throws if this caller may not write these fields, whatever to. What is wrong with a value that was made of the stored one
 * tells about the stored one, so it is told only to who passes here.
 */
export async function refuseUpdate(
  collection: Collection,
  access: Access,
  caller: Caller,
  id: string,
  stored: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { model, updates } = collection
  const fields = [...model.fields.values()].filter(({ name }) => Object.hasOwn(stored, name))
  const changes = fields.map((field) => ({ field, operator: 'set' as const }))
  const { diagnose, conditions } = updates.statements(changes)
  const input = { caller, id, version: null, values: stored }
  const [verdict] = await access.once<Verdict & Record<string, unknown>>(diagnose.text, diagnose.inputs.params([input]))
  if (verdict !== undefined && verdict.failing > 0) throw conditionProblem(conditions, verdict)
}
