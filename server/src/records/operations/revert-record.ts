import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { FREE } from '../model.ts'
import { isWritable } from '../validate/create-validators.ts'
import { isObject } from '../validate/merge-patch.ts'
import { refuseChange } from './append-only.ts'
import { versionOf } from './etag.ts'
import { notFound } from './get-record.ts'
import { keepFacts } from './keep-facts.ts'
import { historyOf } from './list-history.ts'
import { parseId } from './record-id.ts'
import { replaceStored } from './replace-stored.ts'
import type { WriteOutput } from './write-output.ts'

export interface RevertInput {
  readonly id: string
  /** `{version}`. */
  readonly body: unknown
  readonly ifMatch?: string | undefined
  readonly prefer?: 'minimal' | 'representation' | undefined
}

/**
 * Gives a record the values of an earlier version, as far as the caller may read that version and write the record: a replace, with all that it
 * asks for. It makes a new version, so it can be reverted as well.
 */
export async function revertRecord(collection: Collection, sender: Caller, input: RevertInput): Promise<WriteOutput> {
  const caller = keepFacts(collection, sender)
  const history = historyOf(collection)
  refuseChange(collection.model)
  const version = versionIn(input.body)
  const id = parseId(collection.model, input.id)
  if (id === undefined) throw notFound(collection, input.id)
  const [entry] = await history.read({ caller, id, after: null, version: String(version) }, 1)
  if (entry === undefined) {
    throw new Problem('not_found', `There is no version ${version} of the record '${input.id}' for you`)
  }
  const { record } = JSON.parse(entry.json) as { readonly record: Readonly<Record<string, unknown>> }
  const values = valuesOf(collection, record)
  const target = { caller, id, version: versionOf(input.ifMatch) }
  return replaceStored(collection, collection.lanes, { ...target, values, prefer: input.prefer })
}

/**
 * What can be sent of a version. What is set once is left out, and stays: it is asked for of whoever creates, so this is no whole record that
 * would be checked for what is missing. Of keys that the document does not name, the record has those that it had.
 */
function valuesOf(
  { model, validators }: Collection,
  record: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const body = Object.entries(record).filter(([name]) => {
    const field = model.fields.get(name)
    if (field === undefined) return model.fields.has(FREE)
    return isWritable(field) && !field.immutable && name !== 'id'
  })
  const values = validators.set(Object.fromEntries(body))
  const isEmptied = model.fields.has(FREE) && !Object.hasOwn(values, FREE)
  return isEmptied ? { ...values, [FREE]: validators.field(FREE, {}) } : values
}

function versionIn(body: unknown): number {
  if (!isObject(body)) throw new Problem('malformed_request', 'The body must be a JSON object')
  const { version, ...others } = body
  const errors = Object.keys(others).map((name) => ({
    pointer: `/${name}`,
    code: 'unknown_field',
    message: 'is nothing that a revert takes',
  }))
  if (errors.length > 0) throw new Problem('unknown_field', 'A revert takes a version only', { errors })
  if (typeof version === 'number' && Number.isSafeInteger(version) && version > 0) return version
  const message = version === undefined ? 'must be there' : 'must be the version of a record'
  const code = version === undefined ? 'required' : 'type'
  throw new Problem('validation_failed', `version ${message}`, { errors: [{ pointer: '/version', code, message }] })
}
