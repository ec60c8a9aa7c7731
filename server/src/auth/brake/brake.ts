import { createHash } from 'node:crypto'
import type { Sql } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import type { ReportAuthEvent } from '../events.ts'
import { addressBlock, isLoopback } from './address-block.ts'
import { type BrakePolicy, countAttempt, forgiveAttempt, selectAttemptState } from './sql.ts'

/** Who tries to log in, to which account, from where. */
interface LoginAttempt {
  /** An app's slug, or `ADMIN_SCOPE`. */
  readonly app: string
  /** As sent, lower case; whether there is such an account makes no difference here. */
  readonly email: string
  readonly ip: string
}

export interface Brake {
  /** Counts the attempt as a wrong one, ahead of the check. Throws `rate_limited` when it comes too early. */
  admitLogin(attempt: LoginAttempt): Promise<void>
  /** It was right. */
  forgiveLogin(attempt: LoginAttempt): Promise<void>
  admitSignUp(app: string, ip: string): Promise<void>
}

/** One account from one address: somebody guessing, or somebody who forgot. */
const PAIR: BrakePolicy = { free: 10, first: 1, most: 900, leak: 1 / 1200 }
/** One address, all accounts of an app: the same few passwords tried on everybody. Many people may share an address. */
const ADDRESS: BrakePolicy = { free: 100, first: 1, most: 60, leak: 1 / 6 }
/** One account from everywhere; never refuses by itself, see {@link tollAt}. */
const ACCOUNT: BrakePolicy = { free: 30, first: 0, most: 0, leak: 1 / 60 }
const SIGN_UP: BrakePolicy = { free: 30, first: 2, most: 600, leak: 1 / 60 }

const HIGHEST_TOLL = 300
/** Seconds for which an address counts as an account's home after a login. */
const KNOWN_FOR = 30 * 86_400

/**
 * Slows guessing down, without ever locking anybody out.
 *
 * An account that is being guessed at from many addresses asks a toll of every address that has not lately logged in to it:
 * a wait of up to five minutes before each guess. So the attack slows by the number of its addresses, while the owner passes
 * freely at home, and elsewhere waits once and is then admitted, however hard the attack goes on. A counter that refused by
 * itself would give the attacker a switch to lock the owner out with.
 */
export function createBrake(db: Sql, report: ReportAuthEvent): Brake {
  async function admit(key: string, policy: BrakePolicy, refuse: (wait: number) => Problem, toll = 0): Promise<number> {
    const level = await countAttempt(db, key, policy, toll)
    if (level !== undefined) return level
    throw refuse((await selectAttemptState(db, key)).wait)
  }

  return {
    async admitLogin(attempt) {
      const keys = keysOf(attempt)
      const refuse = (wait: number) => slowed(report, 'login', attempt, wait)
      const { wait, known } = await selectAttemptState(db, keys.pair)
      if (wait > 0) throw refuse(wait)
      // At home one isn't held up by others who guess from behind the same address.
      if (!known) await admit(keys.address, ADDRESS, refuse)
      const heat = (await countAttempt(db, keys.account, ACCOUNT)) ?? ACCOUNT.free
      await admit(keys.pair, PAIR, refuse, tollAt(heat))
    },
    async forgiveLogin(attempt) {
      await forgiveAttempt(db, keysOf(attempt), KNOWN_FOR)
    },
    async admitSignUp(app, ip) {
      // Whoever is on this machine may make as many test users as they like.
      if (isLoopback(ip)) return
      const refuse = (wait: number) => slowed(report, 'signup', { app, ip }, wait)
      await admit(keyOf('signup', app, addressBlock(ip)), SIGN_UP, refuse)
    },
  }
}

function tollAt(heat: number): number {
  return heat < ACCOUNT.free ? 0 : Math.min(HIGHEST_TOLL, 2 ** (heat - ACCOUNT.free))
}

function keysOf({ app, email, ip }: LoginAttempt) {
  const block = addressBlock(ip)
  return {
    pair: keyOf('pair', app, email, block),
    account: keyOf('account', app, email),
    address: keyOf('address', app, block),
  }
}

/** JSON, so that no two lists of parts are written alike; a hash, so that the table names nobody. */
function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

function slowed(
  report: ReportAuthEvent,
  what: 'login' | 'signup',
  { app, ip }: { readonly app: string; readonly ip: string },
  wait: number,
): Problem {
  report({ type: 'attempt.slowed', app, ip, what })
  const retryAfter = Math.max(1, Math.ceil(wait))
  return new Problem('rate_limited', `Too many attempts. Try again in ${retryAfter} s.`, { retryAfter })
}
