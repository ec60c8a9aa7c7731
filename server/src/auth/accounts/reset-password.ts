import type { LiveApp } from '../../apps/section.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'
import { hashOpaqueToken } from '../tokens/opaque-token.ts'
import type { AccountsDeps } from './deps.ts'
import { readTexts } from './read-fields.ts'
import { replacePassword, revokeSessionsOfUser, selectUserOfReset, useReset } from './sql.ts'

/** Answers the id of whose password it was. */
export interface PasswordReset {
  readonly userId: string
}

/**
 * Sets a new password from `{token, password}`, the token being that of a one-time link, and ends every session of the user: whoever had
 * one must log in with the new password. A password that is refused doesn't use the link up.
 */
export async function resetPassword(
  deps: Pick<AccountsDeps, 'db' | 'passwords' | 'policy' | 'brake' | 'report'>,
  app: LiveApp,
  caller: Caller,
  body: unknown,
): Promise<PasswordReset> {
  const { texts } = readTexts(body, ['token', 'password'])
  const tokenHash = hashOpaqueToken('reset', texts.token)
  // Before the costly hash, so that only who holds the link can ask for one.
  const owner = tokenHash === undefined ? undefined : await selectUserOfReset(deps.db, app, tokenHash)
  if (tokenHash === undefined || owner === undefined) throw new Problem('invalid_reset_link')

  const errors = await deps.policy.check(texts.password, owner.email)
  if (errors.length > 0) throw new Problem('validation_failed', undefined, { errors })
  const passwordHash = await deps.passwords.hash(texts.password)

  await deps.db.transaction(async (sql) => {
    const userId = await useReset(sql, app, tokenHash)
    if (userId === undefined || !(await replacePassword(sql, app, userId, passwordHash))) {
      throw new Problem('invalid_reset_link')
    }
    await revokeSessionsOfUser(sql, app, userId)
  })
  await deps.brake.forgiveLogin({ app: app.slug, email: owner.email, ip: caller.request.ip })
  deps.report({ type: 'password.reset', app: app.slug, userId: owner.userId, ip: caller.request.ip })
  return { userId: owner.userId }
}
