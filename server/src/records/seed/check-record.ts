import { below } from '../../errors/pointer.ts'
import type { Violation } from '../../errors/problem.ts'
import type { CelType, Environment } from '../../expr/index.ts'
import { type CollectionModel, type FieldModel, FREE, idField, type ListModel } from '../model.ts'
import { compileExpression } from '../schema/compile-expression.ts'
import { settingsType } from '../schema/environment.ts'
import { meant, type Report } from '../schema/report.ts'
import { asSent } from '../schema/sent-value.ts'
import type { FieldChecks } from '../validate/field-check.ts'
import { isFreeKey } from '../validate/free-keys.ts'
import { isObject } from '../validate/merge-patch.ts'
import type { EntryDraft } from './drafts.ts'
import type { SeedRecord, SeedReference, SeedValue } from './model.ts'

export interface RecordContext {
  readonly collections: ReadonlyMap<string, CollectionModel>
  readonly environment: Environment
  /** Names of the app's roles. */
  readonly roles: ReadonlySet<string>
  readonly checks: FieldChecks
  readonly report: Report
  /** What names stand for. */
  readonly entries: ReadonlyMap<string, EntryDraft>
}

const PASSWORD = 'password'
/** Written by the system, and by administrators: so by seeds. */
const RIGHTS: ReadonlySet<string> = new Set(['roles', 'suspended'])

/** One record of an entry, with everything that is sent for it. */
export function checkRecord(
  raw: unknown,
  collection: string,
  pointer: string,
  context: RecordContext,
): Pick<SeedRecord, 'values' | 'password'> {
  const { report } = context
  const model = context.collections.get(collection)
  if (!isObject(raw) || model === undefined) {
    report(pointer, `a record of '${collection}' is a map of its fields`)
    return { values: new Map() }
  }
  const values = new Map<string, SeedValue>()
  for (const [name, value] of Object.entries(raw)) {
    if ((model.builtin && name === PASSWORD) || isFree(model, name)) continue
    const checked = checkField(model, name, value, below(pointer, name), context)
    if (checked !== undefined) values.set(name, checked)
  }
  const free = checkFree(model, raw, pointer, context)
  if (free !== undefined) values.set(FREE, free)
  for (const field of model.fields.values()) {
    const isGiven = Object.hasOwn(raw, field.name) && raw[field.name] !== null
    const isMade = field.system || [field.default, field.computed, field.sequence].some((maker) => maker !== undefined)
    if (field.required && !isMade && !isGiven) report(pointer, `'${field.name}' is missing`)
  }
  const password = model.builtin ? readPassword(raw, pointer, report) : undefined
  return password === undefined ? { values } : { values, password }
}

function readPassword(raw: Readonly<Record<string, unknown>>, pointer: string, report: Report): string | undefined {
  const password = raw[PASSWORD]
  if (password === undefined || typeof password === 'string') return password
  report(below(pointer, PASSWORD), 'a password is a text', { suggestion: 'quote it' })
  return undefined
}

/** Whether it is a key that the collection keeps beside its fields. */
function isFree({ fields }: CollectionModel, name: string): boolean {
  return fields.has(FREE) && !fields.has(name) && isFreeKey(name)
}

/** They are kept as they are: what begins with `=` would be an expression, and those are for fields. */
function checkFree(
  model: CollectionModel,
  raw: Readonly<Record<string, unknown>>,
  pointer: string,
  { checks, report }: RecordContext,
): SeedValue | undefined {
  const field = model.fields.get(FREE)
  const entries = Object.entries(raw).filter(([name, value]) => isFree(model, name) && value !== null)
  if (field === undefined || entries.length === 0) return undefined
  for (const [name, value] of entries) {
    if (typeof value !== 'string' || !value.startsWith('=')) continue
    report(below(pointer, name), 'a key that is no field has no expressions', { suggestion: 'make it a field' })
  }
  const errors: Violation[] = []
  const literal = checks.of(field.schema)(Object.fromEntries(entries), '', errors)
  for (const error of errors) report(pointer + error.pointer, `the value ${error.message}`)
  return { literal }
}

function checkField(
  model: CollectionModel,
  name: string,
  raw: unknown,
  pointer: string,
  context: RecordContext,
): SeedValue | undefined {
  const { report } = context
  const field = model.fields.get(name)
  if (field === undefined || name === FREE) {
    const known = [...model.fields.values()].filter((one) => canBeSeeded(model, one)).map((one) => one.name)
    const names = [...known.filter((one) => one !== FREE), ...(model.builtin ? [PASSWORD] : [])]
    report(pointer, `'${model.name}' has no field '${name}'`, { at: 'key', ...meant(name, names) })
    return undefined
  }
  if (!canBeSeeded(model, field)) {
    report(pointer, `'${name}' is ${whoseMaking(field)}`, { at: 'key' })
    return undefined
  }
  // That a required field has none is told of the record.
  if (raw === null) return { literal: null }
  if (model.builtin && name === 'roles') return checkRoles(raw, pointer, context)
  if (field.reference !== undefined) return checkReference(field, field.reference.collection, raw, pointer, context)
  if (field.list !== undefined && Array.isArray(raw)) return checkReferences(field, field.list, raw, pointer, context)
  if (typeof raw === 'string' && raw.startsWith('=')) return checkExpression(field, raw, pointer, context)
  return checkLiteral(model, field, asSent(raw, field.type), pointer, context)
}

