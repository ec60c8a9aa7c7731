import { didYouMean } from '../../errors/did-you-mean.ts'
import { pointer } from '../../errors/pointer.ts'
import { Problem, type Violation } from '../../errors/problem.ts'
import { RANGE_ENDS } from '../../expr/index.ts'
import { type JsonPatch, readPatch } from '../json-patch/read-patch.ts'
import { type CollectionModel, type FieldModel, FREE } from '../model.ts'
import { createFieldChecks, type FieldCheck, type FieldChecks } from './field-check.ts'
import { isFreeKey, NO_FREE_KEY } from './free-keys.ts'
import { listCheck } from './list-check.ts'
import { isObject } from './merge-patch.ts'
import { isOperator, type Operation, operatorCheck } from './operators.ts'
import { violationInOwnWords } from './own-words.ts'

/** What a valid PATCH asks for, by what has to be done about it. */
export interface Changes {
  /** Fields that are set to a value in the form in which it is stored; null clears. */
  readonly values: Readonly<Record<string, unknown>>
  /** Fields whose new value is made of the old one. */
  readonly operations: readonly Operation[]
  /**
   * Fields of type object that were sent an object, and ranges that were sent one end: a merge patch (RFC 7396) of what is stored.
   * The merged value is checked with {@link Validators.field}; see `mergePatch`.
   */
  readonly merges: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/**
 * What each write may send. All throw: 400 `unknown_field` for what may not be sent at all,
 * 422 `validation_failed` with everything that is wrong with the values. They return the body itself
 * unless a value has another stored form (then a copy), keyed by field name.
 */
export interface Validators {
  create(body: unknown): Readonly<Record<string, unknown>>
  /** As `create`, for a whole record that takes the place of another. */
  replace(body: unknown): Readonly<Record<string, unknown>>
  update(body: unknown): Changes
  /** A JSON patch: its form, and that it writes to nothing that a PATCH may not send. 400 `malformed_request` for its form. */
  patch(body: readonly unknown[]): JsonPatch
  /** Values for some fields of a record that is there, each to be set as it is: no operators, no merges. */
  set(body: unknown): Readonly<Record<string, unknown>>
  /**
   * One field's whole value, as stored: for what can only be known with the stored record at hand, and for the system's own
   * writes to fields that nobody may send. Not for null.
   */
  field(name: string, value: unknown): unknown
}

interface CheckedField {
  readonly model: FieldModel
  readonly check: FieldCheck
  readonly operator: ReturnType<typeof operatorCheck>
  /** A PATCH merges into it. */
  readonly merges: boolean
}

/** Compiles a collection's schema once; `checks` may be shared by the collections of an app. */
export function createValidators(model: CollectionModel, checks: FieldChecks = createFieldChecks()): Validators {
  const fields = new Map([...model.fields.values()].map((field) => [field.name, checkedField(model, field, checks)]))
  const free = fields.get(FREE)
  const writable = new Map([...fields].filter(([name, { model: field }]) => name !== FREE && isWritable(field)))
  const changeable = new Map([...writable].filter(([name]) => name !== 'id'))
  const mustBeSent = [...writable.values()].filter(({ model: field }) => field.required && field.default === undefined)
  const required = mustBeSent.map(({ model: field }) => field.name)

  const read = (body: unknown, known: typeof writable, isWhole: boolean) => {
    const record = objectBody(body)
    const errors: Violation[] = []
    let unknown: Violation[] | undefined
    let stored = record
    let others: Record<string, unknown> | undefined
    for (const name in record) {
      const field = known.get(name)
      const value = record[name]
      if (field === undefined) {
        const refusal = refusalOf(name, known)
        if (refusal !== undefined) unknown = [...(unknown ?? []), refusal]
        else if (value !== null) others = { ...others, [name]: value }
        continue
      }
      // Absent equals null: null is no value, and what is required is looked for below.
      if (value === null) {
        if (isOptionalList(field.model)) {
          if (stored === record) stored = { ...record }
          if (isWhole) delete stored[name]
          else stored[name] = field.check([], `/${name}`, errors)
        } else if (!isWhole && field.model.required) errors.push(missing(name))
        continue
      }
      const result = field.check(value, `/${name}`, errors)
      if (result !== value && result !== undefined) {
        if (stored === record) stored = { ...record }
        stored[name] = result
      }
    }
    for (const name of isWhole ? required : []) {
      if (record[name] === undefined || record[name] === null) errors.push(missing(name))
    }
    if (free !== undefined && (isWhole || others !== undefined)) stored = withFree(stored, free, others ?? {}, errors)
    refuse(model, unknown, errors)
    return stored
  }
  const whole = (body: unknown) => read(body, writable, true)

  /** Undefined where a name that is no field's may be sent all the same. */
  function refusalOf(name: string, allowed: ReadonlyMap<string, CheckedField>): Violation | undefined {
    if (free === undefined || fields.has(name)) return notWritable(model, allowed, name)
    return isFreeKey(name) ? undefined : { pointer: pointer(name), code: 'unknown_field', message: NO_FREE_KEY }
  }

  return {
    create: whole,
    replace: whole,
    set: (body) => read(body, changeable, false),
    patch: (body) => {
      const patch = readPatch(body)
      const others = patch.writes.filter((name) => !changeable.has(name))
      refuse(
        model,
        others.flatMap((name) => refusalOf(name, changeable) ?? []),
        [],
      )
      return patch
    },
    update: (body) => {
      const record = objectBody(body)
      const errors: Violation[] = []
      let unknown: Violation[] | undefined
      const values: Record<string, unknown> = {}
      const merges: Record<string, Readonly<Record<string, unknown>>> = {}
      const operations: Operation[] = []
      const others: Record<string, unknown> = {}
      for (const name in record) {
        const field = changeable.get(name)
        const value = record[name]
        if (field === undefined) {
          const refusal = refusalOf(name, changeable)
          if (refusal !== undefined) unknown = [...(unknown ?? []), refusal]
          else if (isOperator(value, true)) errors.push(noOperator(name))
          else others[name] = value
          continue
        }
        if (value === null && isOptionalList(field.model)) {
          values[name] = field.check([], `/${name}`, errors)
        } else if (value === null) {
          if (field.model.required) errors.push(missing(name))
          values[name] = null
        } else if (isOperator(value, field.merges)) {
          const operation = field.operator(value, `/${name}`, errors)
          if (operation !== undefined) operations.push(operation)
        } else if (field.merges && isObject(value) && !isWholeRange(field.model, value)) {
          merges[name] = value
        } else {
          values[name] = field.check(value, `/${name}`, errors)
        }
      }
      if (Object.keys(others).length > 0) merges[FREE] = others
      refuse(model, unknown, errors)
      return { values, operations, merges }
    },
    field: (name, value) => {
      const errors: Violation[] = []
      const field = fields.get(name)
      if (field === undefined) throw new Error(`${model.name} has no field '${name}'`)
      const stored = field.check(value, name === FREE ? '' : `/${name}`, errors)
      refuse(model, undefined, errors)
      return stored
    },
  }
}

/** With both ends there is nothing left to merge. */
function isWholeRange({ type }: FieldModel, value: Readonly<Record<string, unknown>>): boolean {
  return type.end !== undefined && RANGE_ENDS.every((end) => Object.hasOwn(value, end))
}

/** It may be left out, and is a list all the same. */
function isOptionalList({ list, default: preset }: FieldModel): boolean {
  return list !== undefined && preset !== undefined
}

/** Whether anybody may send it; the rest is the system's. */
export function isWritable(field: FieldModel): boolean {
  return !field.system && !field.readonly && !field.owner && field.isState !== true
}

function checkedField(collection: CollectionModel, model: FieldModel, checks: FieldChecks): CheckedField {
  // Two spellings of an address are one account.
  const lowerCase = collection.builtin && model.name === 'email'
  const check = model.list === undefined ? checks.of(model.schema, { lowerCase }) : listCheck(model.schema, checks)
  const merges = model.schema['type'] === 'object' || model.schema['type'] === 'range'
  return { model, check, operator: operatorCheck(model, check, checks), merges }
}

function objectBody(body: unknown): Record<string, unknown> {
  if (isObject(body)) return body
  throw new Problem('malformed_request', 'The body must be a JSON object')
}

/** Everything that is wrong, at once and in the document's words; what may not be sent at all decides the code. */
function refuse(model: CollectionModel, unknown: readonly Violation[] = [], wrong: readonly Violation[]): void {
  if (unknown.length === 0 && wrong.length === 0) return
  const errors = [...unknown, ...wrong.map((violation) => violationInOwnWords(model, violation))]
  throw new Problem(unknown.length > 0 ? 'unknown_field' : 'validation_failed', sentence(errors, wrong), { errors })
}

/** Words of the document are a sentence by themselves; ours go on after the field's name. */
function sentence(errors: readonly Violation[], ours: readonly Violation[]): string {
  const [first] = errors
  if (first === undefined) return ''
  const isOurs = first.code === 'unknown_field' || ours[0]?.message === first.message
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return `${isOurs ? `${first.pointer.slice(1)} ` : ''}${first.message}${more}`
}

/** The record's fields as they are stored, and the keys beside them as the one object that they are kept in. */
function withFree(
  record: Readonly<Record<string, unknown>>,
  { check }: CheckedField,
  others: Readonly<Record<string, unknown>>,
  errors: Violation[],
): Record<string, unknown> {
  const fields = Object.entries(record).filter(([name]) => !Object.hasOwn(others, name))
  return { ...Object.fromEntries(fields), [FREE]: check(others, '', errors) }
}

function noOperator(name: string): Violation {
  const message = 'has no operators: only fields that the document names have them'
  return { pointer: pointer(name), code: 'operator', message }
}

function missing(name: string): Violation {
  return { pointer: `/${name}`, code: 'required', message: 'must be there' }
}

function notWritable(model: CollectionModel, writable: ReadonlyMap<string, CheckedField>, name: string): Violation {
  return { pointer: pointer(name), code: 'unknown_field', message: whyNot(model, writable, name) }
}

function whyNot(model: CollectionModel, writable: ReadonlyMap<string, CheckedField>, name: string): string {
  const field = model.fields.get(name)
  if (field?.owner === true) return 'is set to the caller and can not be sent'
  if (field?.name === 'id' && model.ids === 'chosen') return 'is chosen at creation and can not be changed'
  if (field?.isState === true) return 'is changed by transitions and can not be sent'
  if (field?.system === true) return 'is set by the system and can not be sent'
  if (field?.computed !== undefined) return 'is computed and can not be sent'
  if (field?.readonly === true) return 'is read-only and can not be sent'
  const visible = [...writable.values()].filter((known) => !known.model.hidden).map((known) => known.model.name)
  return `is not a field of this collection.${didYouMean(name, visible)}`
}
