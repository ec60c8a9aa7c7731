import type { Database } from '../../db/database.ts'
import type { Brake } from '../brake/brake.ts'
import type { ReportAuthEvent } from '../events.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'

/** What the operations of administrators need; each takes the part it names. */
export interface AdminsDeps {
  readonly db: Database
  readonly passwords: PasswordHasher
  readonly policy: PasswordPolicy
  readonly brake: Brake
  readonly report: ReportAuthEvent
  /** The contents of `<data>/secrets/admin.key`. */
  readonly adminKey: string
  /** The server's public URL, without a slash at the end. */
  readonly publicUrl: string
}

/** Who administers: somebody who logged in, or a program on this machine that could read the key file. */
export type AdminCaller =
  | { readonly kind: 'session'; readonly adminId: string; readonly email: string; readonly tokenHash: string }
  | { readonly kind: 'key' }

/** For logs: who did it. */
export function nameOf(admin: AdminCaller): string {
  return admin.kind === 'key' ? 'admin key' : admin.email
}

/** In place of an app's slug where attempts are counted; no slug has a colon. */
export const ADMIN_SCOPE = 'roadbase:admin'

/** Seconds. Administrators log in twice a day rather than carry a token that lives for weeks. */
export const ADMIN_SESSION_LIFE = 12 * 3600
export const SETUP_LINK_LIFE = 24 * 3600
