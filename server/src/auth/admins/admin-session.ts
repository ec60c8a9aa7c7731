import type { Sql } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import { mintOpaqueToken } from '../tokens/opaque-token.ts'
import { ADMIN_SESSION_LIFE } from './deps.ts'
import { insertAdminSession } from './sql.ts'

/** The answer to an administrator's login. */
export interface AdminSignedIn {
  /**
   * Opaque, and looked up on each request: the administration is cold, so it need not pay for speed with tokens that outlive
   * their session, and none of them can ever be taken for an app's token, or the other way round.
   */
  readonly token: string
  /** RFC 3339. */
  readonly expiresAt: string
  readonly admin: { readonly id: string; readonly email: string }
}

export async function openAdminSession(
  sql: Sql,
  admin: { readonly id: string; readonly email: string },
  passwordHash: string,
  ip: string,
): Promise<AdminSignedIn> {
  const { token, hash } = mintOpaqueToken('admin')
  const session = { tokenHash: hash, adminId: admin.id, ip, life: ADMIN_SESSION_LIFE, passwordHash }
  const expires = await insertAdminSession(sql, session)
  if (expires === undefined) throw new Problem('invalid_credentials')
  return { token, expiresAt: expires.toISOString(), admin }
}
