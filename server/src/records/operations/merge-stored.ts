import { quoteName } from '../../db/quote.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { idField } from '../model.ts'
import { jsonOfValue } from '../statements/record-json.ts'
import { mergePatch } from '../validate/index.ts'
import type { Access } from './access.ts'
import { notFound } from './get-record.ts'
import { refuseUpdate } from './refuse-update.ts'

/**
 * Merge patches of stored objects (RFC 7396), made from the stored values and checked as a whole. The caller must
 * be able to view the record first, or the errors would tell about it. The version says what they were made from.
 */
export async function mergeStored(
  collection: Collection,
  access: Access,
  caller: Caller,
  id: string,
  patches: Readonly<Record<string, unknown>>,
): Promise<{ readonly values: Record<string, unknown>; readonly version: string }> {
  const { model, validators } = collection
  const visible = await access.read({ caller, id })
  if (visible === null) throw notFound(collection, id)
  const names = Object.keys(patches)
  const columns = names.map((name) => {
    const field = model.fields.get(name)
    if (field === undefined) throw new Error(`No field ${name}`)
    return `${jsonOfValue(field.type, quoteName(field.column))} as ${quoteName(name)}`
  })
  const key = idField(model)
  // Not prepared: there is one text for every order of the names.
  const [stored] = await access.once<Record<string, string | null>>(
    `select version::text as "-version", ${columns.join(', ')} from ${model.table} where ${quoteName(key.column)} = $1::${key.type.pg}`,
    [id],
  )
  if (stored === undefined) throw notFound(collection, id)
  const before: Record<string, unknown> = {}
  for (const name of names) {
    const text = stored[name]
    before[name] = text === null || text === undefined ? undefined : JSON.parse(text)
  }
  const values: Record<string, unknown> = {}
  try {
    for (const name of names) values[name] = validators.field(name, mergePatch(before[name], patches[name]))
  } catch (error) {
    await refuseUpdate(collection, access, caller, id, before)
    throw error
  }
  return { values, version: stored['-version'] ?? '' }
}
