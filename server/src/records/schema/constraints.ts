import type { CollectionModel } from '../model.ts'
import { entryNames, listName } from './entries.ts'
import { freeConstraint } from './free-constraint.ts'
import { objectName, snakeCase } from './naming.ts'
import { valueConstraints } from './value-constraints.ts'

/** What a constraint of PostgreSQL means in the document, to tell a caller which field broke what. */
export type ConstraintMeaning =
  | { readonly kind: 'id' | 'unique'; readonly fields: readonly string[] }
  | { readonly kind: 'reference'; readonly fields: readonly string[]; readonly collection: string }
  | { readonly kind: 'value'; readonly fields: readonly string[]; readonly code: string; readonly message: string }
  | { readonly kind: 'check'; readonly fields: readonly string[]; readonly message: string }
  | {
      readonly kind: 'exclude'
      readonly fields: readonly string[]
      readonly message: string
      /** Of each field. */
      readonly violation: string
    }

/** A collection's constraints and unique indexes by their name in PostgreSQL. */
export function constraintsOf(model: CollectionModel): ReadonlyMap<string, ConstraintMeaning> {
  const table = snakeCase(model.name)
  const meanings = new Map<string, ConstraintMeaning>([[objectName(table, 'pk', []), { kind: 'id', fields: ['id'] }]])
  for (const { name, fields } of model.unique) meanings.set(name, { kind: 'unique', fields })
  for (const field of model.fields.values()) {
    const fields = [field.name]
    for (const { name, code, message } of valueConstraints(table, field))
      meanings.set(name, { kind: 'value', fields, code, message })
    if (field.list !== undefined) {
      const { target, unique } = entryNames(listName(table, field.column))
      meanings.set(target, { kind: 'reference', fields, collection: field.list.collection })
      meanings.set(unique, { kind: 'value', fields, code: 'unique', message: 'has an item twice' })
    }
    if (field.reference === undefined || field.reference.loose === true) continue
    const { collection } = field.reference
    meanings.set(objectName(table, 'fk', [field.column]), { kind: 'reference', fields, collection })
  }
  const free = freeConstraint(table, model)
  if (free !== undefined) meanings.set(free.name, { ...free, kind: 'value', fields: [] })
  for (const { name, expression, message } of model.checks) {
    const told = message ?? `the record breaks a rule of its collection: ${expression.source}`
    meanings.set(name, { kind: 'check', fields: [...expression.uses.record], message: told })
  }
  for (const { name, key, range, message } of model.excludes) {
    const told = message ?? `${range.map((field) => `'${field}'`).join(' to ')} overlaps another record${ofSame(key)}`
    meanings.set(name, {
      kind: 'exclude',
      fields: range,
      message: told,
      violation: message ?? 'overlaps another record',
    })
  }
  return meanings
}

function ofSame(key: readonly string[]): string {
  return key.length === 0 ? '' : ` with this ${key.map((name) => `'${name}'`).join(' and ')}`
}
