import type { LiveApp } from '../../apps/section.ts'
import type { Sql } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'
import { issueAccessToken } from '../tokens/issue-access-token.ts'
import { mintOpaqueToken } from '../tokens/opaque-token.ts'
import type { AccountsDeps } from './deps.ts'
import { insertSession, type LiveSession } from './sql.ts'

/** The answer to everything that signs somebody in. */
export interface SignedIn {
  readonly accessToken: string
  readonly refreshToken: string
  /** When the access token expires, RFC 3339. */
  readonly expiresAt: string
  /** JSON text of the users record, as its owner sees it. PostgreSQL wrote it; nothing here reads it. */
  readonly user: string
}

/** `{accessToken, refreshToken, expiresAt, user}` as JSON, the record's bytes untouched. */
export function signedInToJson({ user, ...tokens }: SignedIn): string {
  return `${JSON.stringify(tokens).slice(0, -1)},"user":${user}}`
}

export interface OpenSession extends LiveSession {
  readonly refreshToken: string
}

/** Undefined when there is nobody any more to open it for: suspended, deleted, or with another password by now. */
export async function openSession(
  deps: Pick<AccountsDeps, 'lifetimes'>,
  sql: Sql,
  app: LiveApp,
  owner: { readonly userId: string; readonly passwordHash: string; readonly ip: string },
): Promise<OpenSession | undefined> {
  const { token, hash } = mintOpaqueToken('refresh')
  const sessionId = await insertSession(sql, app, {
    ...owner,
    refreshTokenHash: hash,
    sessionLife: deps.lifetimes.session,
    refreshTokenLife: deps.lifetimes.refreshToken,
  })
  return sessionId === undefined ? undefined : { sessionId, userId: owner.userId, refreshToken: token }
}

/** Signs the access token of a session and reads its user, as that user. */
export async function toSignedIn(
  deps: Pick<AccountsDeps, 'accessTokens' | 'users'>,
  app: LiveApp,
  caller: Caller,
  session: OpenSession,
): Promise<SignedIn> {
  const { userId, sessionId, refreshToken } = session
  const user = await readOneself(deps, app, { ...caller, userId, sessionId })
  const { accessToken, expiresAt } = issueAccessToken(deps.accessTokens, { app: app.slug, userId, sessionId })
  return { accessToken, refreshToken, expiresAt, user }
}

/** Rules may hide users from themselves; that must not keep them from signing in. */
async function readOneself({ users }: Pick<AccountsDeps, 'users'>, app: LiveApp, caller: Caller): Promise<string> {
  try {
    return await users.read(app, caller)
  } catch (error) {
    // Nor must a new version of the app that is applied in this moment: what was done must not be done again.
    const isUnreadable = (error instanceof Problem && error.code === 'not_found') || error instanceof DatabaseError
    if (isUnreadable) return JSON.stringify({ id: caller.userId })
    throw error
  }
}
