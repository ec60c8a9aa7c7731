import type { LiveApp } from '../../apps/section.ts'
import type { Database, Sql } from '../../db/database.ts'
import type { Caller } from '../../records/caller.ts'
import type { Brake } from '../brake/brake.ts'
import type { ReportAuthEvent } from '../events.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { AccessTokenDeps } from '../tokens/issue-access-token.ts'

/** What the operations on accounts need; each takes the part it names. */
export interface AccountsDeps {
  readonly db: Database
  readonly users: UserRecords
  readonly passwords: PasswordHasher
  readonly policy: PasswordPolicy
  readonly brake: Brake
  readonly accessTokens: AccessTokenDeps
  readonly lifetimes: Lifetimes
  /** Hashes of the refresh tokens that this server is trading at the moment. */
  readonly refreshing: Set<string>
  readonly report: ReportAuthEvent
}

/** Seconds. */
export interface Lifetimes {
  /** Of a session, however much it is used. */
  readonly session: number
  /** Of a refresh token, so of an unused session. */
  readonly refreshToken: number
}

/** Half a year: after that everybody logs in again. */
export const SESSION_LIFE = 180 * 86_400

/** The records of the `users` collection, as the records room writes and reads them. */
export interface UserRecords {
  /**
   * Checks a new user's data against the document, fields that only the system writes included, and throws what is wrong with it.
   * What comes back inserts the record, with no regard to the collection's `create` rule, and resolves to its id; a taken
   * e-mail address rejects with `unique_violation` at `/email`.
   */
  prepare(app: LiveApp, data: Readonly<Record<string, unknown>>, caller: Caller): (sql: Sql) => Promise<string>
  /** JSON text of the caller's own record, as the caller may see it. */
  read(app: LiveApp, caller: Caller): Promise<string>
}
