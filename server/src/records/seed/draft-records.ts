import { pointer } from '../../errors/pointer.ts'
import { Problem, type Violation } from '../../errors/problem.ts'
import { toJs } from '../../expr/index.ts'
import type { Collection } from '../collection.ts'
import type { Collections } from '../section.ts'
import { createFieldChecks, type FieldChecks } from '../validate/field-check.ts'
import { keyOf, type Planted, type SeedRecord, type SeedReference, type SeedValue } from './model.ts'

/** A record as it is going to be made. */
export interface Draft {
  readonly record: SeedRecord
  readonly id: string
  /** By field; nothing in it refers to anything but ids. */
  readonly values: Readonly<Record<string, unknown>>
}

interface World {
  readonly collections: Collections
  readonly settings: Readonly<Record<string, unknown>>
  /** One instant for all. */
  readonly now: Date
}

/** Gives every record its id, so that others can refer to it, and works out its expressions. `planted` grows by them. */
export function draftRecords(
  records: readonly SeedRecord[],
  planted: Map<string, Planted>,
  { collections, settings, now }: World,
): readonly Draft[] {
  const checks = createFieldChecks()
  const variables = { now: now.toISOString(), settings }
  const errors: Violation[] = []
  const drafts = records.map((record): Draft => {
    const collection = collectionOf(collections, record)
    const values: Record<string, unknown> = {}
    for (const [name, value] of record.values) {
      const at = record.pointer + pointer(name)
      if ('items' in value) values[name] = value.items.map((item) => referred(item, planted))
      else if ('literal' in value) values[name] = value.literal
      else if ('expression' in value) values[name] = computed(collection, name, value, variables, at, checks, errors)
      else values[name] = referred(value, planted)
    }
    const { id: chosen, ...rest } = values
    const id = String(chosen ?? collection.app.deps.newId())
    planted.set(keyOf(record), { collection: record.collection, id })
    return { record, id, values: rest }
  })
  const [first] = errors
  if (first !== undefined)
    throw new Problem('validation_failed', `seed.yaml${first.pointer} ${first.message}`, { errors })
  return drafts
}

function referred(to: SeedReference, planted: ReadonlyMap<string, Planted>): unknown {
  return 'literal' in to ? to.literal : planted.get(keyOf(to))?.id
}

type Expression = Extract<SeedValue, { readonly expression: unknown }>

function computed(
  { model }: Collection,
  name: string,
  { expression }: Expression,
  variables: Readonly<Record<string, unknown>>,
  at: string,
  checks: FieldChecks,
  errors: Violation[],
): unknown {
  const field = model.fields.get(name)
  const value = toJs(expression)(variables)
  if (value === undefined || field === undefined) {
    errors.push({ pointer: at, code: 'expression', message: 'gives no value: something in it is an error' })
    return null
  }
  return value === null ? null : checks.of(field.schema)(value, at, errors)
}

export function collectionOf(collections: Collections, { collection }: Pick<SeedRecord, 'collection'>): Collection {
  const found = collections.get(collection)
  if (found === undefined) throw new Error(`There is no collection '${collection}'`)
  return found
}
