import { nearest } from '../../errors/did-you-mean.ts'
import { Problem } from '../../errors/problem.ts'
import { type CollectionModel, type FieldModel, FREE } from '../model.ts'
import type { ShownPart } from '../statements/shown-part.ts'
import { isFreeKey } from '../validate/index.ts'

/** `id,title` as fields, in the document's order, so that `a,b` and `b,a` are one statement. Hidden fields are unknown ones. */
export function parseFields(model: CollectionModel, { fields, free }: ShownPart, text: string): ShownPart {
  const names = new Set(text.split(',').map((name) => name.trim()))
  if (names.has('')) throw new Problem('invalid_parameter', "'fields' has an empty name in its list")
  const keys = [...names].filter((name) => isFreeName(model, name)).sort()
  for (const name of names) if (!keys.includes(name)) visibleField(model, 'fields', name)
  const chosen = fields.filter((field) => names.has(field.name))
  return { fields: chosen, ...(free === undefined || keys.length === 0 ? {} : { free: { ...free, keys } }) }
}

/** Whether a name that a client gave can be that of a key which the collection keeps beside its fields. */
export function isFreeName({ fields }: CollectionModel, name: string): boolean {
  return fields.has(FREE) && !fields.has(name) && isFreeKey(name)
}

/** A field by the name that a client gave it; unknown and hidden ones are told alike. */
export function visibleField(model: CollectionModel, parameter: string, name: string): FieldModel {
  const field = model.fields.get(name)
  if (field !== undefined && !field.hidden) return field
  const names = [...model.fields.values()].filter((other) => !other.hidden).map((other) => other.name)
  const meant = nearest(name, names)
  const hint = meant === undefined ? '' : `; did you mean '${meant}'?`
  throw new Problem(
    parameter === 'sort' ? 'invalid_sort' : 'invalid_parameter',
    `'${parameter}' names '${name}', which is no field of '${model.name}'${hint}`,
  )
}
