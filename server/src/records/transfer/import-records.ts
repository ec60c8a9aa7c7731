import { setImmediate as turn } from 'node:timers/promises'
import type { Sql } from '../../db/database.ts'
import { DatabaseError, isForeignSchema } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { CollectionModel } from '../model.ts'
import { constraintProblem } from '../operations/constraint-problem.ts'
import { keepFacts } from '../operations/keep-facts.ts'
import { refuseWrite } from '../operations/read-only.ts'
import { isObject } from '../validate/merge-patch.ts'
import { chunksOf } from './chunks.ts'
import type { Gate } from './gate.ts'
import { importOptions } from './import-options.ts'
import type { ImportItem, ImportParameters, ImportTable, RunImport } from './import-types.ts'
import { type ReadRow, readColumns } from './read-columns.ts'
import { createReferences, type Incoming } from './resolve-references.ts'
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
        for await (const chunk of chunksOf(items)) {
          const { records, failures } = read(chunk, readRow, made)
          if (!references.areIn(records)) store.checkAhead(records)
          await before
          signal.throwIfAborted()
          before = storePart(records).then((part) => tally.add(withFailures(part, failures)))
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
              for await (const chunk of chunksOf(items)) {
                signal.throwIfAborted()
                if (late.aborted) throw new Problem('request_timeout', 'An atomic import may take 15 minutes')
                const { records, failures } = read(chunk, readRow, made)
                tally.add(withFailures(await storeAll(sql, records), failures))
                await turn()
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

  /** One transaction, unless the database refuses all of it at its end: then it is halved until who is at fault stands alone. */
  async function storePart(records: readonly Incoming[]): Promise<Part> {
    if (records.length === 0) return NOTHING
    try {
      return await db.transaction((sql) => storeAll(sql, records))
    } catch (error) {
      if (!(error instanceof DatabaseError) || isForeignSchema(error)) throw error
      const [first] = records
      if (first !== undefined && records.length === 1) {
        const problem = constraintProblem(error, model)
        if (problem instanceof Problem) return { ...NOTHING, failures: [{ line: first.line, problem }] }
        throw error
      }
      const middle = records.length >> 1
      return joined(await storePart(records.slice(0, middle)), await storePart(records.slice(middle)))
    }
  }

  async function storeAll(sql: Sql, sent: readonly Incoming[]): Promise<Part> {
    if (!references.areIn(sent)) return store.store(sql, sent)
    // Copies, for the transaction may be tried again.
    const records = sent.map((record) => ({ ...record }))
    await references.resolve(sql, records)
    const failures = records.flatMap(({ line, problem }) => (problem === undefined ? [] : [{ line, problem }]))
    const part = await store.store(
      sql,
      records.filter(({ problem }) => problem === undefined),
    )
    return withFailures(part, failures)
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

/** The bodies of records, and what is none. */
function read(
  items: readonly ImportItem[],
  readRow: ReadRow | undefined,
  made: ReadonlySet<string>,
): { records: Incoming[]; failures: Failure[] } {
  const records: Incoming[] = []
  const failures: Failure[] = []
  for (const item of items) {
    const { line } = item
    try {
      if ('problem' in item) throw item.problem
      const body = 'cells' in item ? readRow?.(item.cells) : item.value
      if (!isObject(body)) throw new Problem('malformed_request', 'A record must be a JSON object')
      records.push({ line, body: made.size === 0 ? body : without(body, made) })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      failures.push({ line, problem: error })
    }
  }
  return { records, failures }
}

/** What an export has of fields that are computed is passed over, so that it can be imported as it is: they are made anew. */
function madeFields({ fields }: CollectionModel): ReadonlySet<string> {
  return new Set(
    [...fields.values()].filter(({ computed, hidden }) => computed !== undefined && !hidden).map(({ name }) => name),
  )
}

function without(
  body: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)))
}
