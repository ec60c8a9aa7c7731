import {
  type CheckedExpression,
  checkExpression,
  type Environment,
  ExpressionError,
  type FieldType,
} from '../../expr/index.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { filterPlace } from './filter.ts'
import { hasOrder } from './parse-sort.ts'
import { itemProblem } from './sent-items.ts'

export type ValueType = Pick<FieldType, 'cel' | 'json' | 'pg' | 'scale'>

/** A value of each record that a client names: a field, a path to one, or an expression (CEL) over them. */
export interface SentValue {
  readonly expression: CheckedExpression
  readonly type: ValueType
  /** It is a field of the collection as it stands: an index of it can serve. */
  readonly isField: boolean
}

export interface ValuePlace {
  readonly environment: Environment
  readonly collections: ReadonlyMap<string, CollectionModel>
  readonly model: CollectionModel
  readonly parameter: string
}

/** Hidden fields are unknown ones, and relations are followed under the rules of what they lead to. */
export function readValue(
  place: ValuePlace,
  { text, start }: { readonly text: string; readonly start: number },
): SentValue {
  const { environment, model, parameter } = place
  const expression = checked()
  const known = typeAt(place, text)
  const { type } = expression
  if (!hasOrder(type))
    throw itemProblem(parameter, start, `'${text}' is neither a number, a text, a time, a date nor an id`)
  return {
    expression,
    type: known ?? computedType(expression),
    isField: model.fields.has(text),
  }

  function checked(): CheckedExpression {
    try {
      return checkExpression(text, environment, { ...filterPlace(model), lookups: false, client: true })
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      const hint = error.suggestion === undefined ? '' : `; ${error.suggestion}`
      throw itemProblem(parameter, start + error.offset, `${error.message}${hint}`)
    }
  }
}

/** Of the field that a path leads to, over relations, or of an end of a range. What is inside of an object is none. */
function typeAt({ model, collections }: ValuePlace, path: string): ValueType | undefined {
  let fields: CollectionModel['fields'] | undefined = model.fields
  let found: FieldType | undefined
  for (const name of path.split('.')) {
    const field: FieldModel | undefined = fields?.get(name)
    found = field?.type ?? found?.end
    if (found === undefined) return undefined
    fields = field?.reference === undefined ? undefined : collections.get(field.reference.collection)?.fields
  }
  return found
}

/** What is computed is a number in JSON where it is one, but for decimals. */
function computedType({ type }: CheckedExpression): ValueType {
  const { kind } = type
  const json = kind === 'int' || kind === 'double' ? 'number' : kind === 'bool' ? 'boolean' : 'string'
  return { cel: type, json, pg: kind === 'uuid' ? 'uuid' : 'text' }
}
