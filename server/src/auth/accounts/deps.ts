import type { Database } from '../../db/database.ts'
import type { UserRecords } from '../../records/user-records.ts'
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
interface Lifetimes {
  /** Of a session, however much it is used. */
  readonly session: number
  /** Of a refresh token, so of an unused session. */
  readonly refreshToken: number
}

/** Half a year: after that everybody logs in again. */
export const SESSION_LIFE = 180 * 86_400
