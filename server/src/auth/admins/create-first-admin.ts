import { Problem } from '../../errors/problem.ts'
import { normaliseEmail } from '../accounts/email.ts'
import { readTexts } from '../accounts/read-fields.ts'
import { hashOpaqueToken } from '../tokens/opaque-token.ts'
import { type AdminSignedIn, openAdminSession } from './admin-session.ts'
import type { AdminsDeps } from './deps.ts'
import { hashNewPassword } from './new-password.ts'
import { hasAdmin, insertAdmin, isSetupLinkGood, useSetupLink } from './sql.ts'

/**
 * Makes the first administrator from `{token, email, password}`, the token being the setup link's, and signs them in.
 * A body that is refused doesn't use the link up.
 */
export async function createFirstAdmin(
  deps: Pick<AdminsDeps, 'db' | 'passwords' | 'policy' | 'report'>,
  ip: string,
  body: unknown,
): Promise<AdminSignedIn> {
  const { texts } = readTexts(body, ['token', 'email', 'password'])
  const linkHash = hashOpaqueToken('setup', texts.token)
  // Before the costly hash, so that only who holds the link can ask for one.
  if (linkHash === undefined || !(await isSetupLinkGood(deps.db, linkHash))) throw new Problem('invalid_setup_link')

  const email = normaliseEmail(texts.email)
  const passwordHash = await hashNewPassword(deps, email, texts.password)

  const signedIn = await deps.db.transaction(async (sql) => {
    if (!(await useSetupLink(sql, linkHash)) || (await hasAdmin(sql))) throw new Problem('invalid_setup_link')
    const id = await insertAdmin(sql, { email, passwordHash })
    return openAdminSession(sql, { id, email }, passwordHash, ip)
  })
  deps.report({ type: 'admin.created', adminId: signedIn.admin.id, email, by: 'setup link' })
  return signedIn
}
