import { quoteName, quoteText } from '../../db/quote.ts'
import { ALWAYS, type SqlScope, toSql } from '../../expr/index.ts'
import {
  type AssignmentModel,
  type CollectionModel,
  expressionsOfTransition,
  type FieldModel,
  idField,
  type StatesModel,
  type TransitionModel,
} from '../model.ts'
import { literalSql } from '../schema/column-default.ts'
import { checkConditions } from './check.ts'
import type { Condition } from './condition-list.ts'
import { expiryCondition } from './expiry.ts'
import { inputs } from './inputs.ts'
import { lockedUpdate, type UpdateStatements } from './locked-update.ts'
import { concerned, overlapConditions } from './overlap.ts'
import { type AppCollections, referenceCondition } from './reference.ts'
import { callerColumns, condition, LIVE, ruleScope } from './scope.ts'
import { type RecordShape, shapeRules } from './shape.ts'
import { rowAfter, type UpdateInput } from './update.ts'

export type TransitionInput = Omit<UpdateInput, 'values'>

/** A record moves to another state: locked, judged and changed in one statement. */
export function transitionStatements(
  app: AppCollections,
  model: CollectionModel,
  states: StatesModel,
  transition: TransitionModel,
  shape: RecordShape,
): UpdateStatements<TransitionInput> {
  const state = stateField(model, states)
  const before = ruleScope(app, { row: 't' })
  const changed = [
    { field: state, sql: literalSql(transition.to, state.type) },
    ...transition.set.map((one) => ({ field: one.field, sql: assignedSql(one, before) })),
  ]
  const resulting = rowAfter(app, model, changed)
  const after = ruleScope(app, { columns: resulting })
  const rowScope = (row: string) => ruleScope(app, { row })
  const conditions: Condition[] = [
    { sql: LIVE, code: 'invalid_token' },
    { sql: 't.id is not null', code: 'not_found' },
    { sql: condition(model.rules.view, before), code: 'not_found' },
    { sql: allowed(transition, before), code: 'forbidden', detail: `'${transition.name}' is not for you to do here` },
    {
      sql: '(x.version is null or x.version = t.version)',
      code: 'version_mismatch',
      detail: 'The record has another version than If-Match says',
    },
    ...fromStates(states, transition, state, before),
    ...ready(transition, before),
    ...changed.flatMap(({ field, sql }) => referenceCondition(app, withoutSight(field), sql)),
    ...checkConditions(model, after),
    ...expiryCondition(model, resulting),
    ...overlapConditions(concerned(model, changed), resulting, rowScope, after, 't.id'),
  ]
  const rules = [
    model.rules.view,
    ...expressionsOfTransition(transition),
    ...model.checks.map(({ expression }) => expression),
    ...(state.rules.read === undefined ? [] : [state.rules.read]),
    ...shapeRules(app, shape),
  ]
  const rows = inputs<TransitionInput>('x', [
    ...callerColumns(rules),
    { name: 'id', pg: idField(model).type.pg, value: (input) => input.id },
    { name: 'version', pg: 'bigint', value: (input) => input.version },
  ])
  const assignments = changed.map(({ field, sql }) => `${quoteName(field.column)} = ${sql}`)
  return lockedUpdate(app, model, { rules, rows, assignments, conditions, shape })
}

/** What must hold for a transition to be possible, of the row that `scope` calls `record`, for the caller `x`. */
export function possible(
  model: CollectionModel,
  states: StatesModel,
  transition: TransitionModel,
  scope: SqlScope,
): string[] {
  const conditions = ready(transition, scope).map(({ sql }) => sql)
  return [allowed(transition, scope), isFrom(transition, stateField(model, states)), ...conditions]
}

function stateField(model: CollectionModel, { field }: StatesModel): FieldModel {
  const found = model.fields.get(field)
  if (found === undefined) throw new Error(`The collection '${model.name}' has no field '${field}'`)
  return found
}

function allowed({ allow }: TransitionModel, scope: SqlScope): string {
  return condition(allow, scope)
}

function isFrom({ from }: TransitionModel, { column }: FieldModel): string {
  return `t.${quoteName(column)} in (${from.map(quoteText).join(', ')})`
}

/**
 * The state that it must be in. Which one it is in instead is told to those who may see it, by one condition for each; the last one is for
 * everybody, and the only one that an update needs.
 */
function fromStates(
  { all }: StatesModel,
  transition: TransitionModel,
  field: FieldModel,
  scope: SqlScope,
): Condition[] {
  const { name, from, to } = transition
  const seen = field.hidden ? 'false' : condition(field.rules.read ?? ALWAYS, scope)
  const begins = `'${name}' begins ${from.map((state) => `'${state}'`).join(' or ')}`
  const told = (state: string): Condition => ({
    sql: `not (${seen} and t.${quoteName(field.column)} = ${quoteText(state)})`,
    code: 'wrong_state',
    detail: `${begins}, and the record is '${state}'`,
    data: { transition: name, from, to, state },
    onlyTells: true,
  })
  const others = seen === 'false' ? [] : all.filter((state) => !from.includes(state))
  return [
    ...others.map(told),
    { sql: isFrom(transition, field), code: 'wrong_state', detail: begins, data: { transition: name, from, to } },
  ]
}

function ready({ name, condition: rule, refusal }: TransitionModel, scope: SqlScope): Condition[] {
  if (rule === undefined) return []
  return [
    {
      sql: condition(rule, scope),
      code: 'transition_refused',
      detail: `The record does not meet the condition of '${name}'`,
      data: { transition: name },
      ...(refusal === undefined ? {} : { declared: refusal }),
    },
  ]
}

function assignedSql({ field, value }: AssignmentModel, scope: SqlScope): string {
  if ('expression' in value) return `(${toSql(value.expression, scope)})`
  return value.literal === null ? `null::${field.type.pg}` : literalSql(value.literal, field.type)
}

/** The document says what is referred to, so the caller need not see it. */
function withoutSight(field: FieldModel): FieldModel {
  const { reference } = field
  return reference === undefined ? field : { ...field, reference: { ...reference, visible: false } }
}
