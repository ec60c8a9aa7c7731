import type { Database } from '../../db/database.ts'
import { DatabaseError, isForeignSchema } from '../../db/database-error.ts'
import type { CollectionModel } from '../model.ts'
import type { CreateInput, CreateStatements, ManyRow } from '../statements/create.ts'
import { RESTORING } from './restorable.ts'

interface Draft {
  readonly input: CreateInput
  readonly found?: ReadonlySet<string>
}

/**
 * The way of nearly every part of an import: one statement, which is a transaction and says no more than that all is well. It is made
 * ready at once, and sent when it is called; gives those that it has left out, of which nothing is stored yet. Each has an id of its own.
 */
export function createAtOnce<One extends Draft>(
  db: Database,
  model: CollectionModel,
  statements: CreateStatements,
  drafts: readonly One[],
  /** Administrators bring back what triggers would give. */
  restoring: boolean,
): () => Promise<readonly One[]> {
  const many = statements.many(foundOf(model, drafts))
  const params = many.inputs.params(drafts.map(({ input }) => input))
  return async () => {
    try {
      const [row] = restoring ? await restore() : await db.once<Made>(many.text, params)
      const made = row?.made ?? null
      if (made === null) return []
      const done = new Set((JSON.parse(made) as readonly unknown[]).map(String))
      return drafts.filter(({ input }) => !done.has(input.id))
    } catch (error) {
      // Some record is at fault, and who asks for each finds out which.
      if (error instanceof DatabaseError && !isForeignSchema(error)) return drafts
      throw error
    }
  }

  function restore(): Promise<Made[]> {
    return db.transaction(async (sql) => {
      await sql.once(RESTORING)
      return sql.once<Made>(many.text, params)
    })
  }
}

/** The fields whose references, where there are any, have all been found by their keys. */
function foundOf({ fields }: CollectionModel, drafts: readonly Draft[]): ReadonlySet<string> {
  const isFound = (name: string) => (draft: Draft) =>
    draft.found?.has(name) === true || (draft.input.values[name] ?? null) === null
  const all = [...fields.values()].filter((field) => field.reference !== undefined && field.default === undefined)
  return new Set(all.flatMap(({ name }) => (drafts.every(isFound(name)) ? [name] : [])))
}

type Made = ManyRow & Record<string, unknown>
