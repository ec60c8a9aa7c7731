import { randomBytes } from 'node:crypto'
import { argon2id, hash, needsRehash, verify } from 'argon2'
import { createGate } from './gate.ts'

export interface PasswordHasherOptions {
  /** Bytes of memory for one hash. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  /** How many are hashed at once. */
  readonly concurrency: number
  /** How many may wait for that; more are told to come back. */
  readonly waiting?: number
}

export interface PasswordHasher {
  hash(password: string): Promise<string>
  /** `hash` is undefined for an account that does not exist: the same work is done, and the answer is no. */
  verify(password: string, hash: string | undefined): Promise<boolean>
  /** Made with other parameters than are wanted now. */
  isOutdated(hash: string): boolean
}

/**
 * argon2id in libuv's thread pool, so never on the event loop, and only a few at a time: each needs its memory and a whole
 * thread, and file and name look-ups wait for the same four.
 */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const cost = {
    type: argon2id,
    memoryCost: Math.floor(options.memory / 1024),
    timeCost: options.passes,
    parallelism: options.parallelism,
  }
  const gate = createGate({ atOnce: options.concurrency, waiting: options.waiting ?? 100, retryAfter: 2 })
  const nobodysHash = inventHash(cost)

  return {
    hash: (password) => gate.run(() => hash(normalise(password), cost)),
    verify: (password, stored) =>
      gate.run(async () => (await verify(stored ?? nobodysHash, normalise(password))) && stored !== undefined),
    isOutdated: (stored) => needsRehash(stored, cost),
  }
}

/**
 * One keyboard's `é` is another's `e` + accent: NFC makes them one password (RFC 8265, 4.2), and folds nothing that looks different.
 * Bytes, so that a NUL inside counts like any other character.
 */
function normalise(password: string): Buffer {
  return Buffer.from(password.normalize('NFC'), 'utf8')
}

/** The hash of no password, at the present cost: what unknown accounts are checked against. */
function inventHash(cost: { memoryCost: number; timeCost: number; parallelism: number }): string {
  const part = (bytes: number) => randomBytes(bytes).toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${part(16)}$${part(32)}`
}
