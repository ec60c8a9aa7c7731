import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { CheckedExpression } from '../../expr/index.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { collectionsRead } from '../computed.ts'
import type { WriteRow } from '../statements/create.ts'
import type { Access } from './access.ts'

/**
 * The row as its writer sees it. The statement that writes sees the tables as they were before it, so a rule that
 * looks the collection itself up (members may see members) is asked again in a read of its own.
 */
export async function readBack(
  collection: Collection,
  access: Access,
  caller: Caller,
  row: WriteRow,
): Promise<WriteRow> {
  if (!looksItselfUp(collection)) return row
  try {
    const found = await access.read({ caller, id: row.id })
    return { id: row.id, version: row.version, json: found === null ? null : found.json }
  } catch (error) {
    // The app has changed since the write, or a rule meets a row of a view that can't be computed. The write must not be done again, so
    // its answer is what is sure.
    const cause = error instanceof Problem ? error.cause : error
    if (cause instanceof DatabaseError) return { id: row.id, version: row.version, json: null }
    throw error
  }
}

const known = new WeakMap<Collection, boolean>()

function looksItselfUp(collection: Collection): boolean {
  let answer = known.get(collection)
  if (answer === undefined) {
    const { name, rules, fields } = collection.model
    const reading: CheckedExpression[] = [rules.view]
    for (const { rules: own, computed, whenRead } of fields.values()) {
      if (own.read !== undefined) reading.push(own.read)
      if (whenRead === true && computed !== undefined) reading.push(computed)
    }
    answer = collectionsRead(collection.app.collections, reading).has(name)
    known.set(collection, answer)
  }
  return answer
}
