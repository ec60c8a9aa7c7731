import { quoteName } from '../../db/quote.ts'
import type { SqlScope } from '../../expr/index.ts'
import { withComputed } from '../computed.ts'
import { rangeSql } from '../exclude-range.ts'
import type { CollectionModel, ExcludeModel, FieldModel } from '../model.ts'
import { constraintsOf } from '../schema/index.ts'
import type { Condition } from './condition-list.ts'
import { condition } from './scope.ts'

/**
 * That no record is in the way, for asking why a write did not happen. Finding it out by a plain insert or update would put an
 * entry into the index first, and two that meet there wait for one another until PostgreSQL ends the deadlock, after a second.
 * `record` is the new row, and what its fields are in SQL; `self` its own id, where it is stored already.
 * They stand behind the checks: a range that ends before it begins raises.
 */
export function overlapConditions(
  model: CollectionModel,
  record: ReadonlyMap<string, string>,
  scope: (row: string) => SqlScope,
  after: SqlScope,
  self?: string,
): Condition[] {
  const meanings = constraintsOf(model)
  return model.excludes.map((exclude) => {
    const meaning = meanings.get(exclude.name)
    const mine = exclude.key.map((name) => newValue(model, name, record))
    const same = exclude.key.map((name, index) => `${columnOf(model, name)} = ${mine[index]}`)
    const range = rangeSql(
      exclude,
      exclude.range.map((name) => columnOf(model, name)),
    )
    const [from = '', until] = exclude.range.map((name) => newValue(model, name, record))
    const ours = rangeSql(exclude, until === undefined ? [from] : [from, lastOf(exclude, until)])
    const others = [
      ...same,
      `${range} && ${ours}`,
      ...(exclude.where === undefined ? [] : [condition(exclude.where, scope('o'))]),
      ...(self === undefined ? [] : [`o.id <> ${self}`]),
    ]
    const isFree = `not exists (select from ${model.table} o where ${others.join(' and ')})`
    return {
      sql: exclude.where === undefined ? isFree : `(not ${condition(exclude.where, after)} or ${isFree})`,
      code: 'overlap' as const,
      onlyTells: true as const,
      ...(meaning?.kind === 'exclude'
        ? {
            detail: meaning.message,
            violations: exclude.range.map((name) => ({
              pointer: `/${name}`,
              code: 'overlap',
              message: meaning.violation,
            })),
          }
        : {}),
    }
  })
}

/** The collection with the exclusions that the change may break. */
export function concerned(model: CollectionModel, changed: readonly { readonly field: FieldModel }[]): CollectionModel {
  const names = withComputed(
    model.fields,
    changed.map(({ field }) => field.name),
  )
  const excludes = model.excludes.filter(({ key, range, where }) =>
    [...key, ...range, ...(where?.uses.record ?? [])].some((name) => names.has(name)),
  )
  return { ...model, excludes }
}

function columnOf(model: CollectionModel, name: string): string {
  return `o.${quoteName(model.fields.get(name)?.column ?? name)}`
}

/** With its type: a collation that comes from nowhere can not be compared. */
function newValue(model: CollectionModel, name: string, record: ReadonlyMap<string, string>): string {
  return `(${record.get(name) ?? 'null'})::${model.fields.get(name)?.type.pg ?? 'text'}`
}

/** PostgreSQL keeps whole numbers as ranges without their end, and there is none after the largest. */
function lastOf({ type, bounds }: ExcludeModel, until: string): string {
  return type === 'int8range' && bounds === '[]' ? `least(${until}, 9223372036854775806)` : until
}
