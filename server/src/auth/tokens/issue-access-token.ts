import { sign } from 'node:crypto'
import { type KeyRing, signingKeyAt } from './key-ring.ts'

export interface AccessTokenDeps {
  readonly ring: () => KeyRing
  /** The server's public URL. */
  readonly issuer: string
  /** Seconds. */
  readonly accessTokenLife: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface AccessToken {
  readonly accessToken: string
  /** RFC 3339. */
  readonly expiresAt: string
}

/** Signs who somebody is, and nothing else: rights are read from the database when they are needed. */
export function issueAccessToken(
  deps: AccessTokenDeps,
  identity: { readonly app: string; readonly userId: string; readonly sessionId: string },
): AccessToken {
  const now = deps.now()
  const key = signingKeyAt(deps.ring(), now)
  if (key === undefined) throw new Error('There is no signing key: the keys were not started')
  const iat = Math.floor(now / 1000)
  const exp = iat + deps.accessTokenLife
  const claims = { iss: deps.issuer, aud: identity.app, sub: identity.userId, sid: identity.sessionId, iat, exp }
  const signed = key.header + Buffer.from(JSON.stringify(claims)).toString('base64url')
  const signature = sign(null, Buffer.from(signed, 'latin1'), key.privateKey).toString('base64url')
  return { accessToken: `${signed}.${signature}`, expiresAt: new Date(exp * 1000).toISOString() }
}
