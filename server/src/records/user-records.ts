import type { LiveApp } from '../apps/section.ts'
import type { Sql } from '../db/database.ts'
import { Problem } from '../errors/problem.ts'
import { ALWAYS } from '../expr/index.ts'
import type { Caller } from './caller.ts'
import type { Collection } from './collection.ts'
import { lazily } from './lazily.ts'
import type { CollectionModel } from './model.ts'
import { openCollection } from './open-collection.ts'
import { deleteRecord } from './operations/delete-record.ts'
import { getRecord } from './operations/get-record.ts'
import type { ListParameters } from './operations/list-plans.ts'
import { listRecords } from './operations/list-records.ts'
import { writeInTransaction } from './operations/write-in-transaction.ts'
import type { RecordsSection } from './section.ts'
import { createStatements } from './statements/create.ts'
import { wholeRecord } from './statements/shape.ts'
import { createValidators } from './validate/index.ts'

/** How accounts write and read the records of `users`. */
export interface UserRecords {
  prepare(app: LiveApp, data: Readonly<Record<string, unknown>>, caller: Caller): (sql: Sql) => Promise<string>
  read(app: LiveApp, caller: Caller): Promise<string>
  /** For administrators, as JSON text: one user, a page of them. */
  get(app: LiveApp, caller: Caller, id: string): Promise<string>
  list(app: LiveApp, caller: Caller, query: ListParameters & { readonly cursor?: string | undefined }): Promise<string>
  /** For administrators. */
  delete(app: LiveApp, caller: Caller, id: string): Promise<void>
}

/**
 * Signing up makes a record that nobody may create by the generic routes: the `create` rule does not count, and `email`
 * can be set. Everything else (schema, field rules, defaults, checks, uniqueness) is as for any record. Where an administrator makes
 * the account no rule counts.
 */
export function createUserRecords(section: RecordsSection): UserRecords {
  const signUps = new WeakMap<Collection, () => SignUps>()

  return {
    prepare(app, data, caller) {
      const users = usersOf(app)
      const { validators, statements } = signUpsOf(caller.administrator === undefined ? users : openCollection(users))
      const values = validators.create(data)
      const input = { caller, id: users.app.deps.newId(), values }
      return async (sql) => (await writeInTransaction(sql, users, statements, input)).id
    },

    async read(app, caller) {
      const users = usersOf(app)
      const { userId } = caller
      const record = userId === null ? null : await users.reads.of(undefined, undefined).submit({ caller, id: userId })
      if (record === null) throw new Problem('not_found', 'The rules of this app do not show you your own user')
      return record.json
    },

    get: async (app, caller, id) => (await getRecord(openCollection(usersOf(app)), caller, { id })).body,
    list: async (app, caller, query) => (await listRecords(openCollection(usersOf(app)), caller, query)).body,
    delete: (app, caller, id) => deleteRecord(openCollection(usersOf(app)), caller, { id }),
  }

  function usersOf(app: LiveApp): Collection {
    const users = app.part(section).get('users')
    if (users === undefined) throw new Error(`The app '${app.slug}' has no users`)
    return users
  }

  function signUpsOf(users: Collection): SignUps {
    let make = signUps.get(users)
    if (make === undefined) {
      make = lazily(() => openSignUps(users))
      signUps.set(users, make)
    }
    return make()
  }
}

interface SignUps {
  readonly validators: Pick<ReturnType<typeof createValidators>, 'create'>
  readonly statements: ReturnType<typeof createStatements>
}

function openSignUps({ app, model }: Collection): SignUps {
  const open = openModel(model)
  return { validators: createValidators(open), statements: createStatements(app, open, wholeRecord(open)) }
}

function openModel(model: CollectionModel): CollectionModel {
  const fields = [...model.fields].map(
    ([name, field]) => [name, name === 'email' ? { ...field, readonly: false } : field] as const,
  )
  return { ...model, fields: new Map(fields), rules: { ...model.rules, create: ALWAYS } }
}
