import type { CheckedExpression } from '../../expr/index.ts'
import type { FieldModel } from '../model.ts'
import { inOwnWords } from '../validate/own-words.ts'
import type { Condition } from './condition-list.ts'
import { type AppNames, condition, ruleScope } from './scope.ts'

export type AppCollections = AppNames

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
      violation: inOwnWords(field, {
        pointer: `/${field.name}`,
        code: 'reference_not_found',
        message: 'does not exist',
      }),
    },
  ]
}

/**
 * The same of each record that is put into a list. What stands in the stored list already is not asked for again: a list whose entries
 * are not all for whoever changes it can be changed all the same. `known` is that list as its writer sees it, if at all.
 */
export function listCondition(app: AppCollections, field: FieldModel, value: string, known?: string): Condition[] {
  const { list } = field
  const target = list === undefined ? undefined : app.collections.get(list.collection)
  if (list === undefined || target === undefined) return []
  const visible = list.visible ? ` and ${condition(target.rules.view, ruleScope(app, { row: 'r' }))}` : ''
  const id = `(e.v #>> '{}')::${list.ids.pg}`
  const news = known === undefined ? '' : ` and (${known} @> e.v) is not true`
  // Without `offset 0` the planner joins each list to the target, which it then reads whole: it takes a list to be a hundred ids.
  const from = `from jsonb_array_elements(${value}) with ordinality e(v, n) where not exists (select from ${target.table} r where r.id = ${id}${visible} offset 0)${news}`
  return [
    {
      sql: `not exists (select ${from})`,
      positions: `select json_agg(e.n - 1 order by e.n) ${from}`,
      code: 'reference_not_found',
      detail: `'${field.name}' refers to a record of '${target.name}' that does not exist`,
      violation: { pointer: `/${field.name}`, code: 'reference_not_found', message: 'does not exist' },
    },
  ]
}

/** The rules of other collections that {@link referenceCondition} and {@link listCondition} put into the statement. */
export function referencedRules(app: AppCollections, field: FieldModel): CheckedExpression[] {
  const relation = field.reference ?? field.list
  const target = relation?.visible === true ? app.collections.get(relation.collection) : undefined
  return target === undefined ? [] : [target.rules.view]
}
