import type { ProfileOf, UserOf, UserUpdateOf } from '../app-types.ts'
import type { CallOptions, Send } from '../transport.ts'
import type { SessionKeeper } from './session-keeper.ts'
import type { Session } from './session-state.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
}

/** Accounts and the session of this client. */
export interface Auth<T> {
  /** The signed-in user as last heard of. Undefined too until a store that answers later has been read: see `ready`. */
  readonly user: UserOf<T> | undefined
  /** Resolves once the session store has been read. */
  readonly ready: Promise<void>
  /** Makes an account and signs in with it. */
  signUp(account: Credentials & ProfileOf<T>, options?: CallOptions): Promise<UserOf<T>>
  logIn(credentials: Credentials, options?: CallOptions): Promise<UserOf<T>>
  /** Forgets the session here, and ends it on the server if that can be reached. */
  logOut(options?: CallOptions): Promise<void>
  /** New tokens now. Not needed for calls: they refresh by themselves when the access token has ended. */
  refresh(): Promise<void>
  /** The signed-in user, read anew. */
  me(options?: CallOptions): Promise<UserOf<T>>
  updateMe(changes: UserUpdateOf<T>, options?: CallOptions): Promise<UserOf<T>>
  /** Calls the listener with the user at sign-in, sign-out and every change, in other tabs too. Returns what ends that. */
  onChange(listener: (user: UserOf<T> | undefined) => void): () => void
}

/** `mayOpen`: whether there can be a session at all. */
export function createAuth<T>(send: Send, keeper: SessionKeeper<UserOf<T>>, mayOpen = true): Auth<T> {
  async function open(path: string, body: unknown, options: CallOptions): Promise<UserOf<T>> {
    if (!mayOpen) throw new TypeError('This client was made with a token, so it can not sign in as somebody else')
    const session = await send({ ...options, method: 'POST', path, body, authorized: false, repeatable: false })
    await keeper.signIn(session as Session<UserOf<T>>)
    return (session as Session<UserOf<T>>).user
  }

  async function keep(answer: Promise<unknown>): Promise<UserOf<T>> {
    const user = (await answer) as UserOf<T>
    await keeper.updateUser(user)
    return user
  }

  return {
    get user() {
      return keeper.session?.user
    },
    ready: keeper.loaded,
    signUp: (account, options = {}) => open('/auth/signup', account, options),
    // Whoever passes the account they signed up with means these two.
    logIn: ({ email, password }, options = {}) => open('/auth/login', { email, password }, options),
    async logOut(options = {}) {
      await keeper.loaded
      const refreshToken = keeper.session?.refreshToken
      // First here: who signs out wants to be out, also without a network.
      await keeper.signOut()
      if (refreshToken === undefined) return
      await send({
        ...options,
        method: 'POST',
        path: '/auth/logout',
        body: { refreshToken },
        authorized: false,
        repeatable: true,
      })
    },
    refresh: () => keeper.refresh(),
    me: (options = {}) => keep(send({ ...options, method: 'GET', path: '/auth/me', repeatable: true })),
    updateMe: (body, options = {}) =>
      keep(send({ ...options, method: 'PATCH', path: '/auth/me', body, repeatable: false })),
    onChange: (listener) => keeper.onChange(listener),
  }
}
