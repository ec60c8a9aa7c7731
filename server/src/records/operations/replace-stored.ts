import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { FieldModel } from '../model.ts'
import type { Change } from '../statements/change.ts'
import { defaultExpression, defaultLiteral } from '../statements/write-values.ts'
import { isWritable } from '../validate/create-validators.ts'
import type { Access } from './access.ts'
import { readBack } from './read-back.ts'
import { type WriteOutput, writeOutput } from './write-output.ts'

export interface Replacement {
  readonly caller: Caller
  readonly id: string
  /** `If-Match`: the version that the caller has seen. */
  readonly version: string | null
  /** The whole record, valid. */
  readonly values: Readonly<Record<string, unknown>>
  /** Fields that must have these values already: what the record was found by. */
  readonly key?: Readonly<Record<string, unknown>>
  readonly prefer: 'minimal' | 'representation' | undefined
}

/**
 * Puts a whole record in the place of one that is there. What is not sent gets its default or nothing, except what its
 * writer may not see or set: that stays.
 */
export async function replaceStored(
  collection: Collection,
  access: Access,
  { caller, id, version, values, key = {}, prefer }: Replacement,
): Promise<WriteOutput> {
  const operands: Record<string, unknown> = {}
  const changes: Change[] = []
  for (const field of collection.model.fields.values()) {
    if (field.name === 'id') continue
    if (Object.hasOwn(key, field.name)) {
      operands[field.name] = key[field.name]
      changes.push({ field, operator: 'keep' })
      continue
    }
    if (!isWritable(field)) continue
    const sent = Object.hasOwn(values, field.name)
    if (!sent && staysUnlessSent(field)) continue
    operands[field.name] = sent ? values[field.name] : (defaultLiteral(field) ?? null)
    changes.push({ field, operator: 'set' })
  }
  const row = await access.update(changes, { caller, id, version, values: operands })
  return writeOutput(collection.model, 200, await readBack(collection, access, caller, row), prefer)
}

function staysUnlessSent(field: FieldModel): boolean {
  const { hidden, immutable, rules } = field
  return (
    hidden ||
    immutable ||
    rules.read !== undefined ||
    rules.update !== undefined ||
    defaultExpression(field) !== undefined
  )
}
