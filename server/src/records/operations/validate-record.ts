import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { holderOfKey } from './idempotency-key.ts'
import { keepFacts } from './keep-facts.ts'
import { refuseWrite } from './read-only.ts'
import { rehearse } from './rehearse.ts'
import { type ReplaceInput, replaceRecord } from './replace-record.ts'
import { type UpdateInput, updateRecord } from './update-record.ts'
import { type UpsertInput, upsertRecord } from './upsert-record.ts'

/** Throws what a create with this body would throw, uniqueness included; stores nothing. */
export async function validateRecord(
  collection: Collection,
  sender: Caller,
  input: { readonly body: unknown; readonly idempotencyKey?: string | undefined },
): Promise<void> {
  refuseWrite(collection.model)
  const caller = keepFacts(collection, sender)
  if (input.idempotencyKey !== undefined) holderOfKey(caller, input.idempotencyKey)
  const { app, model, validators } = collection
  const values = validators.create(input.body)
  const id = model.ids === 'chosen' ? String(values['id']) : app.deps.newId()
  await rehearse(collection, (access) => access.create({ caller, id, values }))
}

/** The same for an update. */
export function validateUpdate(collection: Collection, caller: Caller, input: UpdateInput): Promise<void> {
  return rehearse(collection, (access) => updateRecord(collection, caller, input, access))
}

/** The same for a replace. */
export function validateReplace(collection: Collection, caller: Caller, input: ReplaceInput): Promise<void> {
  return rehearse(collection, (access) => replaceRecord(collection, caller, input, access))
}

/** The same for an upsert. */
export function validateUpsert(collection: Collection, caller: Caller, input: UpsertInput): Promise<void> {
  return rehearse(collection, (access) => upsertRecord(collection, caller, input, access))
}
