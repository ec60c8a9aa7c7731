import type { Sql } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import { isIndependent } from '../batch/create-together.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { lazily } from '../lazily.ts'
import { type FieldModel, FREE, idField } from '../model.ts'
import { type CreateInput, createStatements } from '../statements/create.ts'
import type { UpdateStatements } from '../statements/locked-update.ts'
import type { RecordShape } from '../statements/shape.ts'
import { type UpdateInput, updateStatements } from '../statements/update.ts'
import { isWritable } from '../validate/create-validators.ts'
import { createValidators } from '../validate/index.ts'
import { createAtOnce } from './create-at-once.ts'
import { findByKey, type Key } from './find-by-key.ts'
import type { ImportOptions } from './import-options.ts'
import type { Incoming } from './incoming.ts'
import { needsRestoring, RESTORING, restorable, SYSTEM_FIELDS } from './restorable.ts'
import { rounds } from './rounds.ts'
import type { Failure, Part } from './tally.ts'
import { type Outcome, writeTogether } from './write-together.ts'

type Body = Readonly<Record<string, unknown>>

/** Stores records of one collection for one caller, as single operations would, in a transaction of somebody else. */
export interface Store {
  /** The fields that a record may bring. */
  readonly writable: readonly FieldModel[]
  /** Checks what needs no look at the database: while that is at work on the records before. */
  check(record: Incoming): void
  /** One statement for records that have been checked, ready to be sent; undefined where they need more than one. See {@link createAtOnce}. */
  atOnce(records: readonly Incoming[]): (() => Promise<readonly Incoming[]>) | undefined
  store(sql: Sql, records: readonly Incoming[]): Promise<Part>
}

/** Different sets of fields that updates may have at a time. */
const MOST_FORMS = 100

