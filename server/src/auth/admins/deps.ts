import type { Database } from '../../db/database.ts'
import type { Brake } from '../brake/brake.ts'
import type { ReportAuthEvent } from '../events.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { AuditEntry } from './audit/audit-entry.ts'
import type { Scope } from './scopes.ts'

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
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Keeps what was done. The act has happened by then, so this never fails. */
  audit(entry: AuditEntry): Promise<void>
}

/** Who administers. */
export type AdminCaller = Granted &
  (
    | { readonly kind: 'session'; readonly adminId: string; readonly tokenHash: string }
    /** A key that an administrator has made for a program. */
    | { readonly kind: 'key'; readonly keyId: string; readonly expiresAt: Date | null }
    /** A program on this machine that could read the key file: it may everything. */
    | { readonly kind: 'machine' }
  )

interface Granted {
  /** For people, in logs and the audit: the administrator's e-mail address, or what the key is called. */
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The slugs that the caller is limited to; null is all. */
  readonly apps: readonly string[] | null
}

/** Who holds `<data>/secrets/admin.key`, and whoever acts on the machine itself. */
export const MACHINE: AdminCaller = { kind: 'machine', name: 'admin key', scopes: ['*'], apps: null }

/** In place of an app's slug where attempts are counted; no slug has a colon. */
export const ADMIN_SCOPE = 'roadbase:admin'

/** Seconds. Administrators log in twice a day rather than carry a token that lives for weeks. */
export const ADMIN_SESSION_LIFE = 12 * 3600
export const SETUP_LINK_LIFE = 24 * 3600
