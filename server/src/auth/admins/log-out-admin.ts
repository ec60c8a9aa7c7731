import type { AdminCaller, AdminsDeps } from './deps.ts'
import { deleteAdminSession } from './sql.ts'

/** Ends the administrator's session at once. For a caller with a key there is none to end. */
export async function logOutAdmin(deps: Pick<AdminsDeps, 'db' | 'report'>, admin: AdminCaller): Promise<void> {
  if (admin.kind !== 'session') return
  await deleteAdminSession(deps.db, admin.tokenHash)
  deps.report({ type: 'admin.logged_out', adminId: admin.adminId })
}
