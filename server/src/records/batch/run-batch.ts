import type { Sql } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { Outdated } from '../../errors/outdated.ts'
import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import type { Caller } from '../caller.ts'
import { namesIn } from '../json-patch/read-patch.ts'
import { constraintProblem } from '../operations/constraint-problem.ts'
import { asSeenNow } from '../operations/create-once.ts'
import { claimKey, fingerprintOf, holderOfKey, type KeyNames } from '../operations/idempotency-key.ts'
import { keepFacts } from '../operations/keep-facts.ts'
import { TakenBack } from '../operations/rehearse.ts'
import { writeOutput } from '../operations/write-output.ts'
import { constraintsOf, rowsOf } from '../schema/index.ts'
import { OneByOne } from './create-together.ts'
import type { Kind, Operation } from './operation.ts'
import { prepare } from './prepare.ts'
import { type FoundCollections, readOperations } from './read-operations.ts'
import { type Done, runOperations } from './run-operations.ts'

export interface BatchInput {
  /** `{operations: […]}` */
  readonly body: Readonly<Record<string, unknown>>
  readonly prefer?: 'minimal' | 'representation' | undefined
  readonly idempotencyKey?: string | undefined
  /** Everything is done, and taken back. */
  readonly validateOnly?: boolean
  /** Nobody waits for the answer any more: then nothing happens. */
  readonly isAborted: () => boolean
}

export interface BatchOutput {
  /** `{results: […]}`: of each operation what it alone would answer, null for a delete. */
  readonly body: string
  /** What was written; nothing of a replayed one. */
  readonly writes: readonly BatchWrite[]
  readonly replayed?: boolean
}

export interface BatchWrite {
  readonly kind: Kind
  readonly created: boolean
  readonly collection: string
  readonly id: string
  readonly fields: readonly string[]
}

/** What is kept of a batch under its key: collection, id and version of what each operation wrote. */
type Kept = readonly (readonly [collection: string, id: string, version: string] | null)[]

/** Writes of one caller to any collections of an app, in their order: all of them happen, or none. */
export async function runBatch(
  app: AppRecords,
  collections: FoundCollections,
  sender: Caller,
  input: BatchInput,
): Promise<BatchOutput> {
  const caller = keepFacts({ app }, sender)
  const { prefer, idempotencyKey: key, isAborted } = input
  const names: KeyNames | undefined = key === undefined ? undefined : [app.slug, holderOfKey(caller, key), 'batch', key]
  const operations = readOperations(input.body, collections)
  const preparation = prepare(operations)

  const work = (together: boolean) => async (sql: Sql) => {
    const kept = names === undefined ? undefined : await claimKey(sql, names, fingerprintOf(input.body))
    if (kept !== undefined) return { kept: JSON.parse(kept.results ?? '[]') as Kept }
    const done = await runOperations(sql, caller, preparation, { prefer, together, isAborted })
    await sql.once('set constraints all immediate')
    if (input.validateOnly === true) throw new TakenBack()
    if (names !== undefined) await keep(sql, names, operations, done)
    return { done }
  }
  const { transaction } = app.deps.db
  try {
    const outcome = await transaction(work(true)).catch((error: unknown) => {
      if (error instanceof OneByOne) return transaction(work(false))
      throw error
    })
    if ('done' in outcome) return outputOf(operations, outcome.done)
    return { ...(await replay(collections, caller, outcome.kept, prefer)), replayed: true }
  } catch (error) {
    if (error instanceof TakenBack) return { body: '', writes: [] }
    throw error instanceof DatabaseError ? deferredProblem(error, operations) : error
  }
}

function outputOf(operations: readonly Operation[], done: readonly Done[]): BatchOutput {
  const writes = done.map(({ id, status }, index): BatchWrite => {
    const { kind = 'create', collection, data = {} } = operations[index] ?? {}
    const fields = namesIn(data)
    return { kind, created: status === 201, collection: collection?.model.name ?? '', id, fields }
  })
  return { body: `{"results":[${done.map(({ body }) => body).join(',')}]}`, writes }
}

async function keep(sql: Sql, names: KeyNames, operations: readonly Operation[], done: readonly Done[]): Promise<void> {
  const kept: Kept = done.map(({ id, status, version }, index) =>
    status === 204 ? null : [operations[index]?.collection.model.name ?? '', id, version],
  )
  await sql.query(
    'update roadbase.idempotency_keys set results = $5 where app = $1 and user_id = $2::uuid and route = $3 and key = $4',
    [...names, JSON.stringify(kept)],
  )
}

/** The records as their writer sees them now: who may not view one any more is told its id alone. */
async function replay(
  collections: FoundCollections,
  caller: Caller,
  kept: Kept,
  prefer: BatchInput['prefer'],
): Promise<BatchOutput> {
  const bodies = await Promise.all(
    kept.map(async (one) => {
      if (one === null) return 'null'
      const [name, id, version] = one
      const collection = collections.get(name)
      // It was there in an earlier version of the app.
      if (collection === undefined) return JSON.stringify({ id, version: Number(version) })
      return writeOutput(collection.model, 200, await asSeenNow(collection, caller, { id, version }), prefer).body
    }),
  )
  return { body: `{"results":[${bodies.join(',')}]}`, writes: [] }
}

/** A constraint that is looked at in the end belongs to the batch as a whole; whose it is, its name tells. */
function deferredProblem(error: DatabaseError, operations: readonly Operation[]): Error {
  const models = [...new Set(operations.map(({ collection }) => collection.model))]
  const { constraint = '', schema = '', table = '' } = error
  const model =
    models.find((one) => constraintsOf(one).has(constraint)) ??
    models.find((one) => rowsOf(one) === `"${schema}"."${table}"`) ??
    models[0]
  if (model === undefined) return error
  const problem = constraintProblem(error, model)
  if (!(problem instanceof Problem) || problem instanceof Outdated) return problem
  const { code, detail, options } = problem
  return new Problem(code, detail, { ...options, errors: [{ pointer: '/operations', code, message: detail }] })
}
