import { canonicalUuid } from '../../db/uuid.ts'
import { Problem } from '../../errors/problem.ts'
import type { AdminCaller, AdminsDeps } from './deps.ts'
import { deleteStoredAdmin, lockAdmins } from './sql.ts'

/** Deletes an administrator and ends their sessions; not the last one. Keys that they made stay: programs use them. */
export async function deleteAdmin(
  deps: Pick<AdminsDeps, 'db' | 'report'>,
  admin: AdminCaller,
  adminId: string,
): Promise<void> {
  const id = canonicalUuid(adminId)
  await deps.db.transaction(async (sql) => {
    const ids = await lockAdmins(sql)
    if (id === undefined || !ids.includes(id)) throw new Problem('not_found', 'There is no such administrator.')
    if (ids.length === 1) {
      throw new Problem('conflict', 'This is the last administrator. Make another one first: POST /admin/api/admins.')
    }
    await deleteStoredAdmin(sql, id)
  })
  deps.report({ type: 'admin.deleted', adminId, by: admin.name })
}
