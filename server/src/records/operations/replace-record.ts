import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { appendOnly, refuseChange } from './append-only.ts'
import { versionOf } from './etag.ts'
import { notFound } from './get-record.ts'
import { keepFacts } from './keep-facts.ts'
import { readBack } from './read-back.ts'
import { parseId } from './record-id.ts'
import { replaceStored } from './replace-stored.ts'
import { type WriteOutput, writeOutput } from './write-output.ts'

export interface ReplaceInput {
  readonly id: string
  readonly body: unknown
  readonly ifMatch?: string | undefined
  /** `*`: only where there is no such record yet. */
  readonly ifNoneMatch?: string | undefined
  readonly prefer?: 'minimal' | 'representation' | undefined
}

const ATTEMPTS = 3

/** Puts a whole record in the place of another; where the collection allows chosen ids, also where there was none. */
export async function replaceRecord(
  collection: Collection,
  sender: Caller,
  input: ReplaceInput,
  access = collection.lanes,
): Promise<WriteOutput> {
  const caller = keepFacts(collection, sender)
  const { model } = collection
  if (model.ids === 'generated') refuseChange(model)
  const id = parseId(model, input.id)
  const version = versionOf(input.ifMatch)
  const createOnly = input.ifNoneMatch !== undefined
  if (createOnly && input.ifNoneMatch?.trim() !== '*') {
    throw new Problem('invalid_parameter', "'If-None-Match' of a PUT takes only *")
  }
  if (id === undefined) throw notFound(collection, input.id)
  const values = collection.validators.replace(withId(collection, input.body, id))
  const mayCreate = model.ids === 'chosen' && input.ifMatch === undefined

  for (let attempt = 1; ; attempt++) {
    try {
      if (!createOnly && !model.appendOnly)
        return await replaceStored(collection, access, { caller, id, version, values, prefer: input.prefer })
    } catch (error) {
      if (!mayCreate || !isProblem(error, 'not_found')) throw error
    }
    if (!mayCreate) throw notFound(collection, input.id)
    try {
      const row = await access.attempt(() => access.create({ caller, id, values }))
      return writeOutput(collection.model, 201, await readBack(collection, access, caller, row), input.prefer)
    } catch (error) {
      if (createOnly && isTakenId(error)) {
        throw new Problem('version_mismatch', 'The record exists already, and If-None-Match says it must not')
      }
      if (model.appendOnly && isTakenId(error)) throw appendOnly(error)
      // Somebody else created it in between, so now there is one to replace.
      if (!isTakenId(error) || attempt === ATTEMPTS) throw error
    }
  }
}

/** Ids are chosen in the path; in the body they may be repeated. */
function withId(collection: Collection, body: unknown, id: string): unknown {
  if (collection.model.ids !== 'chosen' || typeof body !== 'object' || body === null) return body
  const chosen: unknown = collection.model.fields.get('id')?.type.cel.kind === 'int' ? Number(id) : id
  const sent = (body as Readonly<Record<string, unknown>>)['id']
  const isSame = sent === chosen || (typeof sent === 'string' && parseId(collection.model, sent) === chosen)
  if (sent !== undefined && !isSame) {
    throw new Problem('validation_failed', "'id' in the body is another one than in the path", {
      errors: [{ pointer: '/id', code: 'mismatch', message: 'is another one than in the path' }],
    })
  }
  return { ...body, id: chosen }
}

function isProblem(error: unknown, code: Problem['code']): error is Problem {
  return error instanceof Problem && error.code === code
}

function isTakenId(error: unknown): boolean {
  return isProblem(error, 'unique_violation') && error.options.errors?.[0]?.pointer === '/id'
}
