import type { LiveApp } from '../../../apps/section.ts'
import type { Sql } from '../../../db/database.ts'
import { DatabaseError } from '../../../db/database-error.ts'
import { Problem } from '../../../errors/problem.ts'
import type { Caller } from '../../../records/caller.ts'
import type { AccountsDeps } from '../../accounts/deps.ts'
import { normaliseEmail } from '../../accounts/email.ts'
import { readTexts } from '../../accounts/read-fields.ts'
import { insertCredentials } from '../../accounts/sql.ts'
import type { AdminCaller } from '../deps.ts'
import { type AdminRequest, recordsCaller } from './caller.ts'
import { checkRoles } from './check-roles.ts'
import { updateUserRights } from './sql.ts'

type CreateUserDeps = Pick<AccountsDeps, 'db' | 'users' | 'passwords' | 'policy' | 'report'>

/**
 * Makes an account from `{email, password, roles?, …profile}`: also where strangers may not, and with fields that only administrators
 * set. The answer is the record as JSON. Nobody is signed in by it.
 */
export async function createUser(
  deps: CreateUserDeps,
  admin: AdminCaller,
  app: LiveApp,
  request: AdminRequest & { readonly body: unknown },
): Promise<{ readonly id: string; readonly json: string }> {
  const caller = recordsCaller(admin, request)
  const insert = await prepareUser(deps, caller, app, request.body)
  const id = await deps.db.transaction(insert)
  deps.report({ type: 'user.created', by: admin.name, app: app.slug, userId: id })
  return { id, json: await readUser(deps, app, caller, id) }
}

/** A new version of the app that is applied in this moment is no reason to do again what was done: the id is told at least. */
async function readUser(
  { users }: Pick<CreateUserDeps, 'users'>,
  app: LiveApp,
  caller: Caller,
  id: string,
): Promise<string> {
  try {
    return await users.get(app, caller, id)
  } catch (error) {
    if (error instanceof DatabaseError) return JSON.stringify({ id })
    throw error
  }
}

/** Checks an account before the transaction that makes it; throws everything that is wrong with it. */
async function prepareUser(
  deps: CreateUserDeps,
  caller: Caller,
  app: LiveApp,
  body: unknown,
): Promise<(sql: Sql) => Promise<string>> {
  const { texts, rest } = readTexts(body, ['email', 'password'], { rest: true })
  const { roles, ...profile } = rest
  const email = normaliseEmail(texts.email)
  const insertUser = deps.users.prepare(app, { ...profile, email }, caller)
  const errors = [...checkRoles(app, roles), ...(await deps.policy.check(texts.password, email))]
  if (errors.length > 0) throw new Problem('validation_failed', undefined, { errors })
  const passwordHash = await deps.passwords.hash(texts.password)
  const given = roles === undefined ? [] : [...new Set(roles as readonly string[])]
  return async (sql) => {
    const userId = await insertUser(sql)
    await insertCredentials(sql, app, userId, passwordHash)
    if (given.length > 0) await updateUserRights(sql, app, userId, { roles: given })
    return userId
  }
}
