import type { LiveApp } from '../../apps/section.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'
import type { LoginRefusal } from '../events.ts'
import type { AccountsDeps } from './deps.ts'
import { isPossibleEmail, normaliseEmail } from './email.ts'
import { readTexts } from './read-fields.ts'
import { openSession, type SignedIn, toSignedIn } from './signed-in.ts'
import { type Account, replacePasswordHash, selectAccount } from './sql.ts'

/**
 * Opens a session for `{email, password}`. An unknown account costs the same work and gets the same answer as a wrong password;
 * the attempt is counted before the password is looked at, so that parallel guesses count too.
 */
export async function logIn(
  deps: Omit<AccountsDeps, 'policy'>,
  app: LiveApp,
  caller: Caller,
  body: unknown,
): Promise<SignedIn> {
  const { texts } = readTexts(body, ['email', 'password'])
  const { ip } = caller.request
  const attempt = { app: app.slug, email: normaliseEmail(texts.email), ip }
  await deps.brake.admitLogin(attempt)

  const account = isPossibleEmail(attempt.email) ? await selectAccount(deps.db, app, attempt.email) : undefined
  const isRight = await deps.passwords.verify(texts.password, account?.passwordHash)
  if (account === undefined || !isRight) throw refuse(deps, attempt, 'wrong_credentials')
  // Only who knows the password is told.
  if (account.suspended) throw refuse(deps, attempt, 'suspended')

  const passwordHash = await renewHash(deps, app, account, texts.password)
  const session = await openSession(deps, deps.db, app, { userId: account.userId, passwordHash, ip })
  if (session === undefined) throw refuse(deps, attempt, 'wrong_credentials')
  await deps.brake.forgiveLogin(attempt)
  const signedIn = await toSignedIn(deps, app, caller, session).catch((error: unknown) => {
    // Ended in this moment, as by a new password: then this was the old one.
    const hasEnded = error instanceof Problem && error.code === 'invalid_token'
    throw hasEnded ? refuse(deps, attempt, 'wrong_credentials') : error
  })
  deps.report({ type: 'user.logged_in', app: app.slug, userId: session.userId, sessionId: session.sessionId })
  return signedIn
}

function refuse(
  { report }: Pick<AccountsDeps, 'report'>,
  { app, ip }: { readonly app: string; readonly ip: string },
  reason: LoginRefusal,
): Problem {
  report({ type: 'login.refused', app, ip, reason })
  return new Problem(reason === 'suspended' ? 'account_suspended' : 'invalid_credentials')
}

/** The password is at hand only now: the time to hash it anew when the settings ask for more than its hash has. */
async function renewHash(
  deps: Pick<AccountsDeps, 'db' | 'passwords'>,
  app: LiveApp,
  { userId, passwordHash }: Account,
  password: string,
): Promise<string> {
  if (!deps.passwords.isOutdated(passwordHash)) return passwordHash
  const renewed = await deps.passwords.hash(password)
  await replacePasswordHash(deps.db, app, userId, { from: passwordHash, to: renewed })
  return renewed
}
