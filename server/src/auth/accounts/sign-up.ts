import type { LiveApp } from '../../apps/section.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'
import { authSection } from '../section.ts'
import type { AccountsDeps } from './deps.ts'
import { normaliseEmail } from './email.ts'
import { readTexts } from './read-fields.ts'
import { openSession, type SignedIn, toSignedIn } from './signed-in.ts'
import { insertCredentials } from './sql.ts'

/**
 * Makes an account: record, password, session and refresh token in one transaction. The body is `{email, password}` and whatever
 * fields the document gives its users. That an address is taken is told, as for any unique field (SEMANTICS.md).
 */
export async function signUp(deps: AccountsDeps, app: LiveApp, caller: Caller, body: unknown): Promise<SignedIn> {
  if (app.model(authSection).signup === 'closed') throw new Problem('signup_closed')
  const { texts, rest: profile } = readTexts(body, ['email', 'password'], { rest: true })
  const email = normaliseEmail(texts.email)
  const { ip } = caller.request
  await deps.brake.admitSignUp(app.slug, ip)

  // Everything that needs no database is checked before the costly hash.
  const insertUser = deps.users.prepare(app, { ...profile, email }, caller)
  const errors = await deps.policy.check(texts.password, email)
  if (errors.length > 0) throw new Problem('validation_failed', undefined, { errors })
  const passwordHash = await deps.passwords.hash(texts.password)

  const session = await deps.db.transaction(async (sql) => {
    const userId = await insertUser(sql)
    await insertCredentials(sql, app, userId, passwordHash)
    return openSession(deps, sql, app, { userId, passwordHash, ip })
  })
  if (session === undefined) throw new Error('A user that was just made could not sign in')
  deps.report({ type: 'user.signed_up', app: app.slug, userId: session.userId })
  return toSignedIn(deps, app, caller, session)
}
