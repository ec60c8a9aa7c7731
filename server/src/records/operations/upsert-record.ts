import { Problem, type Violation } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { FieldModel } from '../model.ts'
import type { Access } from './access.ts'
import { refuseChange } from './append-only.ts'
import { keepFacts } from './keep-facts.ts'
import { readBack } from './read-back.ts'
import { refuseWrite } from './read-only.ts'
import { replaceStored } from './replace-stored.ts'
import { type WriteOutput, writeOutput } from './write-output.ts'

export interface UpsertInput {
  /** The fields of a unique key: `email`, `owner,slug`. */
  readonly by: string
  readonly body: unknown
  readonly prefer?: 'minimal' | 'representation' | undefined
}

/** How often somebody else may get in between. */
const ATTEMPTS = 10
/** How often in a row a record with the key is there and is not found. */
const REFUSALS = 2

/**
 * Replaces the record with this key, or creates it where there is none. The rules that are asked are those of what happens.
 * A record that the caller may not view is not replaced: its key is taken, as a create would tell.
 *
 *     find ──the caller may view it──▶ replace ──▶ done
 *       │                                 └─ gone, or has another key by now: find again
 *       └─none──▶ create ──▶ done
 *                   └─ the key is taken: find again; still none for this caller: taken
 */
export async function upsertRecord(
  collection: Collection,
  sender: Caller,
  input: UpsertInput,
  access = collection.lanes,
): Promise<WriteOutput> {
  refuseWrite(collection.model)
  const caller = keepFacts(collection, sender)
  const { fields } = collection.keys.of(input.by)
  const values = collection.validators.replace(input.body)
  const key = keyValues(fields, caller, values)
  const upsert = { caller, by: input.by, fields, key, values, prefer: input.prefer }
  const first = await attempt(collection, access, upsert)
  if ('written' in first) return first.written
  // Who loses a race gets in line behind the others with the same key.
  return access.inTurn(JSON.stringify([input.by, key]), () => repeat(collection, access, upsert))
}

interface Upsert {
  readonly caller: Caller
  readonly by: string
  readonly fields: readonly FieldModel[]
  readonly key: Readonly<Record<string, unknown>>
  readonly values: Readonly<Record<string, unknown>>
  readonly prefer: UpsertInput['prefer']
}

/** Written, or not: because the key is taken by a record that was not found, or because the record that was found has gone. */
type Attempted = { readonly written: WriteOutput } | { readonly taken: Problem } | { readonly gone: true }

async function repeat(collection: Collection, access: Access, upsert: Upsert): Promise<WriteOutput> {
  let refusals = 0
  for (let count = 1; count <= ATTEMPTS; count++) {
    const attempted = await attempt(collection, access, upsert)
    if ('written' in attempted) return attempted.written
    refusals = 'taken' in attempted ? refusals + 1 : 0
    // A record that comes and goes may be missed once; one that is never found may not be viewed.
    if ('taken' in attempted && refusals === REFUSALS) throw attempted.taken
  }
  throw new Problem('conflict', 'The record is being changed by others all the time')
}

async function attempt(collection: Collection, access: Access, upsert: Upsert): Promise<Attempted> {
  const { caller, by, fields, key, values, prefer } = upsert
  const id = await access.find(by, { caller, values: key })
  try {
    if (id === null) return { written: await create(collection, access, caller, values, prefer) }
    refuseChange(collection.model)
    refuseOtherId(collection, id, values)
    const replacement = { caller, id, version: null, values, key, prefer }
    return { written: await access.attempt(() => replaceStored(collection, access, replacement)) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (isTaken(error, fields)) return id === null ? { taken: error } : { gone: true }
    if (id !== null && hasGone(error)) return { gone: true }
    throw error
  }
}

async function create(
  collection: Collection,
  access: Access,
  caller: Caller,
  values: Readonly<Record<string, unknown>>,
  prefer: UpsertInput['prefer'],
): Promise<WriteOutput> {
  const { app, model } = collection
  const id = model.ids === 'chosen' ? String(values['id']) : app.deps.newId()
  const row = await access.attempt(() => access.create({ caller, id, values }))
  return writeOutput(model, 201, await readBack(collection, access, caller, row), prefer)
}

/** Without a value there is nothing to find a record by: nulls are never equal. */
function keyValues(
  fields: readonly FieldModel[],
  { userId }: Caller,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const key = Object.fromEntries(fields.map(({ name, owner }) => [name, owner ? userId : (values[name] ?? null)]))
  const errors = fields.flatMap(({ name, owner }): Violation[] => {
    if (key[name] !== null) return []
    const message = owner ? 'is the caller, who has to be signed in for this' : "must be there, for 'by' names it"
    return [{ pointer: `/${name}`, code: 'required', message }]
  })
  const [first] = errors
  if (first === undefined) return key
  throw new Problem('validation_failed', `${first.pointer.slice(1)} ${first.message}`, { errors })
}

/** A chosen id is a part of the record, and can not be changed. */
function refuseOtherId({ model }: Collection, id: string, values: Readonly<Record<string, unknown>>): void {
  if (model.ids !== 'chosen' || String(values['id']) === id) return
  throw new Problem('immutable_field', 'The record with this key has another id', {
    errors: [{ pointer: '/id', code: 'immutable', message: 'can not be changed' }],
  })
}

function isTaken(error: Problem, fields: readonly FieldModel[]): boolean {
  if (error.code !== 'unique_violation') return false
  const pointers = error.options.errors?.map(({ pointer }) => pointer) ?? []
  return pointers.length === fields.length && fields.every(({ name }) => pointers.includes(`/${name}`))
}

/** Deleted, hidden or changed since it was found. */
function hasGone({ code }: Problem): boolean {
  return code === 'not_found' || code === 'conflict'
}
