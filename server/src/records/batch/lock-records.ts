import type { Sql } from '../../db/database.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { parseId } from '../operations/record-id.ts'
import { viewProblem } from '../operations/view-problem.ts'
import { lockStatement } from '../statements/lock.ts'
import type { Prepared } from './prepare.ts'

/**
 * Locks the records that a batch is going to change, collection by collection, in an order that is the same for all batches: two that
 * change the same records in different orders then wait for one another, instead of meeting in a deadlock, which takes PostgreSQL
 * a second to notice. With one such record there is nothing to order.
 */
export async function lockRecords(sql: Sql, caller: Caller, operations: readonly Prepared[]): Promise<void> {
  const wanted = new Map<Collection, { readonly ids: Set<string>; deletes: boolean }>()
  let count = 0
  for (const { kind, collection, id, waits } of operations) {
    if (kind === 'create' || kind === 'upsert' || waits) continue
    const known = parseId(collection.model, String(id))
    if (known === undefined) continue
    const of = wanted.get(collection) ?? { ids: new Set(), deletes: false }
    wanted.set(collection, of)
    of.ids.add(known)
    of.deletes ||= kind === 'delete'
    count++
  }
  if (count < 2) return
  const inOrder = [...wanted].sort(([left], [right]) => (left.model.table < right.model.table ? -1 : 1))
  for (const [{ app, model }, { ids, deletes }] of inOrder) {
    const { text, inputs } = lockStatement(app, model, deletes)
    await sql.query(text, inputs.params([...ids].map((id) => ({ caller, id })))).catch((error: unknown) => {
      throw viewProblem(app, text, error)
    })
  }
}
