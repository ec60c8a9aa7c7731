import { nearest } from '../../errors/did-you-mean.ts'
import { Problem } from '../../errors/problem.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { type Expansion, type RecordShape, wholeRecord } from '../statements/shape.ts'

const MAX_EXPANSIONS = 10

/** `fields=id,title&expand=author` as the shape of the answer. Hidden fields are unknown ones. */
export function parseShape(
  collections: ReadonlyMap<string, CollectionModel>,
  model: CollectionModel,
  input: { readonly fields?: string | undefined; readonly expand?: string | undefined },
): RecordShape {
  const whole = wholeRecord(model)
  return {
    fields: input.fields === undefined ? whole.fields : parseFields(model, whole.fields, input.fields),
    expand: input.expand === undefined ? [] : parseExpand(collections, model, input.expand),
  }
}

function parseFields(model: CollectionModel, visible: readonly FieldModel[], text: string): FieldModel[] {
  const names = new Set(splitNames('fields', text))
  for (const name of names) visibleField(model, 'fields', name)
  // The order is the document's, so that `a,b` and `b,a` are one statement.
  return visible.filter((field) => names.has(field.name))
}

function parseExpand(
  collections: ReadonlyMap<string, CollectionModel>,
  model: CollectionModel,
  text: string,
): Expansion[] {
  const given = splitNames('expand', text)
  if (given.length > MAX_EXPANSIONS) {
    throw new Problem('query_too_costly', `'expand' names more than ${MAX_EXPANSIONS} relations`)
  }
  return [...new Set(given)].sort().map((name) => {
    const field = visibleField(model, 'expand', name)
    const target = field.reference === undefined ? undefined : collections.get(field.reference.collection)
    if (target === undefined) {
      throw new Problem('invalid_parameter', `'${name}' in 'expand' is not a relation of '${model.name}'`)
    }
    return { field, target }
  })
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

function splitNames(parameter: string, text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('')) throw new Problem('invalid_parameter', `'${parameter}' has an empty name in its list`)
  return names
}
