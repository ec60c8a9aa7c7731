import type { CollectionModel } from '../model.ts'
import { idField } from '../model.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const INTEGER = /^-?(?:0|[1-9]\d{0,15})$/

/**
 * An id out of a path as the database has it, or undefined where no record can have it: whoever asks for that
 * is told the same as for a record that is not there.
 */
export function parseId(model: CollectionModel, text: string): string | undefined {
  const { type } = idField(model)
  if (type.pg === 'uuid') {
    const lower = text.toLowerCase()
    return UUID.test(lower) ? lower : undefined
  }
  if (type.cel.kind === 'int') return INTEGER.test(text) && Number.isSafeInteger(Number(text)) ? text : undefined
  return text.length <= 1000 && text.isWellFormed() && !text.includes('\u0000') ? text : undefined
}
