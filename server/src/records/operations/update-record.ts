import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { CollectionModel } from '../model.ts'
import type { Change } from '../statements/change.ts'
import type { WriteRow } from '../statements/create.ts'
import type { LockInput } from '../statements/lock.ts'
import type { Changes } from '../validate/index.ts'
import type { Access } from './access.ts'
import { refuseChange } from './append-only.ts'
import { versionOf } from './etag.ts'
import { notFound } from './get-record.ts'
import { keepFacts } from './keep-facts.ts'
import { mergeStored } from './merge-stored.ts'
import { patchStored } from './patch-stored.ts'
import { readBack } from './read-back.ts'
import { parseId } from './record-id.ts'
import { type WriteOutput, writeOutput } from './write-output.ts'

export interface UpdateInput {
  readonly id: string
  readonly body: unknown
  readonly ifMatch?: string | undefined
  readonly prefer?: 'minimal' | 'representation' | undefined
}

/** How often a merge into a stored object is made again because the record changed in between. */
const ATTEMPTS = 5

/**
 * Changes the fields that the body names: an object is a merge patch (RFC 7396) whose values may be operators, an array a JSON
 * patch (RFC 6902).
 */
export async function updateRecord(
  collection: Collection,
  sender: Caller,
  input: UpdateInput,
  access = collection.lanes,
): Promise<WriteOutput> {
  refuseChange(collection.model)
  const caller = keepFacts(collection, sender)
  const id = parseId(collection.model, input.id)
  const make = readChange(collection, input.body)
  const version = versionOf(input.ifMatch)
  if (id === undefined) throw notFound(collection, input.id)
  const target = { caller, id, version }
  const row =
    'values' in make
      ? await write(collection, access, target, make)
      : await makeAndWrite(collection, access, target, make.of)
  return writeOutput(collection.model, 200, await readBack(collection, access, caller, row), input.prefer)
}

interface Target {
  readonly caller: Caller
  readonly id: string
  readonly version: string | null
}

type Sent = Omit<Changes, 'merges'>

/** What is made of the stored record, and of which version of it. */
type Make = (access: Access, target: Target) => Promise<Sent & { readonly version: string }>

/** What the body asks for: changes that are known already, or that have to be made of what is stored. */
function readChange(collection: Collection, body: unknown): Sent | { readonly of: Make } {
  const { validators } = collection
  if (Array.isArray(body)) {
    const patch = validators.patch(body)
    return { of: (access, target) => patchStored(collection, access, target, patch) }
  }
  const { merges, ...changes } = validators.update(body)
  if (hasNone(merges)) return changes
  return {
    of: async (access, { caller, id }) => {
      const merged = await mergeStored(collection, access, caller, id, merges)
      return { ...changes, values: { ...changes.values, ...merged.values }, version: merged.version }
    },
  }
}

/**
 * Who loses a race gets in line behind the others of the record, so that many at once all come through. Only then,
 * so that nobody who may not write it can make its writers wait. Those who come meanwhile may still be quicker, time and again:
 * then the record is held.
 */
async function makeAndWrite(collection: Collection, access: Access, target: Target, make: Make): Promise<WriteRow> {
  const { caller, id, version } = target
  const attempt = async (through: Access): Promise<WriteRow | undefined> => {
    const made = await make(through, target)
    try {
      return await write(collection, through, { ...target, version: version ?? made.version }, made)
    } catch (error) {
      const raced = error instanceof Problem && error.code === 'version_mismatch' && version === null
      if (raced) return undefined
      throw error
    }
  }
  return (await attempt(access)) ?? (await access.inTurn(id, () => repeat(access, { caller, id }, attempt)))
}

async function repeat(
  access: Access,
  record: LockInput,
  attempt: (through: Access) => Promise<WriteRow | undefined>,
): Promise<WriteRow> {
  for (let count = 1; count <= ATTEMPTS; count++) {
    const row = await attempt(access)
    if (row !== undefined) return row
  }
  const row = await access.holding(record, attempt)
  if (row !== undefined) return row
  throw new Problem('unavailable', 'The record is being changed by others all the time', { retryAfter: 1 })
}

function write({ model }: Collection, access: Access, { caller, id, version }: Target, sent: Sent): Promise<WriteRow> {
  const { changes, operands } = changesOf(model, sent)
  return access.update(changes, { caller, id, version, values: operands })
}

/** What an update does to each field. They are in the collection's order, so that every order of a body is one statement. */
export function changesOf(
  model: CollectionModel,
  { values, operations }: Sent,
): { readonly changes: readonly Change[]; readonly operands: Readonly<Record<string, unknown>> } {
  const operands: Record<string, unknown> = { ...values }
  for (const { field, operand } of operations) operands[field] = operand
  const changes: Change[] = []
  for (const field of model.fields.values()) {
    if (!Object.hasOwn(operands, field.name)) continue
    const operation = operations.length === 0 ? undefined : operations.find((other) => other.field === field.name)
    changes.push({ field, operator: operation?.operator ?? 'set' })
  }
  return { changes, operands }
}

function hasNone(object: object): boolean {
  for (const _ in object) return false
  return true
}
