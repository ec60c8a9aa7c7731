import { type AdminClient, createAdmin } from '../admin/create-admin.ts'
import type { AppTypes } from '../app-types.ts'
import type { Credentials } from '../auth/auth.ts'
import { type Client, createClient } from '../create-client.ts'
import { type AccountArgs, type AccountsArgs, createPeople, type Person } from './people.ts'
import type { TestServer } from './server/start-server.ts'

/** The app of a scenario, on its server. */
export interface TestApp<T extends AppTypes<T>> {
  readonly slug: string
  /** Of the server, for clients of other kinds. */
  readonly url: string
  /** The administration of the server, and the app's records as an administrator has them: rules are not asked. */
  readonly admin: AdminClient & Pick<Client<T>, 'collection'>
  /** Deletes all records, then makes those of a set of `seed.yaml`; gives them by their names. People of the running test stay. */
  seeded<S extends SeedName<T>>(set: S): Promise<SeedOf<T, S>>
  /** Deletes all records. People of the running test stay, and those who were signed up outside of tests. */
  empty(): Promise<void>
  /** Somebody who is not signed in. */
  anonymous(): Client<T>
  /** A new account, signed in. */
  signUp(...account: AccountArgs<T>): Promise<Person<T>>
  /** Many, at once. */
  signUpMany(count: number, ...accounts: AccountsArgs<T>): Promise<Person<T>[]>
  /** A new account that an administrator gives the role, or roles. */
  withRole(roles: RoleOf<T> | readonly RoleOf<T>[], ...account: AccountArgs<T>): Promise<Person<T>>
  /** An account that is there already, such as one of the seed. */
  logIn(credentials: Credentials): Promise<Person<T>>
  /** Sets values of the app's `settings:`. At the end of the test they are again as they were. */
  settings(values: Readonly<Record<string, unknown>>): Promise<void>
  /** What the server has logged, since its start. */
  log(): string
  /** Kills the database, as a crash would, and waits until the server has it back: memory storage is empty then. */
  crashDatabase(): Promise<void>
}

type SeedsOf<T> = T extends { readonly seeds: infer S } ? S : Readonly<Record<string, UntypedSeed>>
/** Without types: a record, or a list of them. */
// biome-ignore lint/suspicious/noExplicitAny: which of the two it is, only the seed file knows
type UntypedSeed = Readonly<Record<string, any>>
export type SeedName<T> = keyof SeedsOf<T> & string
export type SeedOf<T, S extends SeedName<T>> = SeedsOf<T>[S]
export type RoleOf<T> = T extends { readonly roles: infer R extends string } ? R : string

/** What the scenario does around each test. */
export interface Stage<T extends AppTypes<T>> {
  readonly app: TestApp<T>
  beginTest(): void
  endTest(): Promise<void>
}

export function createTestApp<T extends AppTypes<T>>(server: TestServer, slug: string): Stage<T> {
  const { url, token } = server
  const admin = createAdmin({ url, token })
  const asAdmin = createClient<T>({ url, app: slug, token })
  /** Accounts that were made outside of tests live as long as the scenario, others as long as their test. */
  const lasting: string[] = []
  let ofTest: string[] | undefined
  const people = createPeople<T>({ url, app: slug, admin, made: (id) => void (ofTest ?? lasting).push(id) })
  /** What the settings were that the running test has changed. */
  const before = new Map<string, unknown>()

  const restart = (set: string | null) =>
    admin.apps.seed(slug, { set, fresh: slug, keepUsers: [...lasting, ...(ofTest ?? [])] })

  const app: TestApp<T> = {
    slug,
    url,
    admin: { ...admin, collection: (name) => asAdmin.collection(name) },
    async seeded(set) {
      return (await restart(set)).records as SeedOf<T, typeof set>
    },
    async empty() {
      await restart(null)
    },
    anonymous: () => createClient<T>({ url, app: slug }),
    signUp: (...[account]) => people.signUp(account),
    signUpMany: (count, ...[accounts]) => people.signUpMany(count, accounts),
    withRole: (roles, ...[account]) => people.withRole(roles, account),
    logIn: people.logIn,
    async settings(values) {
      if (ofTest !== undefined) await remember(Object.keys(values))
      await admin.apps.set(slug, values)
    },
    log: () => own('log').log.show(0, Number.POSITIVE_INFINITY),
    crashDatabase: () => own('crashDatabase').crashDatabase(),
  }

  return {
    app,
    beginTest() {
      ofTest = []
    },
    async endTest() {
      ofTest = undefined
      const values = Object.fromEntries(before)
      before.clear()
      if (Object.keys(values).length > 0 && server.own?.died() === undefined) await admin.apps.set(slug, values)
    },
  }

  async function remember(names: readonly string[]): Promise<void> {
    if (names.every((name) => before.has(name))) return
    for (const { name, value, isSet } of await admin.apps.settings(slug)) {
      if (names.includes(name) && !before.has(name)) before.set(name, isSet ? value : null)
    }
  }

  function own(what: string) {
    if (server.own !== undefined) return server.own
    throw new Error(`app.${what}() needs a server of the tests' own; this one was there before (ROADBASE_TEST_URL)`)
  }
}
