import { RoadbaseError } from '../roadbase-error.ts'
import type { Tokens } from '../transport.ts'
import { nextState, type Session, type SessionEvent, type SessionState, sessionOf } from './session-state.ts'
import type { SessionStore } from './session-store.ts'
import { type Turn, withLock } from './with-lock.ts'

export interface SessionKeeper<User> extends Tokens {
  /** The session as far as it is known: undefined while an asynchronous store is being read. */
  readonly session: Session<User> | undefined
  /** Resolves once the store has been read. */
  readonly loaded: Promise<void>
  signIn(session: Session<User>): Promise<void>
  signOut(): Promise<void>
  updateUser(user: User): Promise<void>
  /** New tokens, now. Callers that come while it runs share it. Without a session it does nothing. */
  refresh(): Promise<void>
  onChange(listener: (user: User | undefined) => void): () => void
  close(): void
}

export interface SessionKeeperOptions<User> {
  readonly store: SessionStore
  /** Asks the server for new tokens. */
  readonly exchange: (refreshToken: string) => Promise<Session<User>>
}

/** Holds the state of {@link nextState}, keeps the store equal to it, and tells listeners. */
export function createSessionKeeper<User>({ store, exchange }: SessionKeeperOptions<User>): SessionKeeper<User> {
  const listeners = new Set<(user: User | undefined) => void>()
  let state: SessionState<User> = { name: 'loading' }
  let refreshing: Promise<void> | undefined

  const stopListening = store.subscribe?.(() => void adopt())
  const first = store.get()
  // A store that answers at once, such as localStorage, lets a page start with its user there.
  const loaded = first instanceof Promise ? first.then(load) : Promise.resolve(load(first))

  function load(text: string | null): void {
    change({ type: 'loaded', session: parseSession<User>(text) })
  }

  async function adopt(): Promise<void> {
    change({ type: 'adopted', session: parseSession<User>(await store.get()) })
  }

  function change(event: SessionEvent<User>): void {
    const before = sessionOf(state)?.user
    state = nextState(state, event)
    const after = sessionOf(state)?.user
    // A refresh brings the same user again: no news.
    if (JSON.stringify(before) === JSON.stringify(after)) return
    for (const listener of [...listeners]) listener(after)
  }

  /** A change that is ours, so it goes into the store. */
  async function commit(event: SessionEvent<User>): Promise<void> {
    const before = sessionOf(state)
    change(event)
    const after = sessionOf(state)
    if (after !== before) await store.set(after === undefined ? null : JSON.stringify(after))
  }

  async function refresh(): Promise<void> {
    await loaded
    refreshing ??= refreshOnce().finally(() => {
      refreshing = undefined
    })
    return refreshing
  }

  /** What is stored, once what another tab may have written has had the time to arrive. */
  async function storedAfter(from: string, turn: Turn): Promise<Session<User> | undefined> {
    for (const end = Date.now() + ARRIVAL[turn]; ; await sleep(POLL)) {
      const stored = parseSession<User>(await store.get())
      if (stored?.refreshToken !== from || Date.now() >= end) return stored
    }
  }

  async function refreshOnce(): Promise<void> {
    const held = sessionOf(state)
    if (held === undefined) return
    const from = held.refreshToken
    change({ type: 'refreshStarted' })
    try {
      await withLock(store.sharedAs, async (turn) => {
        const stored = await storedAfter(from, turn)
        // Another tab was first: its tokens are ours, and using the old one again would end the session.
        if (stored?.refreshToken !== from) return change({ type: 'adopted', session: stored })
        await commit({ type: 'refreshed', from, session: await exchange(from) })
      })
    } catch (error) {
      if (!isRefusal(error)) change({ type: 'refreshFailed', from })
      else await commit({ type: 'refreshRefused', from })
      throw error
    }
  }

  return {
    loaded,
    get session() {
      return sessionOf(state)
    },
    async current() {
      await loaded
      return sessionOf(state)?.accessToken
    },
    async renew(refused) {
      // Somebody else renewed it between the request and its refusal.
      if (sessionOf(state)?.accessToken === refused) await refresh().catch(rethrowUnlessRefused)
      return sessionOf(state)?.accessToken
    },
    signIn: (session) => commit({ type: 'signedIn', session }),
    signOut: () => commit({ type: 'signedOut' }),
    updateUser: (user) => commit({ type: 'userChanged', user }),
    refresh,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      listeners.clear()
      stopListening?.()
    },
  }
}

/**
 * Milliseconds until a tab surely sees what another one has stored. Tabs are processes, and `localStorage` reaches them on another way than the
 * locks do: whoever gets the lock may still read the tokens that were used up by the one who had it.
 */
const ARRIVAL: Readonly<Record<Turn, number>> = { alone: 0, first: 50, waited: 1000 }
const POLL = 5

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** The server says that the session is over, as opposed to not being reached. */
function isRefusal(error: unknown): boolean {
  return error instanceof RoadbaseError && (error.status === 401 || error.status === 403)
}

/** A refused refresh is not the caller's error: its own request's refusal is. */
function rethrowUnlessRefused(error: unknown): void {
  if (!isRefusal(error)) throw error
}

function parseSession<User>(text: string | null): Session<User> | undefined {
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isSession<User>(value) ? value : undefined
  } catch {
    // Whatever it was, it is no session: the user signs in again.
    return undefined
  }
}

function isSession<User>(value: unknown): value is Session<User> {
  if (typeof value !== 'object' || value === null) return false
  const { accessToken, refreshToken, user } = value as Partial<Session<User>>
  return typeof accessToken === 'string' && typeof refreshToken === 'string' && typeof user === 'object'
}
