import type { AdminCaller, AdminsDeps } from '../deps.ts'
import { covers } from './powers.ts'
import { type StoredKey, selectKeys } from './sql.ts'

/** The keys that have no more than the caller, the newest first; never the keys themselves. */
export async function listKeys(deps: Pick<AdminsDeps, 'db'>, admin: AdminCaller): Promise<readonly StoredKey[]> {
  return (await selectKeys(deps.db)).filter((key) => covers(admin, key))
}
