import { type Jwk, toJwks } from '../tokens/jwks.ts'
import type { KeyRing } from '../tokens/key-ring.ts'

export interface JwksAnswer {
  readonly body: { readonly keys: readonly Jwk[] }
  readonly headers: Readonly<Record<string, string>>
}

/** The keys that verify access tokens (RFC 7517). The apps share them; `aud` tells their tokens apart. */
export function getJwks(deps: { readonly ring: () => KeyRing }): JwksAnswer {
  return { body: toJwks(deps.ring()), headers: { 'cache-control': 'public, max-age=3600' } }
}
