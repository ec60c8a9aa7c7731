import { randomBytes, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { parse } from 'yaml'
import type { LiveApp } from '../../apps/section.ts'
import type { Sql } from '../../db/database.ts'
import { testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'
import type { UserRecords } from '../../records/user-records.ts'
import type { AuthEvent } from '../events.ts'
import { type AuthOptions, openAuth } from '../open-auth.ts'
import { authSection } from '../section.ts'
import { logIn } from './log-in.ts'
import { refreshSession } from './refresh-session.ts'
import { signUp } from './sign-up.ts'
import type { SignedIn } from './signed-in.ts'

export const PUBLIC_URL = 'https://base.example.com'
export const PASSWORD = 'correct horse battery'
const OPEN = '{ signup: open, roles: { admin: [] } }'

/** This room over a database of its own, with one app whose users have a `name`. */
export async function testAuth(options: Partial<AuthOptions> = {}) {
  const database = await testDatabase()
  const { db } = database
  const app = await makeApp(db, 'todo')
  const events: AuthEvent[] = []
  const auth = openAuth({
    db,
    users: testUsers(db),
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
    makeApp: (slug: string, auth?: string) => makeApp(db, slug, auth),
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

async function makeApp(db: Sql, slug: string, written = OPEN): Promise<LiveApp> {
  const schema = `app_${slug}`
  // The users table as the records room makes it.
  await db.once(`
    create schema ${schema};
    create table ${schema}.users (
      id uuid primary key default roadbase.uuid_v7(),
      email text collate "C" not null unique,
      roles text[] not null default '{}',
      suspended boolean not null default false,
      name text collate "C",
      version bigint not null default 1,
      updated_at timestamptz(3) not null default now()
    );
    create trigger touch before update on ${schema}.users for each row execute function roadbase.touch();
    create trigger end_sessions after delete or update of suspended on ${schema}.users
      for each row execute function roadbase.end_sessions('${slug}');
    insert into roadbase.apps (slug, schema, version) values ('${slug}', '${schema}', 1);
  `)
  const auth = authSection.check({
    app: slug,
    schema,
    document: { auth: parse(written) },
    part: () => expect.fail('needs no other section'),
    report: ({ message }) => expect.fail(message),
  })
  return {
    slug,
    schema,
    version: 1,
    title: slug,
    description: '',
    model: () => auth as never,
    part: () => undefined as never,
  }
}

function testUsers(db: Sql): UserRecords {
  return {
    prepare(app, { email, name, ...others }) {
      if (Object.keys(others).length > 0) throw new Problem('unknown_field')
      if (typeof email !== 'string' || !email.includes('@')) throw new Problem('validation_failed')
      return async (sql) => {
        const [row] = await sql.query<{ id: string }>(
          `insert into ${app.schema}.users (id, email, name) values ($1::uuid, $2, $3) on conflict do nothing returning id::text`,
          [randomUUID(), email, typeof name === 'string' ? name : null],
        )
        if (row !== undefined) return row.id
        const errors = [{ pointer: '/email', code: 'unique', message: 'is already taken' }]
        throw new Problem('unique_violation', undefined, { errors })
      }
    },
    async read(app, caller) {
      const [row] = await db.query<{ json: string }>(
        `select json_build_object('id', id, 'email', email, 'name', name)::text as json from ${app.schema}.users
         where id = $1::uuid and exists (
           select from roadbase.sessions where id = $2::uuid and revoked_at is null and expires_at > now()
         )`,
        [caller.userId, caller.sessionId],
      )
      if (row === undefined) throw new Problem('invalid_token')
      return row.json
    },
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
    update roadbase.admin_setup_links set expires_at = expires_at - interval '${seconds} s';
    update roadbase.signing_keys set signs_from = signs_from - interval '${seconds} s', signs_until = signs_until - interval '${seconds} s';
  `)
}
