/**
 * What accounts report. Sinks decide which of it is a log line, and at which level. No event holds a password, a token or a
 * hash of one; people are named by id, administrators also by e-mail address.
 */
export type AuthEvent =
  | { readonly type: 'user_signed_up'; readonly app: string; readonly userId: string }
  | { readonly type: 'user_logged_in'; readonly app: string; readonly userId: string; readonly sessionId: string }
  | { readonly type: 'user_logged_out'; readonly app: string; readonly sessionId: string }
  | { readonly type: 'login_refused'; readonly app: string; readonly ip: string; readonly reason: LoginRefusal }
  | { readonly type: 'attempt_slowed'; readonly app: string; readonly ip: string; readonly what: 'login' | 'signup' }
  /** A refresh token came back after it had been rotated: the session was taken, or copied, and has been ended. */
  | {
      readonly type: 'refresh_token_reused'
      readonly app: string
      readonly userId: string
      readonly sessionId: string
      readonly ip: string
    }
  | { readonly type: 'admin_created'; readonly adminId: string; readonly email: string; readonly ip: string }
  | { readonly type: 'admin_logged_in'; readonly adminId: string; readonly email: string; readonly ip: string }
  | { readonly type: 'admin_logged_out'; readonly adminId: string }
  | {
      readonly type: 'user_changed'
      /** The administrator's e-mail address, or `admin key`. */
      readonly by: string
      readonly app: string
      readonly userId: string
      readonly roles?: readonly string[]
      readonly suspended?: boolean
    }
  | { readonly type: 'signing_key_made'; readonly kid: string }
  /** A background task of this room failed and will try again. */
  | { readonly type: 'auth_task_failed'; readonly task: 'reload-keys' | 'sweep'; readonly error: unknown }

export type LoginRefusal = 'wrong_credentials' | 'suspended'

export type ReportAuthEvent = (event: AuthEvent) => void
