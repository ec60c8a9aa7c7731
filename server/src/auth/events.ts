import type { EventTable } from '../telemetry/index.ts'
import type { AuditEntry } from './admins/audit/audit-entry.ts'

/**
 * What accounts report. Sinks decide which of it is a log line, and at which level. No event holds a password, a token or a
 * hash of one; people are named by id, administrators also by e-mail address.
 */
export type AuthEvent =
  | { readonly type: 'user.signed_up'; readonly app: string; readonly userId: string }
  | { readonly type: 'user.logged_in'; readonly app: string; readonly userId: string; readonly sessionId: string }
  | { readonly type: 'user.logged_out'; readonly app: string; readonly sessionId: string }
  | { readonly type: 'login.refused'; readonly app: string; readonly ip: string; readonly reason: LoginRefusal }
  | { readonly type: 'attempt.slowed'; readonly app: string; readonly ip: string; readonly what: 'login' | 'signup' }
  /** A refresh token came back after it had been rotated: the session was taken, or copied, and has been ended. */
  | {
      readonly type: 'refresh_token.reused'
      readonly app: string
      readonly userId: string
      readonly sessionId: string
      readonly ip: string
    }
  | { readonly type: 'admin.created'; readonly adminId: string; readonly email: string; readonly by: string }
  | { readonly type: 'admin.logged_in'; readonly adminId: string; readonly email: string; readonly ip: string }
  | { readonly type: 'admin.logged_out'; readonly adminId: string }
  | { readonly type: 'admin.password_changed'; readonly adminId: string; readonly ip: string }
  | { readonly type: 'admin.deleted'; readonly adminId: string; readonly by: string }
  | {
      readonly type: 'key.created'
      readonly keyId: string
      readonly by: string
      readonly scopes: readonly string[]
      readonly apps: readonly string[] | null
    }
  | { readonly type: 'key.revoked'; readonly keyId: string; readonly by: string }
  | {
      readonly type: 'user.changed'
      /** The administrator's e-mail address, or what the key is called. */
      readonly by: string
      readonly app: string
      readonly userId: string
      readonly roles?: readonly string[]
      readonly suspended?: boolean
    }
  /** An act of administration is not in the audit: here it is. */
  | { readonly type: 'audit.failed'; readonly entry: AuditEntry; readonly error: unknown }
  | { readonly type: 'user.created'; readonly by: string; readonly app: string; readonly userId: string }
  | { readonly type: 'user.deleted'; readonly by: string; readonly app: string; readonly userId: string }
  | { readonly type: 'reset_link.made'; readonly by: string; readonly app: string; readonly userId: string }
  | { readonly type: 'password.reset'; readonly app: string; readonly userId: string; readonly ip: string }
  | { readonly type: 'signing_key.made'; readonly kid: string }
  /** A background task of this room failed and will try again. */
  | { readonly type: 'auth.task_failed'; readonly task: 'reload-keys' | 'sweep'; readonly error: unknown }

export type LoginRefusal = 'wrong_credentials' | 'suspended'

export type ReportAuthEvent = (event: AuthEvent) => void

/** How the events read in the log. */
export const authEvents: EventTable<AuthEvent> = {
  'user.signed_up': { level: 'info', message: 'A user signed up' },
  'user.logged_in': { level: 'debug', message: 'A user logged in' },
  'user.logged_out': { level: 'debug', message: 'A user logged out' },
  'login.refused': { level: 'info', message: 'A login was refused' },
  'attempt.slowed': { level: 'debug', message: 'Too many attempts; they have to wait' },
  'refresh_token.reused': { level: 'warn', message: 'A used refresh token came back: its session was ended' },
  'admin.created': { level: 'warn', message: 'An administrator was made' },
  'admin.logged_in': { level: 'info', message: 'An administrator logged in' },
  'admin.logged_out': { level: 'info', message: 'An administrator logged out' },
  'admin.password_changed': { level: 'info', message: 'An administrator changed their password' },
  'admin.deleted': { level: 'warn', message: 'An administrator was deleted' },
  'key.created': { level: 'warn', message: 'An admin key was made' },
  'key.revoked': { level: 'warn', message: 'An admin key was revoked' },
  'user.changed': { level: 'info', message: "An administrator changed a user's rights" },
  'user.created': { level: 'info', message: 'An administrator made an account' },
  'user.deleted': { level: 'info', message: 'An administrator deleted a user' },
  'reset_link.made': { level: 'info', message: 'An administrator made a link for a new password' },
  'password.reset': { level: 'info', message: 'A user set a new password with a link' },
  'audit.failed': { level: 'error', message: 'An act could not be written to the audit; the entry is in this line' },
  'signing_key.made': { level: 'info', message: 'A new key for signing access tokens was made' },
  'auth.task_failed': { level: 'error', message: 'A background task of accounts failed; it will try again' },
}
