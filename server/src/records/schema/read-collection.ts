import { below } from '../../errors/pointer.ts'
import { FREE } from '../model.ts'
import { fieldAjvSchema } from './ajv-schema.ts'
import { checkName } from './check-name.ts'
import { checkRenames } from './check-renames.ts'
import { checkSequences } from './check-sequences.ts'
import type { CollectionDraft, FieldDraft, RawCollection } from './draft.ts'
import { draftStates, stateField } from './draft-states.ts'
import { FREE_COLUMN, snakeCase } from './naming.ts'
import { readField } from './read-field.ts'
import { meant, type Report } from './report.ts'
import { USERS, usersFields } from './users.ts'
import { completeValue, isSchema } from './value-schema.ts'
import { draftView } from './views/draft-view.ts'

/** A collection's names and types; undefined when its name is not one (and reported). */
export function readCollection(
  name: string,
  raw: RawCollection,
  pointer: string,
  report: Report,
): CollectionDraft | undefined {
  if (!checkName('collection', name, pointer, report)) return undefined
  const builtin = name === USERS
  const { view } = raw
  if (view !== undefined && !builtin) return draftView(name, { ...raw, view }, pointer, report)
  if (view !== undefined) report(below(pointer, 'view'), 'users have accounts, and are stored')
  if (builtin && raw.id !== undefined) report(below(pointer, 'id'), 'users have the ids that the server makes')
  if (builtin && raw.storage === 'memory') report(below(pointer, 'storage'), 'users are durable')
  if (raw.materialized !== undefined) {
    report(below(pointer, 'materialized'), "'materialized' is for a view, and its records are stored anyhow", {
      at: 'key',
    })
  }
  const ids = raw.id === undefined || builtin ? 'generated' : 'chosen'
  const fields = new Map<string, FieldDraft>()
  for (const field of [idField(raw, ids, pointer, report), ...(builtin ? usersFields(pointer) : [])])
    fields.set(field.name, field)
  for (const field of documentFields(raw, pointer, report, fields)) fields.set(field.name, field)
  const free = freeField(raw, pointer, report)
  if (free !== undefined) fields.set(free.name, free)
  for (const field of timeFields(pointer)) fields.set(field.name, field)
  const states =
    raw.states === undefined ? undefined : draftStates(raw.states, below(pointer, 'states'), fields, report)
  const state = states === undefined ? undefined : fields.get(states.field)
  if (states !== undefined && state !== undefined) fields.set(state.name, stateField(state, states))
  checkSequences(fields, builtin, report)
  return {
    name,
    tableName: snakeCase(name),
    pointer,
    raw,
    ids,
    storage: builtin ? 'durable' : (raw.storage ?? 'durable'),
    builtin,
    ...(states === undefined ? {} : { states }),
    fields,
  }
}

function documentFields(
  raw: RawCollection,
  pointer: string,
  report: Report,
  builtin: ReadonlyMap<string, FieldDraft>,
): FieldDraft[] {
  const properties = raw.schema?.properties ?? {}
  const required = raw.schema?.required ?? []
  const schemaPointer = below(pointer, 'schema')
  const fields: FieldDraft[] = []
  const columns = new Map<string, string>()
  for (const [name, schema] of Object.entries(properties)) {
    const at = below(schemaPointer, 'properties', name)
    if (builtin.has(name) && name !== 'id') {
      report(at, `users have '${name}' already`, { at: 'key' })
      continue
    }
    if (!isSchema(schema)) continue
    const field = readField(name, schema, required.includes(name), at, report)
    if (field === undefined) continue
    const other = columns.get(field.column)
    if (other !== undefined) report(at, `'${name}' and '${other}' are both '${field.column}' in SQL`, { at: 'key' })
    columns.set(field.column, name)
    fields.push(field)
  }
  checkRenames(fields, (name) => below(schemaPointer, 'properties', name), 'field', report)
  required.forEach((name, index) => {
    if (Object.hasOwn(properties, name) || (builtin.has(name) && name !== 'id')) return
    report(below(schemaPointer, 'required', index), `there is no field '${name}'`, meant(name, Object.keys(properties)))
  })
  return fields
}

const PLAIN = {
  required: true,
  readonly: false,
  hidden: false,
  immutable: false,
  owner: false,
  rawDefault: undefined,
} as const

function idField(raw: RawCollection, ids: CollectionDraft['ids'], pointer: string, report: Report): FieldDraft {
  const at = below(pointer, 'id')
  const plain = { ...PLAIN, name: 'id', column: 'id', pointer: at, system: ids === 'generated' }
  const uuid = { type: 'string', format: 'uuid' }
  const complete = (ids === 'chosen' && raw.id !== undefined && completeValue(raw.id, at, report, 'field')) || uuid
  const schema = fieldAjvSchema(complete)
  // A text that is a key is also a segment of a path.
  const isText = schema['type'] === 'string' && schema['format'] === 'text'
  return { ...plain, complete, schema: isText ? { ...schema, format: 'key' } : schema }
}

/** Keys that the document does not name, as one object. Hidden as a whole: what is in it is shown key by key. */
function freeField(raw: RawCollection, pointer: string, report: Report): FieldDraft | undefined {
  const values = raw.schema?.additionalProperties
  if (values === undefined || values === false) return undefined
  const at = below(pointer, 'schema', 'additionalProperties')
  const complete = completeValue({ type: 'object', additionalProperties: values }, at, report, 'field') ?? {}
  const schema = fieldAjvSchema({ ...complete, maxProperties: MAX_FREE_KEYS })
  return {
    ...PLAIN,
    name: FREE,
    column: FREE_COLUMN,
    pointer: at,
    system: false,
    hidden: true,
    rawDefault: {},
    complete,
    schema,
  }
}

/** More would rather be records of their own. */
const MAX_FREE_KEYS = 500

function timeFields(pointer: string): FieldDraft[] {
  const time = { type: 'string', format: 'date-time' }
  const count = { type: 'integer' }
  const field = (name: string, schema: FieldDraft['complete']): FieldDraft => ({
    ...PLAIN,
    name,
    column: snakeCase(name),
    pointer,
    system: true,
    complete: schema,
    schema,
  })
  return [field('createdAt', time), field('updatedAt', time), field('version', count)]
}
