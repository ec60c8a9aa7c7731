import { quoteName, quoteText } from '../../db/quote.ts'
import type { CheckedExpression } from '../../expr/index.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { type JsonMember, jsonObject, jsonOfField } from './record-json.ts'
import { type AppNames, condition, ruleScope } from './scope.ts'

/** Which part of a record is asked for. */
export interface RecordShape {
  /** Never hidden ones, in the order of the answer. */
  readonly fields: readonly FieldModel[]
  readonly expand: readonly Expansion[]
}

export interface Expansion {
  readonly field: FieldModel
  readonly target: CollectionModel
}

/** Everything of a record that may be seen, nothing expanded. */
export function wholeRecord(model: CollectionModel): RecordShape {
  return { fields: [...model.fields.values()].filter((field) => !field.hidden), expand: [] }
}

/** SQL for the record at `alias` as JSON text, under the field rules of the caller `x`. */
export function shapeJson(app: AppNames, shape: RecordShape, alias: string): string {
  const members = membersOf(app, shape.fields, alias)
  return jsonObject(shape.expand.length === 0 ? members : [...members, expandMember(app, shape.expand, alias)])
}

/** The rules that {@link shapeJson} puts into the statement. */
export function shapeRules(shape: RecordShape): CheckedExpression[] {
  return [
    ...readRules(shape.fields),
    ...shape.expand.flatMap(({ field, target }) => [
      ...(field.rules.read === undefined ? [] : [field.rules.read]),
      target.rules.view,
      ...readRules([...target.fields.values()]),
    ]),
  ]
}

function readRules(fields: readonly FieldModel[]): CheckedExpression[] {
  return fields.flatMap((field) => (field.rules.read === undefined ? [] : [field.rules.read]))
}

function membersOf(app: AppNames, fields: readonly FieldModel[], alias: string): JsonMember[] {
  const scope = ruleScope(app, { row: alias })
  return fields.map((field) => {
    const member = { name: field.name, json: jsonOfField(field, alias) }
    return field.rules.read === undefined || field.rules.read.constant === true
      ? member
      : { ...member, when: condition(field.rules.read, scope) }
  })
}

/** `"expand":{"author":{…}}`; a record that the caller may not view, or that is null, is simply not in it. */
function expandMember(app: AppNames, expansions: readonly Expansion[], alias: string): JsonMember {
  const pieces = expansions.map(({ field, target }, index) => {
    const inner = `e${index}`
    const whole = jsonObject(membersOf(app, wholeRecord(target).fields, inner))
    const view = condition(target.rules.view, ruleScope(app, { row: inner }))
    const readable =
      field.rules.read === undefined ? '' : ` and ${condition(field.rules.read, ruleScope(app, { row: alias }))}`
    const name = quoteText(`,${JSON.stringify(field.name)}:`)
    return `coalesce((select ${name} || ${whole} from ${target.table} ${inner} where ${inner}.id = ${alias}.${quoteName(field.column)} and ${view}${readable}), '')`
  })
  return { name: 'expand', json: `'{' || substr(${pieces.join(' || ')}, 2) || '}'` }
}
