import type { AdminsDeps } from './deps.ts'
import { type ListedAdmin, selectAdmins } from './sql.ts'

/** All administrators, by address. */
export function listAdmins(deps: Pick<AdminsDeps, 'db'>): Promise<readonly ListedAdmin[]> {
  return selectAdmins(deps.db)
}
