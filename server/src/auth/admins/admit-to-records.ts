import { actorOf } from './audit/actor-of.ts'
import type { AdminActor } from './audit/audit-entry.ts'
import { authenticateAdmin } from './authenticate-admin.ts'
import type { AdminsDeps } from './deps.ts'
import { requireApp, requireScope } from './require.ts'

export interface RecordsRequest {
  readonly authorization: string | undefined
  /** Slug. */
  readonly app: string
  readonly collection: string
  readonly writes: boolean
}

/** Who administers the records of an app; throws for everybody else. Users are accounts, so writing them takes the right to do that. */
export async function admitToRecords(
  deps: Pick<AdminsDeps, 'db' | 'adminKey'>,
  { authorization, app, collection, writes }: RecordsRequest,
): Promise<AdminActor> {
  const admin = await authenticateAdmin(deps, { authorization })
  requireScope(admin, writes ? (collection === 'users' ? 'users:write' : 'records:write') : 'records:read')
  requireApp(admin, app)
  return actorOf(admin)
}
