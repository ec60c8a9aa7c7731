import type { LiveApp } from '../../../apps/section.ts'
import { canonicalUuid } from '../../../db/uuid.ts'
import { Problem } from '../../../errors/problem.ts'
import { mintOpaqueToken } from '../../tokens/opaque-token.ts'
import type { AdminCaller, AdminsDeps } from '../deps.ts'
import { replaceResetLink } from './sql.ts'

/** Seconds. */
const RESET_LINK_LIFE = 3600

export interface ResetLink {
  /** For the user alone: whoever has it sets the password. */
  readonly link: string
  /** RFC 3339. */
  readonly expiresAt: string
}

/**
 * A link with which a user sets a new password, good once and for an hour; the one before dies. The token is the fragment, which is in no
 * access log, no proxy and no `Referer`.
 */
export async function makeResetLink(
  deps: Pick<AdminsDeps, 'db' | 'publicUrl' | 'report'>,
  admin: AdminCaller,
  app: LiveApp,
  userId: string,
): Promise<ResetLink> {
  const { token, hash } = mintOpaqueToken('reset')
  const id = canonicalUuid(userId)
  const expires =
    id === undefined
      ? undefined
      : await replaceResetLink(deps.db, app, { userId: id, tokenHash: hash, life: RESET_LINK_LIFE })
  if (id === undefined || expires === undefined) throw new Problem('not_found')
  deps.report({ type: 'reset_link.made', by: admin.name, app: app.slug, userId: id })
  return { link: `${deps.publicUrl}/api/${app.slug}/auth/reset#token=${token}`, expiresAt: expires.toISOString() }
}
