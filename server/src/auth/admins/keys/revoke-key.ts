import { canonicalUuid } from '../../../db/uuid.ts'
import { Problem } from '../../../errors/problem.ts'
import type { AdminCaller, AdminsDeps } from '../deps.ts'
import { covers } from './powers.ts'
import { deleteStoredKey, type StoredKey, selectKey } from './sql.ts'

/** Ends a key and those that were made with it, with the next request. A key can revoke itself. */
export async function revokeKey(
  deps: Pick<AdminsDeps, 'db' | 'report'>,
  admin: AdminCaller,
  keyId: string,
): Promise<StoredKey> {
  const id = canonicalUuid(keyId)
  const key = id === undefined ? undefined : await selectKey(deps.db, id)
  if (key === undefined || !covers(admin, key) || !(await deleteStoredKey(deps.db, key.id))) {
    throw new Problem('not_found', 'There is no such key, or it may more than you.')
  }
  deps.report({ type: 'key.revoked', keyId: key.id, by: admin.name })
  return key
}
