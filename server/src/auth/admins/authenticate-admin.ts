import { createHash, timingSafeEqual } from 'node:crypto'
import { Problem } from '../../errors/problem.ts'
import { hashOpaqueToken } from '../tokens/opaque-token.ts'
import { type AdminCaller, type AdminsDeps, MACHINE } from './deps.ts'
import { selectKeyOfToken } from './keys/sql.ts'
import { selectAdminOfSession } from './sql.ts'

/** Who stands behind `Authorization: Bearer <admin token or admin key>`; throws when nobody does. */
export async function authenticateAdmin(
  deps: Pick<AdminsDeps, 'db' | 'adminKey'>,
  headers: { readonly authorization?: string | undefined },
): Promise<AdminCaller> {
  const { authorization } = headers
  if (authorization === undefined || authorization === '') {
    throw new Problem('unauthenticated', undefined, { headers: { 'www-authenticate': 'Bearer' } })
  }
  const [, bearer = ''] = /^bearer +(\S+)$/i.exec(authorization) ?? []
  if (isEqual(bearer, deps.adminKey)) return MACHINE

  const admin = (await sessionOf(deps, bearer)) ?? (await keyOf(deps, bearer))
  if (admin !== undefined) return admin
  // Good or not, an app's token never opens anything here, and no new one would: 403 and not 401, so that nobody refreshes and retries.
  if (JWT.test(bearer)) throw new Problem('forbidden', "Users of apps are not the server's administrators")
  throw new Problem('invalid_token', undefined, { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
}

async function sessionOf({ db }: Pick<AdminsDeps, 'db'>, bearer: string): Promise<AdminCaller | undefined> {
  const tokenHash = hashOpaqueToken('admin', bearer)
  const admin = tokenHash === undefined ? undefined : await selectAdminOfSession(db, tokenHash)
  if (tokenHash === undefined || admin === undefined) return undefined
  return { kind: 'session', adminId: admin.adminId, name: admin.email, tokenHash, scopes: ['*'], apps: null }
}

async function keyOf({ db }: Pick<AdminsDeps, 'db'>, bearer: string): Promise<AdminCaller | undefined> {
  const tokenHash = hashOpaqueToken('key', bearer)
  const key = tokenHash === undefined ? undefined : await selectKeyOfToken(db, tokenHash)
  return key && { kind: 'key', ...key }
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/

/** In constant time; hashed first because `timingSafeEqual` wants equal lengths. */
function isEqual(sent: string, key: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return key.length > 0 && timingSafeEqual(digest(sent), digest(key))
}
