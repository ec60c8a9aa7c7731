import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { createLoader, termsSection } from '../../apps/index.ts'
import type { LiveApp } from '../../apps/section.ts'
import { appOf } from '../../apps/testing.ts'
import type { Database, Sql } from '../../db/database.ts'
import { testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'
import { createCursors, createRecordsSection, createTroublemakers, createUserRecords } from '../../records/index.ts'
import type { AuthEvent } from '../events.ts'
import { type AuthOptions, openAuth } from '../open-auth.ts'
import { authSection } from '../section.ts'
import { logIn } from './log-in.ts'
import { refreshSession } from './refresh-session.ts'
import { signUp } from './sign-up.ts'
import type { SignedIn } from './signed-in.ts'

export const PUBLIC_URL = 'https://base.example.com'
export const PASSWORD = 'correct horse battery'
const USERS = '{ schema: { properties: { name: { type: string } } } }'

/** This room over a database of its own, with one app whose users have a `name`. */
export async function testAuth(options: Partial<AuthOptions> = {}) {
  const database = await testDatabase()
  const { db } = database
  const apps = createTestApps(db)
  const makeApp = (name: string, auth = '{ signup: open, roles: { admin: [] } }', users = USERS) =>
    apps.load(name, auth, users)
  const app = await makeApp('todo')
  const events: AuthEvent[] = []
  const auth = openAuth({
    db,
    users: apps.users,
    report: (event) => void events.push(event),
    now: Date.now,
    publicUrl: PUBLIC_URL,
    masterKey: randomBytes(32),
    adminKey: `rbk_${randomBytes(32).toString('base64url')}`,
    passwords: { memory: 8 * 1024, passes: 1, parallelism: 1, concurrency: 2 },
    tokens: { access: 900_000, refresh: 30 * 86_400_000 },
    ...options,
  })
  await auth.start()

  return {
    ...auth,
    db,
    app,
    events,
    makeApp,
    signUp: (body: unknown, ip = '192.0.2.1', to = app) => signUp(auth.accounts, to, anonymous(ip), body),
    logIn: (body: unknown, ip = '192.0.2.1', to = app) => logIn(auth.accounts, to, anonymous(ip), body),
    refresh: (refreshToken: unknown, to = app) => refreshSession(auth.accounts, to, anonymous(), { refreshToken }),
    callerOf: (signedIn: SignedIn, of = app): Caller => {
      const identity = auth.verifier.verify(of.slug, signedIn.accessToken)
      if (identity instanceof Problem) throw identity
      return { ...anonymous(), userId: identity.userId, sessionId: identity.sessionId }
    },
    /** As records do: the session is read with each statement. */
    isLive: async (caller: Caller) => {
      const [row] = await db.query(
        `select from roadbase.sessions where id = $1::uuid and revoked_at is null and expires_at > now()`,
        [caller.sessionId],
      )
      return row !== undefined
    },
    /** Lets time pass for everything that the database keeps. */
    pass: (seconds: number) => passTime(db, seconds),
    close: async () => {
      auth.stop()
      await apps.close()
      await database.drop()
    },
  }
}

export type TestAuth = Awaited<ReturnType<typeof testAuth>>

export function anonymous(ip = '192.0.2.1'): Caller {
  return { userId: null, sessionId: null, request: { id: 'r1', method: 'POST', path: '/', ip } }
}

/** Expects a refusal; resolves to what the client would see of it. */
export async function refusal(attempt: Promise<unknown>): Promise<Problem> {
  const error = await attempt.then(
    () => expect.fail('it was not refused'),
    (caught: unknown) => caught,
  )
  if (error instanceof Problem) return error
  throw error
}

/** The way of real apps: a document, loaded; so users are what the records room makes of them. */
function createTestApps(db: Database) {
  const records = createRecordsSection({
    deps: {
      db,
      troublemakers: createTroublemakers({ clock: Date.now }),
      limits: { maxBatch: 100, maxInFlight: 2, maxWaiting: 1000 },
      onBatch: () => {},
      cursors: createCursors(randomBytes(32)),
      development: false,
      report: () => {},
    },
    terms: (context) => context.part(termsSection),
    permissions: (context) => context.part(authSection).permissions,
  })
  const loader = createLoader({
    db,
    sections: [termsSection, authSection, records],
    report: () => {},
    clock: { now: () => new Date(), sleep: async () => {} },
    afterRequests: async () => {},
    afterVisits: async () => {},
  })
  return {
    users: createUserRecords(records),
    load: async (name: string, auth: string, users: string): Promise<LiveApp> => {
      // Roles belong to the server that all tests share, so every app has a name of its own.
      const slug = `${name}-${randomBytes(4).toString('hex')}`
      const document = `app: ${slug}\nauth: ${auth}\ncollections: { users: ${users} }\n`
      const status = await loader.load(await appOf(slug, document))
      return loader.registry.get(slug) ?? expect.fail(JSON.stringify(status))
    },
    close: () => loader.close(),
  }
}

async function passTime(db: Sql, seconds: number): Promise<void> {
  await db.once(`
    update roadbase.login_attempts set
      updated_at = updated_at - interval '${seconds} s', allowed_at = allowed_at - interval '${seconds} s',
      known_until = known_until - interval '${seconds} s', expires_at = expires_at - interval '${seconds} s';
    update roadbase.sessions set expires_at = expires_at - interval '${seconds} s', revoked_at = revoked_at - interval '${seconds} s';
    update roadbase.refresh_tokens set expires_at = expires_at - interval '${seconds} s';
    update roadbase.admin_sessions set expires_at = expires_at - interval '${seconds} s';
    update roadbase.password_resets set expires_at = expires_at - interval '${seconds} s';
    update roadbase.admin_keys set expires_at = expires_at - interval '${seconds} s';
    update roadbase.admin_setup_links set expires_at = expires_at - interval '${seconds} s';
    update roadbase.signing_keys set signs_from = signs_from - interval '${seconds} s', signs_until = signs_until - interval '${seconds} s';
  `)
}
