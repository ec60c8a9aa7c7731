import type { Database } from '../db/database.ts'
import type { UserRecords } from '../records/user-records.ts'
import { type AccountsDeps, SESSION_LIFE } from './accounts/deps.ts'
import { createAudit } from './admins/audit/write-audit.ts'
import type { AdminsDeps } from './admins/deps.ts'
import { createBrake } from './brake/brake.ts'
import type { ReportAuthEvent } from './events.ts'
import { loadCommonPasswords } from './passwords/common-passwords.ts'
import { createPasswordHasher, type PasswordHasherOptions } from './passwords/password-hasher.ts'
import { createPasswordPolicy } from './passwords/password-policy.ts'
import { createSweeper } from './sweep.ts'
import type { KeyRing } from './tokens/key-ring.ts'
import { createSigningKeys } from './tokens/signing-keys.ts'
import { createTokenVerifier, type TokenVerifier } from './tokens/verify-access-token.ts'

export interface AuthOptions {
  readonly db: Database
  /** The records room's way to write and read `users`. */
  readonly users: UserRecords
  readonly report: ReportAuthEvent
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The server's public URL: issuer of the access tokens, base of the setup link. */
  readonly publicUrl: string
  /** 32 bytes from the secrets folder. */
  readonly masterKey: Buffer
  /** From the secrets folder too. */
  readonly adminKey: string
  readonly passwords: PasswordHasherOptions
  /** Lifetimes in milliseconds, as the settings have them. */
  readonly tokens: { readonly access: number; readonly refresh: number }
}

export interface Auth {
  /** First argument of every operation on accounts. */
  readonly accounts: AccountsDeps
  /** First argument of every operation of administrators. */
  readonly admins: AdminsDeps
  readonly verifier: TokenVerifier
  readonly ring: () => KeyRing
  start(): Promise<void>
  stop(): void
}

/** Puts the parts of this room together. Nothing runs before `start`. */
export function openAuth(options: AuthOptions): Auth {
  const { db, users, report, now, publicUrl, masterKey, adminKey } = options
  const accessTokenLife = Math.ceil(options.tokens.access / 1000)
  const keys = createSigningKeys({ db, masterKey, accessTokenLife, report })
  const sweeper = createSweeper({ db, report })
  const common = {
    db,
    report,
    passwords: createPasswordHasher(options.passwords),
    policy: createPasswordPolicy(loadCommonPasswords),
    brake: createBrake(db, report),
  }

  return {
    accounts: {
      ...common,
      users,
      accessTokens: { ring: keys.ring, issuer: publicUrl, accessTokenLife, now },
      lifetimes: { session: SESSION_LIFE, refreshToken: Math.ceil(options.tokens.refresh / 1000) },
      refreshing: new Set(),
    },
    admins: { ...common, publicUrl, adminKey, now, audit: createAudit({ db, report }) },
    verifier: createTokenVerifier({ ring: keys.ring, issuer: publicUrl, now }),
    ring: keys.ring,
    async start() {
      await keys.start()
      sweeper.start()
    },
    stop() {
      keys.stop()
      sweeper.stop()
    },
  }
}
