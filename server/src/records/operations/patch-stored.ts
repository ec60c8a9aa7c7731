import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { applyPatch } from '../json-patch/apply-patch.ts'
import type { JsonObject } from '../json-patch/json-value.ts'
import type { JsonPatch } from '../json-patch/read-patch.ts'
import { FREE } from '../model.ts'
import type { Changes } from '../validate/index.ts'
import type { Access } from './access.ts'
import { notFound } from './get-record.ts'
import { refuseUpdate } from './refuse-update.ts'

interface Patched extends Omit<Changes, 'merges'> {
  /** Of the record that the values were made from. */
  readonly version: string
}

/**
 * A JSON patch, done to the record as the caller sees it: what a caller does not see is not there for `test` and `copy`, either. The
 * values that come of it are checked as if they had been sent.
 */
export async function patchStored(
  collection: Collection,
  access: Access,
  { caller, id, version }: { readonly caller: Caller; readonly id: string; readonly version: string | null },
  { operations, writes }: JsonPatch,
): Promise<Patched> {
  const seen = await access.read({ caller, id })
  if (seen === null) throw notFound(collection, id)
  const record = JSON.parse(seen.json) as JsonObject
  const isField = (name: string): boolean => collection.model.fields.has(name)
  try {
    if (version !== null && version !== seen.version) throw new Problem('version_mismatch')
    applyPatch(record, operations, isField)
    return { values: valuesOf(collection, record, writes), operations: [], version: seen.version }
  } catch (error) {
    const before = JSON.parse(seen.json) as JsonObject
    const fields = writes.filter((name) => isField(name) && Object.hasOwn(before, name))
    await refuseUpdate(collection, access, caller, id, Object.fromEntries(fields.map((name) => [name, before[name]])))
    throw error
  }
}

/** The fields that the patch writes, and all keys beside the fields if it writes to one of those: they are one column. */
function valuesOf(
  { model, validators }: Collection,
  record: JsonObject,
  writes: readonly string[],
): Readonly<Record<string, unknown>> {
  const fields = writes.filter((name) => model.fields.has(name))
  const others = fields.length < writes.length ? Object.keys(record).filter((name) => !model.fields.has(name)) : []
  const sent = Object.fromEntries([...fields, ...others].map((name) => [name, record[name] ?? null]))
  const values = validators.set(sent)
  const isEmptied = fields.length < writes.length && !Object.hasOwn(values, FREE)
  return isEmptied ? { ...values, [FREE]: validators.field(FREE, {}) } : values
}
