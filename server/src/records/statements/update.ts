import { quoteName } from '../../db/quote.ts'
import { ALWAYS, type CheckedExpression, type SqlScope, type SqlVariable } from '../../expr/index.ts'
import type { Caller } from '../caller.ts'
import { type CollectionModel, type FieldModel, idField } from '../model.ts'
import { type Change, changedColumn } from './change.ts'
import { checkConditions } from './check.ts'
import { withComputedValues } from './computed-values.ts'
import type { Condition } from './condition-list.ts'
import { expiryCondition } from './expiry.ts'
import { type InputColumn, inputs } from './inputs.ts'
import { lockedUpdate, type UpdateStatements } from './locked-update.ts'
import { concerned, overlapConditions } from './overlap.ts'
import { type AppCollections, listCondition, referenceCondition, referencedRules } from './reference.ts'
import { callerColumns, condition, LIVE, NOW, ruleScope } from './scope.ts'
import { type RecordShape, shapeRules } from './shape.ts'
import { textOf } from './write-values.ts'

export interface UpdateInput {
  readonly caller: Caller
  readonly id: string
  /** `If-Match`: the version that the caller has seen. */
  readonly version: string | null
  /** Operands by field name, for exactly the changes the statement was made for. */
  readonly values: Readonly<Record<string, unknown>>
}

/** What statements that change the same fields in the same way have in common. */
export interface UpdateParts {
  readonly conditions: readonly Condition[]
  /** `"column" = value`, of the row `t` and of the input `x`. */
  readonly assignments: readonly string[]
  /** The operands, as columns of the input. */
  readonly operands: readonly InputColumn<Pick<UpdateInput, 'values'>>[]
  /** What the conditions ask of the caller. */
  readonly rules: readonly CheckedExpression[]
}

/** Statements for updates that change the same fields in the same way. */
export function updateStatements(
  app: AppCollections,
  model: CollectionModel,
  changes: readonly Change[],
  shape: RecordShape,
): UpdateStatements<UpdateInput> {
  const { conditions, assignments, operands, rules } = updateParts(app, model, changes)
  const all = [...rules, ...shapeRules(app, shape)]
  const rows = inputs<UpdateInput>('x', [
    ...callerColumns(all),
    { name: 'id', pg: idField(model).type.pg, value: (input) => input.id },
    { name: 'version', pg: 'bigint', value: (input) => input.version },
    ...operands,
  ])
  return lockedUpdate(app, model, { rules: all, rows, assignments, conditions, shape })
}

export function updateParts(app: AppCollections, model: CollectionModel, changes: readonly Change[]): UpdateParts {
  const id = quoteName(idField(model).column)
  const changed = changes.map((change, index) => changedColumn(change, `x.f${index}`))
  const before: SqlVariable = { row: 't' }
  const rowAfterwards = rowAfter(app, model, changed)
  const after: SqlVariable = { columns: rowAfterwards }
  const data: SqlVariable = { columns: new Map(changed.map(({ field }, index) => [field.name, `x.f${index}`])) }
  const beforeScope = ruleScope(app, before, data)
  const afterScope = ruleScope(app, after, data)
  const both = (rule: CheckedExpression): string => {
    const sides = [...new Set([condition(rule, beforeScope), condition(rule, afterScope)])]
    return sides.length === 1 ? (sides[0] ?? 'true') : `(${sides.join(' and ')})`
  }
  const conditions: Condition[] = [
    { sql: LIVE, code: 'invalid_token' },
    { sql: 't.id is not null', code: 'not_found' },
    { sql: condition(model.rules.view, ruleScope(app, before)), code: 'not_found' },
    ...changed.flatMap(({ field, kept }) => (kept === true ? [] : fieldRule(field, both))),
    ...changed.flatMap(({ field, sql }) => referenceCondition(app, field, sql)),
    ...changes.flatMap((change, index) => entriesExist(app, change, `x.f${index}`)),
    { sql: both(model.rules.update), code: 'forbidden' },
    ...changed.flatMap(({ field, sql }) => immutable(field, sql, beforeScope)),
    {
      sql: '(x.version is null or x.version = t.version)',
      code: 'version_mismatch',
      detail: 'The record has another version than If-Match says',
    },
    ...changed.flatMap(({ fits }) => fits),
    ...checkConditions(model, afterScope),
    ...expiryCondition(model, rowAfterwards),
  ]
  const overlaps = overlapConditions(
    concerned(model, changed),
    rowAfterwards,
    (row) => ruleScope(app, { row }),
    afterScope,
    `t.${id}`,
  )
  const rules = [
    model.rules.view,
    model.rules.update,
    ...model.checks.map(({ expression }) => expression),
    ...changed.flatMap(({ field }) => referencedRules(app, field)),
    ...changed.flatMap(({ field: { rules } }) => [rules.update, rules.read].filter((rule) => rule !== undefined)),
  ]
  const operands = changed.map(({ field }, index) => ({
    name: `f${index}`,
    pg: field.type.pg,
    value: ({ values }: Pick<UpdateInput, 'values'>) => textOf(field, values[field.name]),
  }))
  const set = changed.map(({ field, sql }) => `${quoteName(field.column)} = ${sql}`)
  // Writing nothing is still a write: it makes a new version, as `{}` on any record does.
  const assignments = set.length === 0 ? [`${id} = t.${id}`] : set
  return { conditions: [...conditions, ...overlaps], assignments, operands, rules }
}

/** `record` after the change. */
export function rowAfter(
  app: AppCollections,
  model: CollectionModel,
  changed: readonly { field: FieldModel; sql: string }[],
): Map<string, string> {
  const row = new Map([...model.fields.values()].map((field) => [field.name, `t.${quoteName(field.column)}`]))
  row.set('updatedAt', NOW)
  row.set('version', '(t.version + 1)')
  for (const { field, sql } of changed) row.set(field.name, sql)
  return withComputedValues(app, model, row, new Set([...changed.map(({ field }) => field.name), 'updatedAt']))
}

function fieldRule(field: FieldModel, sql: (rule: CheckedExpression) => string): Condition[] {
  const rule = field.rules.update
  if (rule === undefined || rule.constant === true) return []
  return [
    {
      sql: sql(rule),
      code: 'forbidden',
      detail: `The field '${field.name}' may not be changed by you`,
      violation: { pointer: `/${field.name}`, code: 'forbidden', message: 'may not be changed by you' },
    },
  ]
}

/** Who may not see the stored list is not told whether a record is in it. */
function entriesExist(app: AppCollections, { field, operator }: Change, sent: string): Condition[] {
  if (operator === 'remove') return []
  const { hidden, rules } = field
  const isSeen = !hidden && (rules.read === undefined || rules.read.constant === true)
  return listCondition(app, field, sent, isSeen ? `t.${quoteName(field.column)}` : undefined)
}

/** Sending again what is stored is no change; but who may not see it is not told that it was guessed right. */
function immutable(field: FieldModel, sql: string, scope: SqlScope): Condition[] {
  if (!field.immutable) return []
  const seen = field.hidden ? 'false' : condition(field.rules.read ?? ALWAYS, scope)
  const same = `t.${quoteName(field.column)} is not distinct from ${sql}`
  return [
    {
      sql: seen === 'true' ? same : `(${seen} and ${same})`,
      code: 'immutable_field',
      detail: `The field '${field.name}' can not be changed once the record exists`,
      violation: { pointer: `/${field.name}`, code: 'immutable', message: 'can not be changed' },
    },
  ]
}
