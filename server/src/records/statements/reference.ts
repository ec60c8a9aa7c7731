import type { CheckedExpression } from '../../expr/index.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import type { Condition } from './condition-list.ts'
import { type AppNames, condition, ruleScope } from './scope.ts'

export interface AppCollections extends AppNames {
  readonly collections: ReadonlyMap<string, CollectionModel>
}

/**
 * A referenced record must exist for the caller: one that may not be viewed fails exactly like a missing one.
 * Asking here instead of leaving it to the foreign key makes a bad reference a result, not an exception
 * that would fail the neighbours; the key itself still guards against what is deleted meanwhile.
 */
export function referenceCondition(app: AppCollections, field: FieldModel, value: string): Condition[] {
  const { reference } = field
  const target = reference === undefined ? undefined : app.collections.get(reference.collection)
  if (reference === undefined || target === undefined) return []
  const visible = reference.visible ? ` and ${condition(target.rules.view, ruleScope(app, { row: 'r' }))}` : ''
  const exists = `exists (select from ${target.table} r where r.id = ${value}${visible})`
  return [
    {
      sql: field.required ? exists : `(${value} is null or ${exists})`,
      code: 'reference_not_found',
      detail: `'${field.name}' refers to a record of '${target.name}' that does not exist`,
      violation: { pointer: `/${field.name}`, code: 'reference_not_found', message: 'does not exist' },
    },
  ]
}

/** The rules of other collections that {@link referenceCondition} puts into the statement. */
export function referencedRules(app: AppCollections, field: FieldModel): CheckedExpression[] {
  const target = field.reference?.visible === true ? app.collections.get(field.reference.collection) : undefined
  return target === undefined ? [] : [target.rules.view]
}
