import { didYouMean } from '../../errors/did-you-mean.ts'
import { below, segmentsOf } from '../../errors/pointer.ts'
import type { Violation } from '../../errors/problem.ts'
import type { CollectionModel } from '../model.ts'
import { isObject } from '../validate/index.ts'
import type { Data, Operation } from './operation.ts'

/** `{"$ref": "p"}`: the id of the record that an earlier operation of the batch names so. */
export interface Reference {
  readonly $ref: string
}

export function isReference(value: unknown): value is Reference {
  if (!isObject(value) || typeof value['$ref'] !== 'string') return false
  return Object.keys(value).length === 1
}

/** The ids behind the names, as JSON has them; undefined while nobody can know it (an upsert that has not happened). */
export interface Names {
  readonly places: ReadonlyMap<string, number>
  readonly ids: Map<string, unknown>
}

/** What names the operations give to their records; one that is given twice is told. */
export function namesOf(operations: readonly Operation[], errors: Violation[]): Names {
  const places = new Map<string, number>()
  operations.forEach(({ as, pointer }, index) => {
    if (as === undefined) return
    const first = places.get(as)
    if (first === undefined) places.set(as, index)
    else
      errors.push({
        pointer: below(pointer, 'as'),
        code: 'not_unique',
        message: `operation ${first} has this name already`,
      })
  })
  return { places, ids: new Map() }
}

/** A part of an operation with ids in the place of references; `waits` where an id is not known yet. */
export interface Resolved<T> {
  readonly value: T
  readonly waits: boolean
}

/**
 * Puts ids in the place of the references in the values of fields, in lists and in operands of operators. In a field that holds
 * objects `{"$ref": …}` is data.
 */
export function resolveData(
  { data, pointer, collection }: Operation,
  index: number,
  names: Names,
  errors: Violation[],
): Resolved<Data> {
  if (Array.isArray(data)) return resolvePatch(data, below(pointer, 'data'), collection.model, index, names, errors)
  const values = data as Readonly<Record<string, unknown>>
  let waits = false
  let resolved: Record<string, unknown> | undefined
  for (const name in values) {
    const value = values[name]
    if (typeof value !== 'object' || value === null || holdsObjects(collection.model, name)) continue
    const part = resolveValue(value, below(pointer, 'data', name), index, names, errors)
    waits ||= part.waits
    if (part.value === value) continue
    resolved ??= { ...values }
    resolved[name] = part.value
  }
  return { value: resolved ?? values, waits }
}

/** The same for the values of a JSON patch. */
function resolvePatch(
  operations: readonly unknown[],
  at: string,
  model: CollectionModel,
  index: number,
  names: Names,
  errors: Violation[],
): Resolved<readonly unknown[]> {
  const parts = operations.map((operation, place): Resolved<unknown> => {
    if (!isObject(operation) || holdsObjects(model, memberOf(operation['path']))) {
      return { value: operation, waits: false }
    }
    const { value, waits } = resolveValue(operation['value'], below(at, place, 'value'), index, names, errors)
    return { value: value === operation['value'] ? operation : { ...operation, value }, waits }
  })
  return { value: parts.map(({ value }) => value), waits: parts.some(({ waits }) => waits) }
}

function memberOf(path: unknown): string {
  return typeof path === 'string' ? (segmentsOf(path)[0] ?? '') : ''
}

/** A value with the references in it, and directly below it, resolved; the same one when there are none. */
export function resolveValue(
  value: unknown,
  at: string,
  index: number,
  names: Names,
  errors: Violation[],
): Resolved<unknown> {
  if (isReference(value)) return idOf(value, at, index, names, errors)
  if (Array.isArray(value)) return resolveItems(value, at, index, names, errors)
  if (!isObject(value)) return { value, waits: false }
  const [key, ...others] = Object.keys(value)
  if (key === undefined || others.length > 0 || !key.startsWith('$')) return { value, waits: false }
  const operand = resolveValue(value[key], below(at, key), index, names, errors)
  return operand.value === value[key]
    ? { value, waits: operand.waits }
    : { ...operand, value: { [key]: operand.value } }
}

function resolveItems(
  items: readonly unknown[],
  at: string,
  index: number,
  names: Names,
  errors: Violation[],
): Resolved<unknown> {
  if (!items.some(isReference)) return { value: items, waits: false }
  const parts = items.map((item, place) =>
    isReference(item) ? idOf(item, below(at, place), index, names, errors) : { value: item, waits: false },
  )
  return { value: parts.map(({ value }) => value), waits: parts.some(({ waits }) => waits) }
}

function idOf(
  { $ref: name }: Reference,
  pointer: string,
  index: number,
  { places, ids }: Names,
  errors: Violation[],
): Resolved<unknown> {
  const place = places.get(name)
  if (place !== undefined && place < index) return { value: ids.get(name), waits: !ids.has(name) }
  const known = [...places].filter(([, other]) => other < index).map(([other]) => other)
  const message =
    place === undefined
      ? `no operation has the name '${name.slice(0, 64)}'.${didYouMean(name.slice(0, 64), known)}`
      : `'${name}' is the name of ${place === index ? 'this operation' : `operation ${place}, which comes later`}`
  errors.push({ pointer, code: 'unknown_reference', message })
  return { value: undefined, waits: false }
}

/** Objects, and lists whose items may be objects, are kept as they are sent. */
function holdsObjects(model: CollectionModel, name: string): boolean {
  const field = model.fields.get(name)
  if (field === undefined) return false
  const { type, items } = field.schema
  if (type === 'object') return true
  return (
    type === 'array' &&
    field.type.pg === 'jsonb' &&
    (!isObject(items) || items['type'] === 'object' || items['type'] === undefined)
  )
}
