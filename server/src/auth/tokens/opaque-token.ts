import { createHash, randomBytes } from 'node:crypto'

/** What a token opens. The prefix lets secret scanners, and people, see what they have found. */
export type OpaqueKind = 'refresh' | 'admin' | 'setup' | 'key' | 'reset'

const PREFIX: Readonly<Record<OpaqueKind, string>> = {
  refresh: 'rbr_',
  admin: 'rba_',
  setup: 'rbs_',
  key: 'rbk_',
  reset: 'rbp_',
}

/** 32 bytes as base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/

export interface OpaqueToken {
  /** Goes to its owner, once. */
  readonly token: string
  /** What the database keeps, as hex. */
  readonly hash: string
}

/** A new random token of 256 bits. */
export function mintOpaqueToken(kind: OpaqueKind): OpaqueToken {
  const token = PREFIX[kind] + randomBytes(32).toString('base64url')
  return { token, hash: sha256(token) }
}

/**
 * The stored form of a token that somebody sent; `undefined` when it can't be one of ours.
 * A plain hash is enough, and is found through an index: 256 random bits can't be guessed, unlike a password.
 */
export function hashOpaqueToken(kind: OpaqueKind, sent: unknown): string | undefined {
  if (typeof sent !== 'string' || !sent.startsWith(PREFIX[kind])) return undefined
  if (!SECRET.test(sent.slice(PREFIX[kind].length))) return undefined
  return sha256(sent)
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex')
}
