import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** A key as it lies in the database, opened. */
export interface KeyMaterial {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string
  /** JWK's `x`: the public key, base64url. */
  readonly x: string
  /** JWK's `d`: the private key, base64url. */
  readonly d: string
}

/** When a key signs; milliseconds. */
export interface KeyTerm {
  readonly signsFrom: number
  readonly signsUntil: number
}

export interface SigningKey extends KeyTerm {
  readonly kid: string
  readonly x: string
  /** The encoded header of every token that this key signs, dot included. */
  readonly header: string
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** The keys whose tokens count at the moment. Never changed: another state is another ring. */
export interface KeyRing {
  /** Newest term first. */
  readonly keys: readonly SigningKey[]
  /** By the encoded header, dot included. */
  readonly byHeader: ReadonlyMap<string, SigningKey>
}

export function createKeyRing(stored: readonly (KeyMaterial & KeyTerm)[]): KeyRing {
  const keys = stored.map(toSigningKey).sort((a, b) => b.signsFrom - a.signsFrom)
  return { keys, byHeader: new Map(keys.map((key) => [key.header, key])) }
}

/** The key that signs now. */
export function signingKeyAt(ring: KeyRing, now: number): SigningKey | undefined {
  return ring.keys.find((key) => key.signsFrom <= now) ?? ring.keys.at(-1)
}

export function generateKey(): KeyMaterial {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  if (x === undefined || d === undefined) throw new TypeError('An Ed25519 key without x or d')
  return { kid: thumbprint(x), x, d }
}

function toSigningKey(stored: KeyMaterial & KeyTerm): SigningKey {
  const { kid, x, d, signsFrom, signsUntil } = stored
  const jwk = { kty: 'OKP', crv: 'Ed25519', x }
  return {
    kid,
    x,
    header: `${encode({ alg: 'EdDSA', typ: 'at+jwt', kid })}.`,
    publicKey: createPublicKey({ key: jwk, format: 'jwk' }),
    privateKey: createPrivateKey({ key: { ...jwk, d }, format: 'jwk' }),
    signsFrom,
    signsUntil,
  }
}

function thumbprint(x: string): string {
  // RFC 7638: the required members, in lexical order, without white space.
  return createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url')
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
