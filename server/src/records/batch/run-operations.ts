import type { Sql } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import { transactionAccess } from '../operations/access.ts'
import { deleteRecord } from '../operations/delete-record.ts'
import { readBack } from '../operations/read-back.ts'
import { replaceRecord } from '../operations/replace-record.ts'
import { updateRecord } from '../operations/update-record.ts'
import { upsertRecord } from '../operations/upsert-record.ts'
import { type WriteOutput, writeOutput } from '../operations/write-output.ts'
import { createTogether, groupAt } from './create-together.ts'
import { lockRecords } from './lock-records.ts'
import { idAsJson, type Preparation, type Prepared, withValues } from './prepare.ts'
import { problemAt } from './problem-at.ts'
import { resolveData, resolveValue } from './references.ts'

export interface RunOptions {
  readonly prefer: 'minimal' | 'representation' | undefined
  /** Whether creates that come together may be one statement. */
  readonly together: boolean
  /** Nobody waits for the answer any more. */
  readonly isAborted: () => boolean
}

/** What an operation has written; of a delete, the id, and no version. */
export type Done = Pick<WriteOutput, 'id' | 'version' | 'body'> & { readonly status: 200 | 201 | 204 }

/** Does one operation after the other, each seeing what the ones before it have written. Throws the problem of the first that fails. */
export async function runOperations(
  sql: Sql,
  caller: Caller,
  { operations, names }: Preparation,
  { prefer, together, isAborted }: RunOptions,
): Promise<readonly Done[]> {
  const done: Done[] = []
  await lockRecords(sql, caller, operations)
  while (done.length < operations.length) {
    if (isAborted())
      throw new Problem('unavailable', 'The batch took too long, and nothing of it happened', { retryAfter: 1 })
    const group = together ? groupAt(operations, done.length) : []
    if (group.length > 1) {
      const rows = await createTogether(sql, caller, group)
      rows.forEach((row, place) => {
        const collection = group[place]?.collection
        if (collection !== undefined) done.push(writeOutput(collection.model, 201, row, prefer))
      })
      continue
    }
    const operation = operations[done.length]
    if (operation === undefined) break
    done.push(await placed(operation, () => runOne(resolved(operation, done.length))))
  }
  return done

  /** What had to wait for an upsert is known by now. */
  function resolved(operation: Prepared, index: number): Prepared {
    if (!operation.waits) return operation
    const body = resolveData(operation, index, names, []).value
    const id = resolveValue(operation.id, operation.pointer, index, names, []).value
    return { ...operation, body, id }
  }

  async function runOne(operation: Prepared): Promise<Done> {
    const { kind, collection, body, id, ifMatch, by = '', as } = operation
    const access = transactionAccess(collection, sql)
    const target = { id: String(id), ifMatch }
    if (kind === 'delete') {
      await deleteRecord(collection, caller, target, access)
      return { status: 204, id: target.id, version: '', body: 'null' }
    }
    if (kind === 'create') {
      const { values = {}, newId = '' } = operation.values === undefined ? withValues(operation, names) : operation
      const row = await access.create({ caller, id: newId, values })
      return writeOutput(collection.model, 201, await readBack(collection, access, caller, row), prefer)
    }
    if (kind === 'update') return updateRecord(collection, caller, { ...target, body, prefer }, access)
    if (kind === 'replace') return replaceRecord(collection, caller, { ...target, body, prefer }, access)
    const written = await upsertRecord(collection, caller, { by, body, prefer }, access)
    if (as !== undefined) names.ids.set(as, idAsJson(operation, written.id))
    return written
  }
}

async function placed<T>({ pointer }: Prepared, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Problem ? problemAt(error, pointer) : error
  }
}
