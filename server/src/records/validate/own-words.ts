import { segmentsOf } from '../../errors/pointer.ts'
import type { Violation } from '../../errors/problem.ts'
import type { CollectionModel, FieldModel } from '../model.ts'

/** What is wrong with a field in the words of its document, if it has some for that; the code stays. */
export function inOwnWords(field: Pick<FieldModel, 'name' | 'messages'>, violation: Violation): Violation {
  const { messages, name } = field
  if (messages === undefined) return violation
  // Words for a keyword are about the field's own value, not about what lies inside.
  const isOwn = violation.pointer === `/${name}` || violation.pointer.startsWith(`/${name}/$`)
  const message = (isOwn ? messages.byCode[violation.code] : undefined) ?? messages.any
  return message === undefined ? violation : { ...violation, message }
}

/** The same, of whatever field of the collection it is. */
export function violationInOwnWords({ fields }: Pick<CollectionModel, 'fields'>, violation: Violation): Violation {
  const field = fields.get(segmentsOf(violation.pointer)[0] ?? '')
  return field === undefined ? violation : inOwnWords(field, violation)
}
