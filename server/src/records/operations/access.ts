import type { Sql } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import type { Lane } from '../coalesce/lane.ts'
import type { Turns } from '../coalesce/turns.ts'
import type { CollectionModel } from '../model.ts'
import type { Change } from '../statements/change.ts'
import type { CreateInput, CreateStatements, WriteRow } from '../statements/create.ts'
import type { DeleteInput, DeleteStatements } from '../statements/delete.ts'
import type { FindInput, FindRow } from '../statements/find-by-key.ts'
import { type LockInput, lockStatement } from '../statements/lock.ts'
import type { ReadInput, ReadRow } from '../statements/read.ts'
import type { UpdateInput } from '../statements/update.ts'
import type { KeyPlans } from './key-plans.ts'
import type { FoundRecord } from './read-lane.ts'
import type { ReadPlans } from './read-plans.ts'
import type { UpdatePlans } from './update-plans.ts'
import { viewProblem } from './view-problem.ts'
import { writeInTransaction } from './write-in-transaction.ts'
import { writeProblem } from './write-problem.ts'

/**
 * How an operation reaches the records of a collection: through the lanes, together with what others ask for, or inside a
 * transaction, as a part of something larger. Operations are written once, for both.
 */
export interface Access {
  /** Null where there is no such record for the caller. */
  read(input: ReadInput): Promise<FoundRecord | null>
  /** The id of the record with this key; null where the caller may view none. */
  find(by: string, input: FindInput): Promise<string | null>
  create(input: CreateInput): Promise<WriteRow>
  update(changes: readonly Change[], input: UpdateInput): Promise<WriteRow>
  delete(input: DeleteInput): Promise<{ readonly id: string }>
  /** A read of one's own. */
  once: Sql['once']
  /** What may fail without taking along what was done before it: in a transaction, behind a savepoint. */
  attempt<T>(work: () => Promise<T>): Promise<T>
  /** Work on one record that goes one after the other. */
  inTurn<T>(key: string, work: () => Promise<T>): Promise<T>
  /** Work on a record that nobody else changes meanwhile; where the caller may not write it, nothing is held. */
  holding<T>(record: LockInput, work: (access: Access) => Promise<T>): Promise<T>
}

interface Lanes extends Statements {
  readonly creates: () => Lane<CreateInput, WriteRow>
  readonly deletes: () => Lane<DeleteInput, { readonly id: string }>
  readonly merges: Turns
}

export function laneAccess(lanes: Lanes): Access {
  const { app, model, reads, keys, creates, updates, deletes, merges } = lanes
  const { db } = app.deps
  return {
    read: (input) => reads.of(undefined, undefined).submit(input),
    find: (by, input) => keys.of(by).lane.submit(input),
    create: (input) => creates().submit(input),
    update: (changes, input) => updates.of(changes).submit(input),
    delete: (input) => deletes().submit(input),
    once: (text, params) => db.once(text, params, { idempotent: true }),
    attempt: (work) => work(),
    inTurn: (key, work) => merges.take(key, work),
    async holding(record, work) {
      const { text, inputs } = lockStatement(app, model, false)
      try {
        return await db.transaction(async (sql) => {
          await sql.once(text, inputs.params([record]))
          return work(transactionAccess(lanes, sql))
        })
      } catch (error) {
        throw error instanceof DatabaseError ? writeProblem(lanes, text, error) : error
      }
    },
  }
}

interface Statements {
  readonly app: AppRecords
  readonly model: CollectionModel
  readonly reads: ReadPlans
  readonly keys: KeyPlans
  readonly createStatements: () => CreateStatements
  readonly updates: UpdatePlans
  readonly deleteStatements: () => DeleteStatements
}

export function transactionAccess(collection: Statements, sql: Sql): Access {
  const { app, reads, keys, createStatements, updates, deleteStatements } = collection
  const explain = (text: string) => (error: unknown) => {
    throw viewProblem(app, text, error)
  }
  const access: Access = {
    async read(input) {
      const { text, inputs } = reads.whole()
      const asked = sql.query<ReadRow & Record<string, unknown>>(text, inputs.params([input]))
      const [row] = await asked.catch(explain(text))
      if (row === undefined || !row.live) throw new Problem('invalid_token', 'The session has ended')
      return row.json === null || row.version === null ? null : { version: row.version, json: row.json }
    },
    async find(by, input) {
      const { text, inputs } = keys.of(by).statement
      const asked = sql.query<FindRow & Record<string, unknown>>(text, inputs.params([input]))
      const [row] = await asked.catch(explain(text))
      if (row === undefined || !row.live) throw new Problem('invalid_token', 'The session has ended')
      return row.id
    },
    create: (input) => writeInTransaction(sql, collection, createStatements(), input),
    update: (changes, input) =>
      writeInTransaction(sql, collection, updates.statements(changes), input, { manyForms: true }),
    delete: (input) => writeInTransaction(sql, collection, deleteStatements(), input, { deleting: true }),
    once: sql.once,
    async attempt(work) {
      await sql.once('savepoint attempt')
      try {
        const result = await work()
        await sql.once('release savepoint attempt')
        return result
      } catch (error) {
        await sql.once('rollback to savepoint attempt; release savepoint attempt')
        throw error
      }
    },
    // The row is locked once it is written, and nobody else writes in this transaction.
    inTurn: (_, work) => work(),
    holding: (_, work) => work(access),
  }
  return access
}
