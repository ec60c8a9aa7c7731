import type { AppTypes, CollectionName, CollectionOf, ErrorOf, UntypedApp, UserOf } from './app-types.ts'
import { type Auth, createAuth } from './auth/auth.ts'
import { createSessionKeeper } from './auth/session-keeper.ts'
import type { Session } from './auth/session-state.ts'
import { memoryStore, type SessionStore } from './auth/session-store.ts'
import { createBatch, type RunBatch } from './batch.ts'
import { createCollection, type ServedCollection } from './collection.ts'
import { fixedToken } from './fixed-token.ts'
import { segment } from './path.ts'
import { type ClientErrorCode, type ErrorWith, RoadbaseError } from './roadbase-error.ts'
import { createTransport, type Send } from './transport.ts'

export interface ClientOptions {
  /** Where the server is, `https://example.org`. */
  readonly url: string
  /** The app's slug. */
  readonly app: string
  /** Instead of the platform's `fetch`. */
  readonly fetch?: typeof fetch
  /**
   * The one token of this client, such as an admin key, instead of a session: `auth` can not sign in or out then.
   * For servers and programs; it doesn't belong into a browser.
   */
  readonly token?: string
  /** Where the session is kept. Default: in memory. Two clients must not share a store unless it has `sharedAs`. */
  readonly store?: SessionStore
  /** Milliseconds that a call may take, retries included. Default: 30 000; `Infinity` for no limit. */
  readonly timeout?: number
  /** How many times a call is tried again where that is safe. Default: 2. */
  readonly retries?: number
}

export interface Client<T extends AppTypes<T> = UntypedApp> {
  readonly auth: Auth<T>
  collection<C extends CollectionName<T>>(name: C): ServedCollection<CollectionOf<T, C>>
  /**
   * Whether a call was rejected with this code, of the server or of the app's own (`errors:` of its document).
   * With the app's types a code that it does not have does not compile.
   */
  isError<const C extends ErrorOf<T> | ClientErrorCode>(error: unknown, code: C): error is ErrorWith<C>
  /** Several writes that happen together, or not at all; answers with what each alone would answer. */
  readonly batch: RunBatch<T>
  /** Takes the client's listeners away. Calls that are under way go on. */
  close(): void
}

/** A client of one app. Sends nothing before it is asked to. */
export function createClient<T extends AppTypes<T> = UntypedApp>(options: ClientOptions): Client<T> {
  const { token } = options
  if (token !== undefined && options.store !== undefined)
    throw new TypeError('A client has a token or a store, not both')
  const keeper = createSessionKeeper<UserOf<T>>({
    store: options.store ?? memoryStore(),
    exchange: (refreshToken) => exchange<UserOf<T>>(send, refreshToken),
  })
  const send = createTransport({
    base: `${options.url.replace(/\/+$/, '')}/api/${segment(options.app, 'app')}`,
    // Called as a plain function: browsers refuse `fetch` as a method of something else.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    timeout: options.timeout ?? 30_000,
    retries: options.retries ?? 2,
    tokens: token === undefined ? keeper : fixedToken(token),
    now: () => performance.now(),
    random: Math.random,
  })

  return {
    auth: createAuth<T>(send, keeper, token === undefined),
    collection: <C extends CollectionName<T>>(name: C) => createCollection<CollectionOf<T, C>>(send, name),
    isError: <C extends string>(error: unknown, code: C): error is ErrorWith<C> =>
      error instanceof RoadbaseError && (error.code as string) === code,
    batch: createBatch<T>(send),
    close: () => keeper.close(),
  }
}

/** Not repeatable: a refresh token that comes a second time looks stolen, and ends the session. */
async function exchange<User>(send: Send, refreshToken: string): Promise<Session<User>> {
  const call = {
    method: 'POST',
    path: '/auth/refresh',
    body: { refreshToken },
    authorized: false,
    repeatable: false,
  } as const
  return (await send(call)) as Session<User>
}
