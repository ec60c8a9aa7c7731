import type { CheckedExpression } from '../expr/index.ts'
import type { CollectionModel, FieldModel } from './model.ts'
import { ownerOf } from './schema/companions.ts'
import { snakeCase } from './schema/naming.ts'

/** A field whose value is made of others. */
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

/** Those that the table has as columns. */
export function storedFields(fields: ReadonlyMap<string, FieldModel>): readonly FieldModel[] {
  return [...fields.values()].filter(({ whenRead }) => whenRead !== true)
}

/** The names with those of all that is made of them. */
export function withComputed(fields: ReadonlyMap<string, FieldModel>, names: Iterable<string>): Set<string> {
  const all = new Set(names)
  for (const { name, computed } of computedFields(fields)) {
    if ([...computed.uses.record].some((one) => all.has(one))) all.add(name)
  }
  return all
}

export function isComputed(field: FieldModel): field is ComputedField {
  return field.computed !== undefined
}

/** What expressions look up or reach over relations, also by way of views and of fields that are computed when they are read. */
export function collectionsRead(
  models: ReadonlyMap<string, CollectionModel>,
  expressions: Iterable<CheckedExpression>,
): ReadonlySet<string> {
  const found = new Set<string>()
  const seen = new Set<string>()
  const visit = ({ uses }: CheckedExpression) => {
    for (const name of uses.collections) for (const one of readThrough(models, name)) found.add(one)
    for (const path of uses.fields) {
      if (seen.has(path)) continue
      seen.add(path)
      const field = fieldAt(models, path)
      if (field?.whenRead === true && field.computed !== undefined) visit(field.computed)
    }
  }
  for (const expression of expressions) visit(expression)
  return found
}

/** The collection and, of a view, all that its rows come from. */
export function readThrough(models: ReadonlyMap<string, CollectionModel>, name: string): ReadonlySet<string> {
  const found = new Set([name])
  const tables = new Map([...models.values()].map((model) => [snakeCase(model.name), model.name]))
  // A set goes on to what is added meanwhile.
  for (const one of found) {
    for (const table of models.get(one)?.view?.reads ?? []) found.add(tables.get(table) ?? table)
  }
  return found
}

/** By `collection.field`, of a trash or a history the field of its collection. */
export function fieldAt(models: ReadonlyMap<string, CollectionModel>, path: string): FieldModel | undefined {
  const at = path.lastIndexOf('.')
  return models.get(ownerOf(path.slice(0, at)))?.fields.get(path.slice(at + 1))
}
