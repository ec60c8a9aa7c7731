import { Problem } from '../../errors/problem.ts'
import { ADMIN_SCOPE, type AdminCaller, type AdminsDeps } from './deps.ts'
import { hashNewPassword } from './new-password.ts'
import { deleteOtherAdminSessions, replaceAdminPassword, selectAdmin } from './sql.ts'

/**
 * Gives administrators another password, who say the one they have: whoever finds a session open can't take the account over, and guesses
 * are slowed as at the login. Their other sessions end; keys that they made stay.
 */
export async function changeAdminPassword(
  deps: Pick<AdminsDeps, 'db' | 'passwords' | 'policy' | 'brake' | 'report'>,
  admin: AdminCaller,
  ip: string,
  { current, password }: { readonly current: string; readonly password: string },
): Promise<void> {
  if (admin.kind !== 'session') throw new Problem('forbidden', 'A key has no password. Log in: POST /admin/api/login.')
  const attempt = { app: ADMIN_SCOPE, email: admin.name, ip }
  await deps.brake.admitLogin(attempt)
  const stored = await selectAdmin(deps.db, admin.name)
  if (!(await deps.passwords.verify(current, stored?.passwordHash)) || stored === undefined) {
    deps.report({ type: 'login.refused', app: ADMIN_SCOPE, ip, reason: 'wrong_credentials' })
    throw wrongPassword()
  }
  const passwordHash = await hashNewPassword(deps, admin.name, password)
  await deps.db.transaction(async (sql) => {
    const change = { adminId: admin.adminId, from: stored.passwordHash, to: passwordHash }
    // Of two at once the later one finds that what it knew is the password no more.
    if (!(await replaceAdminPassword(sql, change))) throw wrongPassword()
    await deleteOtherAdminSessions(sql, admin)
  })
  await deps.brake.forgiveLogin(attempt)
  deps.report({ type: 'admin.password_changed', adminId: admin.adminId, ip })
}

/** Not 401: the session is good, and clients would give it up. */
function wrongPassword(): Problem {
  const errors = [{ pointer: '/current', code: 'wrong', message: 'is not the present password' }]
  return new Problem('validation_failed', undefined, { errors })
}
