import type { CollectionModel } from '../model.ts'
import { type RecordShape, wholeRecord } from '../statements/shape.ts'
import type { ExpandTemplate } from './expand-template.ts'
import { parseFields } from './parse-fields.ts'
import { planExpand } from './plan-expand.ts'
import type { QueryNames } from './sort-path.ts'

/**
 * `fields` and `expand` as the shape of each of so many records. Undefined where a filter in `expand` has a type only with its values in
 * place, unless they are.
 */
export function parseShape(
  names: QueryNames,
  model: CollectionModel,
  fields: string | undefined,
  expand: Pick<ExpandTemplate, 'relations'>,
  options: { readonly records: number; readonly inPlace: boolean },
): RecordShape | undefined {
  const whole = wholeRecord(model)
  const planned = planExpand(names, model, expand.relations, options)
  if (planned === undefined) return undefined
  return { ...(fields === undefined ? whole : parseFields(model, whole, fields)), expand: planned }
}
