import { Problem } from '../../errors/problem.ts'
import { normaliseEmail } from '../accounts/email.ts'
import type { AdminCaller, AdminsDeps } from './deps.ts'
import { hashNewPassword } from './new-password.ts'
import { insertAnotherAdmin, type ListedAdmin } from './sql.ts'

/** Makes another administrator, who may everything. */
export async function createAdmin(
  deps: Pick<AdminsDeps, 'db' | 'passwords' | 'policy' | 'report'>,
  admin: AdminCaller,
  body: { readonly email: string; readonly password: string },
): Promise<ListedAdmin> {
  const email = normaliseEmail(body.email)
  const passwordHash = await hashNewPassword(deps, email, body.password)
  const made = await insertAnotherAdmin(deps.db, { email, passwordHash })
  if (made === undefined) {
    const errors = [{ pointer: '/email', code: 'taken', message: 'is taken already' }]
    throw new Problem('unique_violation', 'There is an administrator with this address already.', { errors })
  }
  deps.report({ type: 'admin.created', adminId: made.id, email, by: admin.name })
  return made
}
