import type { Database } from '../../db/database.ts'
import { StartError } from '../../errors/start-error.ts'
import type { ReportAuthEvent } from '../events.ts'
import { createKeyRing, generateKey, type KeyRing } from './key-ring.ts'
import { createSeal, type Seal } from './seal.ts'
import { insertKey, lockKeys, type StoredKey, selectKeys, selectLastTerm } from './sql.ts'

export interface SigningKeysDeps {
  readonly db: Database
  /** 32 bytes, the same on all servers of one database. */
  readonly masterKey: Buffer
  /** Seconds. */
  readonly accessTokenLife: number
  readonly report: ReportAuthEvent
  /** Seconds; the defaults are {@link TERM}, {@link LEAD} and {@link RELOAD}. */
  readonly term?: number
  readonly lead?: number
  readonly reload?: number
}

export interface SigningKeys {
  /** Makes the first key where there is none. Rejects with a message for people when the stored keys can't be opened. */
  start(): Promise<void>
  stop(): void
  /** Another object whenever the keys are others. */
  ring(): KeyRing
  /** Reads the stored keys, and makes the successor when it is time. */
  refresh(): Promise<void>
}

/** How long a key signs. */
const TERM = 90 * 86_400
/** How long before its term a key is published: longer than anybody caches the key set. */
const LEAD = 2 * 86_400
/** How often other servers' keys, and removed ones, are noticed. */
const RELOAD = 30

/**
 * The keys that sign access tokens, shared by all servers through the database and rotated by the clock:
 *
 *     made ──(lead)──> signs ──(term)──> verifies only ──(life of a token)──> gone
 *
 * A successor lies there two days before it signs, so no server and no verifier outside ever meets an unknown key.
 */
export function createSigningKeys(deps: SigningKeysDeps): SigningKeys {
  const { db, report, term = TERM, lead = LEAD, reload = RELOAD } = deps
  const seal = createSeal(deps.masterKey, 'roadbase signing keys')
  let ring: KeyRing = createKeyRing([])
  let timer: NodeJS.Timeout | undefined

  async function refresh(): Promise<void> {
    await makeSuccessor()
    const stored = await selectKeys(db, deps.accessTokenLife)
    if (isSame(ring, stored)) return
    ring = createKeyRing(stored.map((key) => ({ ...key, d: open(seal, key) })))
  }

  async function makeSuccessor(): Promise<void> {
    if (isCovered(await selectLastTerm(db), lead)) return
    const { kid, x, d } = generateKey()
    const sealed = seal.close(Buffer.from(d, 'latin1'), kid)
    const made = await db.transaction(async (sql) => {
      await lockKeys(sql)
      // Looked at again under the lock: another server may have been faster.
      if (isCovered(await selectLastTerm(sql), lead)) return false
      await insertKey(sql, { kid, x, sealed, term })
      return true
    })
    if (made) report({ type: 'signing_key.made', kid })
  }

  return {
    async start() {
      if (timer !== undefined) return
      await refresh()
      timer = setInterval(() => {
        refresh().catch((error: unknown) => report({ type: 'auth.task_failed', task: 'reload-keys', error }))
      }, reload * 1000)
      timer.unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    },
    ring: () => ring,
    refresh,
  }
}

function isCovered(last: { readonly endsIn: number } | undefined, lead: number): boolean {
  return last !== undefined && last.endsIn > lead
}

function isSame(ring: KeyRing, stored: readonly StoredKey[]): boolean {
  return ring.keys.length === stored.length && ring.keys.every((key) => stored.some(({ kid }) => kid === key.kid))
}

function open(seal: Seal, key: StoredKey): string {
  const opened = seal.open(key.sealed, key.kid)
  if (opened !== undefined) return opened.toString('latin1')
  throw new StartError(
    'configuration',
    `The signing key ${key.kid} in the database was sealed with another master key than this server's. ` +
      'All servers of one database need the same `secrets` folder in their data folder: copy it from the server that made the database.',
  )
}