function whoseMaking({ computed, sequence }: FieldModel): string {
  if (computed !== undefined) return 'computed'
  return sequence === undefined ? 'set by the system' : 'given by its sequence'
}

function canBeSeeded(model: CollectionModel, { name, system, computed, sequence }: FieldModel): boolean {
  if (computed !== undefined || sequence !== undefined) return false
  return !system || name === 'id' || (model.builtin && RIGHTS.has(name))
}

function checkLiteral(
  model: CollectionModel,
  field: FieldModel,
  value: unknown,
  pointer: string,
  { checks, report }: RecordContext,
): SeedValue {
  const errors: Violation[] = []
  // As an account's own operations have it: two spellings of an address are one account.
  const lowerCase = model.builtin && field.name === 'email'
  const stored = checks.of(field.schema, { lowerCase })(value, '', errors)
  for (const error of errors) report(pointer + error.pointer, `'${field.name}' ${error.message}`)
  return { literal: stored }
}

function checkRoles(raw: unknown, pointer: string, { roles, report }: RecordContext): SeedValue {
  if (!Array.isArray(raw)) report(pointer, 'roles are a list of names', { suggestion: 'roles: [admin]' })
  const list: readonly unknown[] = Array.isArray(raw) ? raw : []
  list.forEach((role, index) => {
    if (typeof role === 'string' && roles.has(role)) return
    report(below(pointer, index), `the app has no role '${String(role)}'`, meant(String(role), roles))
  })
  return { literal: [...new Set(list)] }
}

function checkExpression(
  field: FieldModel,
  raw: string,
  pointer: string,
  { environment, report }: RecordContext,
): SeedValue | undefined {
  const variables = new Map<string, CelType>([
    ['now', { kind: 'timestamp', nullable: false }],
    ['settings', settingsType(environment)],
  ])
  const place = { pointer, prefix: 1, variables, expect: field.type, lookups: false }
  const expression = compileExpression(raw.slice(1), environment, place, report)
  return expression === undefined ? undefined : { expression }
}

/** A list of references: names and ids, in their order. */
function checkReferences(
  field: FieldModel,
  { collection, ids }: ListModel,
  raw: readonly unknown[],
  pointer: string,
  context: RecordContext,
): SeedValue {
  const one = { ...field, type: ids, schema: field.schema['items'] as FieldModel['schema'] }
  const items = raw.flatMap(
    (item, index) => checkReference(one, collection, item, below(pointer, index), context) ?? [],
  )
  return { items }
}

/** A record of the set by its name, `seats.0` for one of a list; or an id. */
function checkReference(
  field: FieldModel,
  target: string,
  raw: unknown,
  pointer: string,
  context: RecordContext,
): SeedReference | undefined {
  const { entries, collections, checks, report } = context
  if (typeof raw === 'string' && raw.startsWith('=')) {
    report(pointer, `'${field.name}' refers to a record: its name in the seed is expected, or an id`)
    return undefined
  }
  const [name = '', index, more] = String(raw).split('.')
  const entry = more === undefined ? entries.get(name) : undefined
  const model = collections.get(target)
  // A row of a view goes by the name of the record whose id it has.
  const named = model?.view?.idsOf ?? target
  if (entry !== undefined) return checkNamed(entry, index, named, pointer, report)

  const type = model === undefined ? field.type : idField(model).type
  const errors: Violation[] = []
  const id = checks.of(field.schema)(asSent(raw, type), '', errors)
  if (errors.length === 0) return { literal: id }
  const fitting = [...entries.values()].filter((one) => one.collection === named).map((one) => one.name)
  const list = fitting.length > 0 && fitting.length <= 8 ? { suggestion: `possible are ${fitting.join(', ')}` } : {}
  const near = meant(name, fitting)
  report(pointer, `'${String(raw)}' is neither the name of a record in this set nor an id`, {
    ...(near.suggestion === undefined ? list : near),
  })
  return undefined
}

const INDEX = /^(?:0|[1-9][0-9]{0,5})$/

function checkNamed(
  entry: EntryDraft,
  index: string | undefined,
  target: string,
  pointer: string,
  report: Report,
): SeedReference | undefined {
  const { set, name, collection, many, raw } = entry
  if (collection !== target) {
    report(pointer, `'${name}' is of '${collection}', not of '${target}'`)
    return undefined
  }
  if (!many && index === undefined) return { set, name, position: 0 }
  if (!many) {
    report(pointer, `'${name}' is one record, no list`, { suggestion: `write ${name}` })
    return undefined
  }
  if (index !== undefined && INDEX.test(index) && Number(index) < raw.length)
    return { set, name, position: Number(index) }
  report(pointer, `'${name}' is a list of ${raw.length} records`, { suggestion: `name one of them: ${name}.0` })
  return undefined
}
