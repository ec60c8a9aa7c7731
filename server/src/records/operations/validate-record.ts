import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { createInTransaction } from './create-in-transaction.ts'
import { holderOfKey } from './create-once.ts'
import { keepFacts } from './keep-facts.ts'

/** Throws what a create with this body would throw, uniqueness included; stores nothing. */
export async function validateRecord(
  collection: Collection,
  sender: Caller,
  input: { readonly body: unknown; readonly idempotencyKey?: string | undefined },
): Promise<void> {
  const caller = keepFacts(collection, sender)
  if (input.idempotencyKey !== undefined) holderOfKey(caller, input.idempotencyKey)
  const { app, model, validators } = collection
  const values = validators.create(input.body)
  const id = model.ids === 'chosen' ? String(values['id']) : app.deps.newId()
  try {
    await app.deps.db.transaction(async (sql) => {
      await createInTransaction(sql, model, collection.createStatements(), { caller, id, values })
      throw new RolledBack()
    })
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error
  }
}

/** Ends the transaction of a record that was made only to see whether it can be. */
class RolledBack extends Error {}
