import { type CollectionModel, type FieldModel, FREE } from '../records/model.ts'
import { isSortable } from '../records/query/parse-sort.ts'
import { isWritable } from '../records/validate/create-validators.ts'
import { allowedOperators } from '../records/validate/operators.ts'

/** A field as somebody sees it who only has the API. */
export interface FieldContract {
  readonly model: FieldModel
  readonly name: string
  /** Whether it is in the answer. `sometimes`: its read rule decides, and where that says no the field is missing. */
  readonly read: 'always' | 'sometimes' | 'never'
  /** Null is a value it can have. */
  readonly nullable: boolean
  /** May be sent at creation; `update` of those that may be changed later. */
  readonly create: boolean
  readonly update: boolean
  /** No record can be created without it. */
  readonly mustBeSent: boolean
  /** `$inc`, `$append`, …: what an update may send instead of a value. */
  readonly operators: readonly string[]
  readonly sortable: boolean
  /** May be named by filters, and by `fields`. */
  readonly visible: boolean
  /** Administrators see it, for whom no rule is asked. */
  readonly shown: boolean
  /** Administrators may send it, though nobody else may. */
  readonly reserved: boolean
}

/** What the models say of a field, by the same functions that the operations go by. */
export function describeField(model: FieldModel): FieldContract {
  const { read } = model.rules
  const shown = !model.hidden
  const never = !shown || read?.constant === false
  const create = isWritable(model)
  return {
    model,
    name: model.name,
    read: never ? 'never' : read === undefined || read.constant === true ? 'always' : 'sometimes',
    nullable: !model.required,
    create,
    update: create && model.name !== 'id',
    mustBeSent: create && model.required && model.default === undefined,
    operators: create ? allowedOperators(model).map((name) => `$${name}`) : [],
    sortable: !never && isSortable(model),
    visible: !never,
    shown,
    reserved: !create && !model.system && model.isState !== true && !isMade(model),
  }
}

/** The database gives the value, whoever writes. */
function isMade({ sequence, computed }: FieldModel): boolean {
  return sequence !== undefined || computed !== undefined
}

/** In a sentence. What it is made of is not told: that may be hidden. */
export function aboutComputed({ computed, whenRead }: FieldModel): string | undefined {
  if (computed === undefined) return undefined
  return whenRead === true ? 'Computed when it is read.' : 'Computed from the other fields.'
}

/** All fields of a collection, besides its free keys, which are none. */
export function describeFields(model: CollectionModel, describe = describeField): FieldContract[] {
  return [...model.fields.values()].filter(({ name }) => name !== FREE).map(describe)
}

/** What the values of free keys are like, as a schema: `true`, or what the document says. Undefined where there are none. */
export function freeValues(model: CollectionModel): unknown {
  return model.fields.get(FREE)?.documented['additionalProperties']
}

/** What signs up sends an address, which nobody may write otherwise. */
export function describeSignUpField(model: FieldModel): FieldContract {
  return describeField(model.name === 'email' ? { ...model, readonly: false } : model)
}
