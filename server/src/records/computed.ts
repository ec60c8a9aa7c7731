import type { CheckedExpression } from '../expr/index.ts'
import type { FieldModel } from './model.ts'

/** A field whose value the database makes of the others. */
export type ComputedField = FieldModel & { readonly computed: CheckedExpression }

/** Each behind those that it is made of; the checks have seen that none is made of itself. */
export function computedFields(fields: ReadonlyMap<string, FieldModel>): readonly ComputedField[] {
  const ordered = new Set<ComputedField>()
  const visit = (field: FieldModel | undefined) => {
    if (field === undefined || !isComputed(field) || ordered.has(field)) return
    for (const name of field.computed.uses.record) visit(fields.get(name))
    ordered.add(field)
  }
  for (const field of fields.values()) visit(field)
  return [...ordered]
}

/** The names with those of all that is made of them. */
export function withComputed(fields: ReadonlyMap<string, FieldModel>, names: Iterable<string>): Set<string> {
  const all = new Set(names)
  for (const { name, computed } of computedFields(fields)) {
    if ([...computed.uses.record].some((one) => all.has(one))) all.add(name)
  }
  return all
}

function isComputed(field: FieldModel): field is ComputedField {
  return field.computed !== undefined
}
