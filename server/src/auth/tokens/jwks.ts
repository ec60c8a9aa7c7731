import type { KeyRing } from './key-ring.ts'

export interface Jwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly kid: string
  readonly alg: 'EdDSA'
  readonly use: 'sig'
}

/** The public halves, also of the key that will sign next: who caches them for less than its lead never meets an unknown one. */
export function toJwks(ring: KeyRing): { readonly keys: readonly Jwk[] } {
  return {
    keys: ring.keys.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' })),
  }
}
