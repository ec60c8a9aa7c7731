import type { LiveApp } from '../../../apps/section.ts'
import { Problem } from '../../../errors/problem.ts'
import type { AccountsDeps } from '../../accounts/deps.ts'
import { normaliseEmail } from '../../accounts/email.ts'
import type { AdminCaller } from '../deps.ts'
import { type AdminRequest, recordsCaller } from './caller.ts'

export interface UsersQuery {
  /** A part of the address. */
  readonly email?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

/** A page of the users of an app, the newest first, as JSON text `{items, nextCursor}`. */
export async function listUsers(
  deps: Pick<AccountsDeps, 'users'>,
  admin: AdminCaller,
  app: LiveApp,
  { ip, requestId, email, limit, cursor }: AdminRequest & UsersQuery,
): Promise<string> {
  if (email !== undefined && email.length > 254) {
    throw new Problem('invalid_parameter', '"email" has to be a part of an address, of 254 characters at most.')
  }
  return deps.users.list(app, recordsCaller(admin, { ip, requestId }), {
    ...(email === undefined ? {} : { filter: `email.contains(${JSON.stringify(normaliseEmail(email))})` }),
    sort: '-id',
    limit: limit === undefined ? undefined : String(limit),
    cursor,
  })
}
