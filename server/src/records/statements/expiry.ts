import { quoteName } from '../../db/quote.ts'
import type { CollectionModel } from '../model.ts'
import { expiryField, isToCome } from '../schema/index.ts'
import { inOwnWords } from '../validate/own-words.ts'
import type { Condition } from './condition-list.ts'

/**
 * That a record which is written does not expire at once: nobody would ever see it. `record` is the new row, what its fields are in
 * SQL. The trigger that refuses it for all writers would fail the neighbours.
 */
export function expiryCondition(model: CollectionModel, record: ReadonlyMap<string, string>): Condition[] {
  const field = expiryField(model)
  const value = field === undefined ? undefined : record.get(field.name)
  // What is not changed is still to come, or the record would not be there.
  if (field === undefined || value === undefined || value === `t.${quoteName(field.column)}`) return []
  return [
    {
      sql: isToCome(`(${value})`),
      code: 'validation_failed',
      detail: `${field.name} ${EXPIRED}`,
      violation: inOwnWords(field, { pointer: `/${field.name}`, code: 'past', message: EXPIRED }),
    },
  ]
}

export const EXPIRED = 'is past, and the record would vanish at once'
