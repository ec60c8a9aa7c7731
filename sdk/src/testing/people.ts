import type { AdminClient } from '../admin/create-admin.ts'
import type { AppTypes, ProfileOf, UserOf } from '../app-types.ts'
import type { Credentials } from '../auth/auth.ts'
import { type Client, createClient } from '../create-client.ts'
import { RoadbaseError } from '../roadbase-error.ts'

/** A client that is signed in. */
export interface Person<T extends AppTypes<T>> extends Client<T> {
  readonly user: UserOf<T>
  readonly email: string
  readonly password: string
}

/** What an account is made of: the fields of `users`, with e-mail address and password where a test cares for them. */
export type Account<T> = ProfileOf<T> & Partial<Credentials>

/** The account may be left out where the app's users have no required field. */
export type AccountArgs<T> = Record<never, never> extends ProfileOf<T> ? [account?: Account<T>] : [account: Account<T>]

/** As {@link AccountArgs}, or one for each by their number, from 0. */
export type AccountsArgs<T> =
  Record<never, never> extends ProfileOf<T>
    ? [account?: Account<T> | ((index: number) => Account<T>)]
    : [account: Account<T> | ((index: number) => Account<T>)]

/** As many sign-ups under way at once as keep two cores busy. */
const AT_ONCE = 32

export interface People<T extends AppTypes<T>> {
  signUp(account?: Account<T>): Promise<Person<T>>
  signUpMany(count: number, account?: Account<T> | ((index: number) => Account<T>)): Promise<Person<T>[]>
  logIn(credentials: Credentials): Promise<Person<T>>
  withRole(roles: string | readonly string[], account?: Account<T>): Promise<Person<T>>
}

export interface PeopleDeps {
  readonly url: string
  readonly app: string
  readonly admin: AdminClient
  /** Told of each account that was made. */
  readonly made: (id: string) => void
}

/** The people of a scenario: real accounts, by the app's own sign-up where that is open to everybody. */
export function createPeople<T extends AppTypes<T>>({ url, app, admin, made }: PeopleDeps): People<T> {
  /** Of the server's whole life, other processes included: where it is reused, addresses of earlier runs are taken. */
  const run = crypto.randomUUID().slice(0, 8)
  let count = 0

  async function signUp(account: Account<T> = {} as Account<T>): Promise<Person<T>> {
    const { email = `person-${++count}-${run}@example.org`, password = 'a password for tests', ...profile } = account
    const client = createClient<T>({ url, app })
    const credentials = { email, password }
    const user = await client.auth
      .signUp({ ...profile, ...credentials } as Credentials & ProfileOf<T>)
      .catch(async (error: unknown) => {
        if (!(error instanceof RoadbaseError) || error.code !== 'signup_closed') throw error
        await admin.users.create(app, { ...profile, ...credentials })
        return client.auth.logIn(credentials)
      })
    made((user as { readonly id: string }).id)
    return person(client, credentials)
  }

  return {
    signUp,

    async signUpMany(total, account) {
      const people: Person<T>[] = []
      let next = 0
      const worker = async () => {
        while (next < total) {
          const index = next++
          people[index] = await signUp(typeof account === 'function' ? account(index) : account)
        }
      }
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, total) }, worker))
      return people
    },

    async logIn(credentials) {
      const client = createClient<T>({ url, app })
      await client.auth.logIn(credentials)
      return person(client, credentials)
    },

    async withRole(roles, account) {
      const one = await signUp(account)
      const id = (one.user as { readonly id: string }).id
      await admin.users.update(app, id, { roles: typeof roles === 'string' ? [roles] : [...roles] })
      await one.auth.me()
      return one
    },
  }
}

function person<T extends AppTypes<T>>(client: Client<T>, { email, password }: Credentials): Person<T> {
  return Object.defineProperties(client, {
    user: { get: () => client.auth.user, enumerable: true },
    email: { value: email, enumerable: true },
    password: { value: password, enumerable: false },
  }) as Person<T>
}
