import { randomBytes } from 'node:crypto'
import { createLoader, type DeclaredErrors, errorsSection, type Terms, termsSection } from '../apps/index.ts'
import type { CheckContext, LiveApp, SomeSection } from '../apps/section.ts'
import { appOf, brief } from '../apps/testing.ts'
import type { OpenDatabase } from '../db/open-database.ts'
import type { RecordsEvent } from './events.ts'
import { createTroublemakers } from './operations/troublemakers.ts'
import { createCursors } from './query/cursor.ts'
import { createRecordsSection } from './section.ts'
import { createOpenCollections } from './seed/open-collection.ts'
import { createPasswords } from './seed/passwords.ts'
import { createSeedSection } from './seed/section.ts'
import type { SeedDeps } from './seed/seed-app.ts'
import type { SettingsDeps } from './settings/list-settings.ts'
import { createSettingsSection } from './settings/section.ts'
import type { Seal } from './settings/stored-value.ts'

const PERMISSIONS = new Map([['things.write', ['admin']]])
const ROLES = ['admin', 'editor']

/** Reversed bytes, and the name in front: enough to see whether something was sealed, and for what. */
const seal: Seal = {
  close: (secret, name) => Buffer.concat([Buffer.from(`${name}\0`), Buffer.from(secret).reverse()]),
  open(sealed, name) {
    const prefix = Buffer.from(`${name}\0`)
    return sealed.subarray(0, prefix.length).equals(prefix)
      ? Buffer.from(sealed.subarray(prefix.length)).reverse()
      : undefined
  },
}

/**
 * A server of apps for tests of this room: documents are loaded as real ones are, accounts are what the test says. Its roles are `admin`
 * (may `things.write`) and `editor`.
 */
export function appServer(db: OpenDatabase) {
  const events: RecordsEvent[] = []
  const report = (event: RecordsEvent) => void events.push(event)
  const settings = createSettingsSection({ db, seal, report })
  const terms = (context: CheckContext) => context.part<Terms>(termsSection)
  const records = createRecordsSection({
    deps: {
      db,
      troublemakers: createTroublemakers({ clock: Date.now }),
      limits: { maxBatch: 100, maxInFlight: 2, maxWaiting: 1000 },
      onBatch: () => {},
      cursors: createCursors(randomBytes(32)),
      development: false,
      report,
    },
    terms,
    permissions: () => PERMISSIONS,
    errors: (context) => context.part<DeclaredErrors>(errorsSection),
    settings,
  })
  const seeds = createSeedSection({ records, settings, terms, roles: () => ROLES })
  const sections: readonly SomeSection[] = [termsSection, errorsSection, settings, records, seeds]
  const loader = createLoader({
    db,
    sections,
    report: () => {},
    clock: { now: () => new Date(), sleep: async () => {} },
    afterRequests: async () => {},
    afterVisits: async () => {},
  })
  /** Passwords that were hashed. */
  const hashed: string[] = []
  const passwords = createPasswords({
    checkPassword: async (password) =>
      password.length < 8
        ? [{ pointer: '/password', code: 'too_short', message: 'must have at least 8 characters' }]
        : [],
    hashPassword: async (password) => {
      hashed.push(password)
      return `hash of ${password}`
    },
    insertCredentials: async (sql, { slug }, userId, hash) => {
      await sql.query(`insert into roadbase.credentials (app, user_id, password_hash) values ($1, $2::uuid, $3)`, [
        slug,
        userId,
        hash,
      ])
    },
  })
  const seedDeps: SeedDeps = {
    db,
    records,
    settings,
    seeds,
    passwords,
    open: createOpenCollections(),
    now: () => new Date('2026-06-15T12:00:00.000Z'),
    report,
  }
  const settingsDeps: SettingsDeps = { db, section: settings, seal, refresh: loader.refresh }

  /** Every app has a name of its own: roles of PostgreSQL belong to the server that all tests share. */
  const newSlug = (name: string) => `${name}-${randomBytes(4).toString('hex')}`

  async function load(slug: string, document: string, seed?: string) {
    const files = { 'app.yaml': `app: ${slug}\n${document}`, ...(seed === undefined ? {} : { 'seed.yaml': seed }) }
    const status = await loader.load(await appOf(slug, files))
    return { status, issues: brief(status.issues), app: () => appOrFail(loader.registry.get(slug), status.issues) }
  }

  return {
    db,
    loader,
    sections,
    records,
    events,
    hashed,
    seedDeps,
    settingsDeps,
    newSlug,
    load,
    close: () => loader.close(),
  }
}

function appOrFail(app: LiveApp | undefined, issues: readonly unknown[]): LiveApp {
  if (app === undefined) throw new Error(`The app is not served: ${JSON.stringify(issues, null, 2)}`)
  return app
}
