import { isStorableText } from '../../db/storable-text.ts'
import { canonicalUuid } from '../../db/uuid.ts'
import type { CollectionModel } from '../model.ts'
import { idField } from '../model.ts'

const INTEGER = /^-?(?:0|[1-9]\d{0,15})$/

/**
 * An id out of a path as the database has it, or undefined where no record can have it: whoever asks for that
 * is told the same as for a record that is not there.
 */
export function parseId(model: CollectionModel, text: string): string | undefined {
  const { type } = idField(model)
  if (type.pg === 'uuid') return canonicalUuid(text)
  if (type.cel.kind === 'int') return INTEGER.test(text) && Number.isSafeInteger(Number(text)) ? text : undefined
  return text.length <= 1000 && isStorableText(text) ? text : undefined
}
