import type { Sql } from '../../db/database.ts'
import { DatabaseError, isForeignSchema } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { CollectionModel } from '../model.ts'
import { constraintProblem } from '../operations/constraint-problem.ts'
import { keepFacts } from '../operations/keep-facts.ts'
import { refuseWrite } from '../operations/read-only.ts'
import { chunksOf } from './chunks.ts'
import type { Gate } from './gate.ts'
import { importOptions } from './import-options.ts'
import type { ImportParameters, ImportTable, RunImport } from './import-types.ts'
import { type Incoming, readIncoming, sorted } from './incoming.ts'
import { readColumns } from './read-columns.ts'
import { createReferences } from './resolve-references.ts'
import { createStore } from './store-records.ts'
import { createTally, type Failure, type Part } from './tally.ts'

/** Milliseconds that all of an atomic import may take: its transaction holds what it has written. */
const LONGEST = 15 * 60_000

/**
 * Stores many records for one caller, each judged as by the operation that creates or updates it. Throws at once for what is wrong with the
 * request. In parts, each a transaction, no record fails for another; an atomic one is stored whole or not at all.
 */
export function importRecords(
  gate: Gate,
  collection: Collection,
  sender: Caller,
  parameters: ImportParameters,
  table: ImportTable | undefined,
): RunImport {
  const { app, model } = collection
  refuseWrite(model)
  const { db } = app.deps
  const caller = keepFacts(collection, sender)
  const options = importOptions(model, parameters)
  const store = createStore(collection, caller, options)
  const references = createReferences(app, model, caller)
  const made = madeFields(model)
  const readRow = table === undefined ? undefined : readColumns(app.collections, model, store.writable, made, table)

  return async (items, onProgress, signal) => {
    const tally = createTally(onProgress)
    try {
      if (options.atomic) await importWhole()
      else await importParts()
      return { ...tally.counts, errors: tally.errors }
    } catch (error) {
      if (!(error instanceof Problem) && !signal.aborted && !isForeignSchema(error)) {
        const requestId = caller.request.id
        app.deps.report({ type: 'records.import_stopped', app: app.slug, collection: model.name, requestId, error })
      }
      const counts = options.atomic ? { ...tally.counts, created: 0, updated: 0 } : tally.counts
      return { ...counts, errors: tally.errors, ...(error instanceof Undone ? {} : { stopped: error }) }
    }

    async function importParts(): Promise<void> {
      let before: Promise<void> = Promise.resolve()
      try {
        for await (const records of chunksOf(readIncoming(items, readRow, made, look))) {
          await resolveAhead(records, before)
          const { good, failures } = sorted(records)
          const send = store.atOnce(good)
          await before
          signal.throwIfAborted()
          before = storePart(good, send).then((part) => tally.add(withFailures(part, failures)))
          // It is awaited with the next part, and may fail before that is there.
          before.catch(() => {})
        }
      } catch (error) {
        await before.catch(() => {})
        throw error
      }
      await before
    }

    async function importWhole(): Promise<void> {
      const leave = gate.enter(caller)
      const late = AbortSignal.timeout(LONGEST)
      try {
        await db.session((session) =>
          session.transaction(
            async (sql) => {
              for await (const records of chunksOf(readIncoming(items, readRow, made, look))) {
                signal.throwIfAborted()
                if (late.aborted) throw new Problem('request_timeout', 'An atomic import may take 15 minutes')
                await resolve(sql, records.filter(needsKeys))
                const { good, failures } = sorted(records)
                tally.add(withFailures(await store.store(sql, good), failures))
              }
              if (tally.counts.failed > 0) throw new Undone()
            },
            { attempts: 1 },
          ),
        )
      } finally {
        leave()
      }
    }
  }

  /** What refers to others by their keys waits for these. */
  function look(records: readonly Incoming[]): void {
    for (const record of records) if (record.problem === undefined && !references.areIn(record)) store.check(record)
  }

  function needsKeys(record: Incoming): boolean {
    return record.problem === undefined && references.areIn(record)
  }

  /** While the records before are being stored, unless they could be what is looked for. */
  async function resolveAhead(records: readonly Incoming[], before: Promise<void>): Promise<void> {
    const keyed = records.filter(needsKeys)
    if (keyed.length === 0) return
    if (!references.areElsewhere) await before
    // Plans of this path go by the index, however small a table looks that grows while it is filled.
    await resolve(db.hot, keyed)
  }

  async function resolve(sql: Pick<Sql, 'once'>, keyed: readonly Incoming[]): Promise<void> {
    if (keyed.length === 0) return
    await references.resolve(sql, keyed)
    for (const record of keyed) if (record.problem === undefined) store.check(record)
  }

  /** By one statement, as far as that goes; what it leaves out is asked about. */
  async function storePart(records: readonly Incoming[], send: (() => Promise<readonly Incoming[]>) | undefined) {
    if (records.length === 0) return NOTHING
    if (send === undefined) return storeSlowly(records)
    const rest = await send()
    const part = { ...NOTHING, created: records.length - rest.length }
    return rest.length === 0 ? part : joined(part, await storeSlowly(rest))
  }

  /** One transaction, unless the database refuses all of it at its end: then it is halved until who is at fault stands alone. */
  async function storeSlowly(records: readonly Incoming[]): Promise<Part> {
    try {
      return await db.transaction((sql) => store.store(sql, records))
    } catch (error) {
      if (!(error instanceof DatabaseError) || isForeignSchema(error)) throw error
      const [first] = records
      if (first !== undefined && records.length === 1) {
        const problem = constraintProblem(error, model)
        if (problem instanceof Problem) return { ...NOTHING, failures: [{ line: first.line, problem }] }
        throw error
      }
      const middle = records.length >> 1
      return joined(await storeSlowly(records.slice(0, middle)), await storeSlowly(records.slice(middle)))
    }
  }
}

/** An atomic import with a record that failed. */
class Undone extends Error {}

const NOTHING: Part = { created: 0, updated: 0, failures: [] }

function withFailures(part: Part, failures: readonly Failure[]): Part {
  return failures.length === 0 ? part : { ...part, failures: [...part.failures, ...failures] }
}

function joined(one: Part, other: Part): Part {
  return {
    created: one.created + other.created,
    updated: one.updated + other.updated,
    failures: [...one.failures, ...other.failures],
  }
}

/** What an export has of fields that are computed is passed over, so that it can be imported as it is: they are made anew. */
function madeFields({ fields }: CollectionModel): ReadonlySet<string> {
  return new Set(
    [...fields.values()].filter(({ computed, hidden }) => computed !== undefined && !hidden).map(({ name }) => name),
  )
}
