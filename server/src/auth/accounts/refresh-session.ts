import type { LiveApp } from '../../apps/section.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'
import { hashOpaqueToken, mintOpaqueToken } from '../tokens/opaque-token.ts'
import type { AccountsDeps } from './deps.ts'
import { readTexts } from './read-fields.ts'
import { type SignedIn, toSignedIn } from './signed-in.ts'
import { revokeReusedToken, rotateRefreshToken, selectSessionOfToken } from './sql.ts'

type Deps = Pick<AccountsDeps, 'db' | 'users' | 'accessTokens' | 'lifetimes' | 'refreshing' | 'report'>

/**
 * Trades `{refreshToken}` for new tokens. Each is good once; one that comes back later ends its session (RFC 9700, 4.14.2).
 * Of uses that meet here at the same moment one wins, and the others are merely refused: that is two tabs of one browser, whose
 * session would otherwise die, and a thief gains nothing by being refused.
 */
export async function refreshSession(deps: Deps, app: LiveApp, caller: Caller, body: unknown): Promise<SignedIn> {
  const { texts } = readTexts(body, ['refreshToken'])
  const hash = hashOpaqueToken('refresh', texts.refreshToken)
  if (hash === undefined || deps.refreshing.has(hash)) throw new Problem('invalid_refresh_token')
  deps.refreshing.add(hash)
  try {
    return await trade(deps, app, caller, hash)
  } finally {
    deps.refreshing.delete(hash)
  }
}

async function trade(deps: Deps, app: LiveApp, caller: Caller, hash: string): Promise<SignedIn> {
  const session = await selectSessionOfToken(deps.db, app, hash)
  if (session !== undefined) {
    const successor = mintOpaqueToken('refresh')
    // All that can fail comes first: a token that was used up for an answer that never came would look stolen the next time.
    const answer = await toSignedIn(deps, app, caller, { ...session, refreshToken: successor.token })
    const life = deps.lifetimes.refreshToken
    if (await rotateRefreshToken(deps.db, app, { hash, successor: successor.hash, life })) return answer
  }

  const ended = await revokeReusedToken(deps.db, app, hash)
  if (ended !== undefined) {
    deps.report({ type: 'refresh_token.reused', app: app.slug, ...ended, ip: caller.request.ip })
  }
  throw new Problem('invalid_refresh_token')
}