export function createStore(collection: Collection, caller: Caller, { by }: ImportOptions): Store {
  const { app } = collection
  const restores = caller.administrator !== undefined
  const model = restores ? restorable(collection.model, app.environment) : collection.model
  const restoring = restores && needsRestoring(model)
  const validators = restores ? createValidators(model) : collection.validators
  const onlyId: RecordShape = { fields: [idField(model)], expand: [] }
  const creating = lazily(() => createStatements(app, model, onlyId))
  const updating = new Map<string, UpdateStatements<UpdateInput>>()
  const refersToItself = [...model.fields.values()].some(({ reference }) => reference?.collection === model.name)
  const namesById = by?.length === 1 && by[0]?.name === 'id'
  const dropsId = namesById && model.ids === 'generated' && !restores

  const writable = [...model.fields.values()].filter((field) => isWritable(field) || (namesById && field.name === 'id'))

  return { writable, check, atOnce, store }

  function check(record: Incoming): void {
    if (by !== undefined) return
    const input = caught(() => inputOf(record.body))
    if (input instanceof Problem) record.problem = input
    else record.input = input
  }

  function atOnce(records: readonly Incoming[]): (() => Promise<readonly Incoming[]>) | undefined {
    if (by !== undefined || !isIndependent(collection) || !records.every(isChecked)) return undefined
    // What was made is told by its id.
    if (new Set(records.map(({ input }) => input.id)).size < records.length) return undefined
    return createAtOnce(app.deps.db, model, creating(), records, restoring)
  }

  async function store(sql: Sql, records: readonly Incoming[]): Promise<Part> {
    // For the rest of the transaction, which does nothing else.
    if (restoring) await sql.once(RESTORING)
    if (by === undefined) return create(sql, records)
    const part: Stored = { created: 0, updated: 0, failures: [] }
    // Records of one key one after the other, each finding what the one before has made.
    for (const round of rounds(keyed(records, by, part.failures), ({ key }) => JSON.stringify(key))) {
      await upsert(sql, round, by, part)
    }
    return part
  }

  /** Between the look and the write somebody else may have made the record, or deleted it: then it is looked for again. */
  async function upsert(sql: Sql, sent: readonly Keyed[], fields: readonly FieldModel[], part: Stored): Promise<void> {
    let rest = await found(sql, sent, fields)
    for (let attempt = 1; rest.length > 0; attempt++) {
      const updated = await update(
        sql,
        rest.flatMap(({ record, id }) => (id === undefined ? [] : [{ record, id }])),
      )
      const created = await create(
        sql,
        rest.flatMap(({ record, id }) => (id === undefined ? [record] : [])),
      )
      part.updated += updated.updated
      part.created += created.created
      const failures = new Map([...updated.failures, ...created.failures].map((failure) => [failure.line, failure]))
      const lost = attempt === ATTEMPTS ? [] : rest.filter(({ record }) => isLost(failures.get(record.line)))
      const before = new Map(lost.map(({ record, id }) => [record.line, id]))
      rest = (await found(sql, lost, fields)).filter(
        ({ record, id }) => (id === undefined) !== (before.get(record.line) === undefined),
      )
      for (const { record } of rest) failures.delete(record.line)
      part.failures.push(...failures.values())
    }
  }

  async function found(sql: Sql, sent: readonly Keyed[], fields: readonly FieldModel[]): Promise<Found[]> {
    if (sent.length === 0) return []
    const keys = sent.map(({ key }) => key)
    const ids = await findByKey(sql, app, collection.model, fields, caller, keys)
    return sent.map((one, index) => ({ ...one, id: ids[index] }))
  }

  async function create(sql: Sql, records: readonly Incoming[]): Promise<Part> {
    const failures: Failure[] = []
    const drafts: { readonly line: number; readonly input: CreateInput }[] = []
    for (const { line, body, input: checked } of records) {
      const input = checked ?? caught(() => inputOf(body))
      if (input instanceof Problem) failures.push({ line, problem: input })
      else drafts.push({ line, input })
    }
    const outcomes: Outcome[] = []
    // Where a rule looks the collection itself up, each has to see the one before.
    for (const group of isIndependent(collection) ? [drafts] : drafts.map((draft) => [draft])) {
      if (group.length === 0) continue
      const inputs = group.map(({ input }) => input)
      outcomes.push(...(await writeTogether(sql, { app, model }, creating(), inputs, refersToItself)))
    }
    const failed = failuresOf(drafts, outcomes)
    return { created: drafts.length - failed.length, updated: 0, failures: [...failures, ...failed] }
  }

  function inputOf(body: Body): CreateInput {
    if (dropsId) throw new Problem('not_found', 'There is no record with this id, and ids are made by the server')
    const values = validators.create(body)
    const id =
      model.ids === 'chosen' || (values['id'] !== undefined && values['id'] !== null)
        ? String(values['id'])
        : app.deps.newId()
    return { caller, id, values }
  }

  async function update(sql: Sql, known: readonly { readonly record: Incoming; readonly id: string }[]): Promise<Part> {
    const failures: Failure[] = []
    const forms = new Map<string, { readonly line: number; readonly id: string; readonly values: Body }[]>()
    for (const { record, id } of known) {
      const { line, body } = record
      const values = attempt(line, failures, () => valuesOf(changesOf(body)))
      if (values === undefined) continue
      const form = [...model.fields.keys()].filter((name) => Object.hasOwn(values, name)).join()
      const same = forms.get(form)
      if (same === undefined) forms.set(form, [{ line, id, values }])
      else same.push({ line, id, values })
    }
    let updated = 0
    for (const [form, drafts] of forms) {
      const inputs = drafts.map(({ id, values }) => ({ caller, id, version: null, values }))
      const failed = failuresOf(drafts, await writeTogether(sql, { app, model }, statementsOf(form), inputs, false))
      updated += drafts.length - failed.length
      failures.push(...failed)
    }
    return { created: 0, updated, failures }
  }

  /** Of keys that the document does not name, those that are left out stay, too, and null takes one away. */
  function valuesOf(body: Body): Body {
    const values = validators.set(body)
    if (!model.fields.has(FREE)) return values
    const gone = Object.entries(body).filter(([name, value]) => value === null && !model.fields.has(name))
    if (gone.length === 0) return values
    return { ...values, [FREE]: { ...Object.fromEntries(gone), ...(values[FREE] as Body | undefined) } }
  }

  /** The key is how the record was found, so it is no change of it; and what the system sets, states and numbers go on from what is stored. */
  function changesOf(body: Body): Body {
    const kept = Object.entries(body).filter(
      ([name]) => !(by?.some((field) => field.name === name) || (restores && isKept(name))),
    )
    return Object.fromEntries(kept)
  }

  function isKept(name: string): boolean {
    return (
      SYSTEM_FIELDS.includes(name) || name === model.states?.field || model.fields.get(name)?.sequence !== undefined
    )
  }

  function statementsOf(form: string): UpdateStatements<UpdateInput> {
    const known = updating.get(form)
    if (known !== undefined) return known
    if (updating.size >= MOST_FORMS) updating.clear()
    const names = new Set(form.split(','))
    const changes = [...collection.model.fields.values()]
      .filter(({ name }) => names.has(name))
      .map((field) => ({ field, operator: field.name === FREE ? ('merge' as const) : ('set' as const) }))
    const statements = updateStatements(app, collection.model, changes, onlyId)
    updating.set(form, statements)
    return statements
  }

  /** Each record with its key; one without is wrong. A field that is the caller counts without being sent. */
  function keyed(records: readonly Incoming[], fields: readonly FieldModel[], failures: Failure[]): Keyed[] {
    return records.flatMap((record) => {
      const key = attempt(record.line, failures, () =>
        fields.map(({ name, owner }) => {
          const value = record.body[name] ?? (owner && !restores ? caller.userId : undefined)
          if (value === undefined || value === null) throw keyless(name)
          return validators.field(name, value)
        }),
      )
      return key === undefined ? [] : [{ record, key }]
    })
  }
}

function isChecked(record: Incoming): record is Incoming & { readonly input: CreateInput } {
  return record.input !== undefined
}

interface Keyed {
  readonly record: Incoming
  readonly key: Key
}

/** The id of the one that there is. */
interface Found extends Keyed {
  readonly id: string | undefined
}

interface Stored {
  created: number
  updated: number
  readonly failures: Failure[]
}

/** How often a record is looked for that others make and delete. */
const ATTEMPTS = 5

/** What a record is told that was not there, or was there, unlike a moment before. */
function isLost(failure: Failure | undefined): boolean {
  return failure?.problem.code === 'not_found' || failure?.problem.code === 'unique_violation'
}

function attempt<T>(line: number, failures: Failure[], work: () => T): T | undefined {
  const result = caught(work)
  if (!(result instanceof Problem)) return result
  failures.push({ line, problem: result })
  return undefined
}

function caught<T>(work: () => T): T | Problem {
  try {
    return work()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

function failuresOf(drafts: readonly { readonly line: number }[], outcomes: readonly Outcome[]): Failure[] {
  return drafts.flatMap(({ line }, index) => {
    const problem = outcomes[index]
    return problem === undefined ? [] : [{ line, problem }]
  })
}

function keyless(name: string): Problem {
  const errors = [{ pointer: `/${name}`, code: 'required', message: 'must be there: it says which record it is' }]
  return new Problem('validation_failed', `${name} must be there`, { errors })
}
