import { createHmac, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { LiveApp } from '../../apps/section.ts'
import type { Sql } from '../../db/database.ts'
import { Problem, type Violation } from '../../errors/problem.ts'
import type { Draft } from './draft-records.ts'
import { keyOf, type SeedRecord } from './model.ts'

/** What the room of accounts does for seeds. */
export interface SeedAccounts {
  /** What is wrong with a password; pointers begin with `/password`. */
  checkPassword(password: string, email: string): Promise<readonly Violation[]>
  hashPassword(password: string): Promise<string>
  insertCredentials(sql: Sql, app: LiveApp, userId: string, passwordHash: string): Promise<void>
}

export interface Passwords {
  /** Checks and hashes those of the records that have one. */
  prepare(app: LiveApp, records: readonly SeedRecord[]): Promise<void>
  store(sql: Sql, app: LiveApp, drafts: readonly Draft[]): Promise<void>
}

/** Enough for the accounts of the apps that one server is tested with. */
const REMEMBERED = 1000

/**
 * Hashes of the passwords in seeds. A hash costs what a login costs, on purpose; tests seed the same accounts again and again. So the
 * hash of an account's password is kept for when the same account is made again with it: the same salt for the same account, never one
 * salt for two. Kept is the hash, which the database has too, under a key that is good for this process only.
 */
export function createPasswords(accounts: SeedAccounts): Passwords {
  const secret = randomBytes(32)
  const hashes = new LRUCache<string, string>({ max: REMEMBERED })
  const memoryKey = (app: LiveApp, record: SeedRecord) =>
    createHmac('sha256', secret)
      .update(JSON.stringify([app.slug, keyOf(record), record.password]))
      .digest('base64')

  return {
    async prepare(app, records) {
      const errors: Violation[] = []
      for (const record of records) await check(record, errors)
      const [first] = errors
      if (first !== undefined)
        throw new Problem('validation_failed', `seed.yaml${first.pointer} ${first.message}`, { errors })
      for (const record of records) if (record.password !== undefined) await hashOf(app, record, record.password)
    },

    async store(sql, app, drafts) {
      for (const { record, id } of drafts) {
        if (record.password === undefined) continue
        await accounts.insertCredentials(sql, app, id, await hashOf(app, record, record.password))
      }
    },
  }

  async function check({ password, values, pointer }: SeedRecord, errors: Violation[]): Promise<void> {
    if (password === undefined) return
    const email = values.get('email')
    const found = await accounts.checkPassword(
      password,
      email !== undefined && 'literal' in email ? String(email.literal) : '',
    )
    errors.push(...found.map((error) => ({ ...error, pointer: pointer + error.pointer })))
  }

  /** One after the other: a hasher that is busy with a seed would make people wait who want to log in. */
  async function hashOf(app: LiveApp, record: SeedRecord, password: string): Promise<string> {
    const key = memoryKey(app, record)
    const known = hashes.get(key)
    if (known !== undefined) return known
    const hash = await accounts.hashPassword(password)
    hashes.set(key, hash)
    return hash
  }
}
