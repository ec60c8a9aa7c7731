import { Problem } from '../../errors/problem.ts'
import { isPossibleEmail, normaliseEmail } from '../accounts/email.ts'
import { readTexts } from '../accounts/read-fields.ts'
import { type AdminSignedIn, openAdminSession } from './admin-session.ts'
import { ADMIN_SCOPE, type AdminsDeps } from './deps.ts'
import { selectAdmin } from './sql.ts'

/** Opens an administrator's session for `{email, password}`: guarded like an app's login, and told as little. */
export async function logInAdmin(
  deps: Pick<AdminsDeps, 'db' | 'passwords' | 'brake' | 'report'>,
  ip: string,
  body: unknown,
): Promise<AdminSignedIn> {
  const { texts } = readTexts(body, ['email', 'password'])
  const email = normaliseEmail(texts.email)
  const attempt = { app: ADMIN_SCOPE, email, ip }
  await deps.brake.admitLogin(attempt)

  const admin = isPossibleEmail(email) ? await selectAdmin(deps.db, email) : undefined
  const isRight = await deps.passwords.verify(texts.password, admin?.passwordHash)
  if (admin === undefined || !isRight) {
    deps.report({ type: 'login.refused', app: ADMIN_SCOPE, ip, reason: 'wrong_credentials' })
    throw new Problem('invalid_credentials')
  }
  const signedIn = await openAdminSession(deps.db, { id: admin.adminId, email }, admin.passwordHash, ip)
  await deps.brake.forgiveLogin(attempt)
  deps.report({ type: 'admin.logged_in', adminId: admin.adminId, email, ip })
  return signedIn
}
