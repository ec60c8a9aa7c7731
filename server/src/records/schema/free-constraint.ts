import { quoteName, quoteText } from '../../db/quote.ts'
import { type CollectionModel, FREE } from '../model.ts'
import { FREE_COLUMN, objectName } from './naming.ts'
import type { ValueConstraint } from './value-constraints.ts'

/** Whoever writes: what is kept beside the fields is an object, none of whose keys is a field's name. A record would have two of it. */
export function freeConstraint(table: string, model: CollectionModel): ValueConstraint | undefined {
  if (!model.fields.has(FREE)) return undefined
  const column = quoteName(FREE_COLUMN)
  const names = [...model.fields.keys()].filter((name) => name !== FREE).map(quoteText)
  return {
    name: objectName(table, 'free', []),
    sql: `jsonb_typeof(${column}) = 'object' and not ${column} ?| array[${names.join(', ')}]`,
    code: 'unknown_field',
    message: 'has a key that is the name of a field',
  }
}
