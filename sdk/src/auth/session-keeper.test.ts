import { afterEach, describe, expect, test, vi } from 'vitest'
import { RoadbaseError } from '../roadbase-error.ts'
import { createSessionKeeper } from './session-keeper.ts'
import type { Session } from './session-state.ts'
import { memoryStore, type SessionStore } from './session-store.ts'

interface Person {
  readonly name: string
}

const first = session(1)
const second = session(2)
const refusal = new RoadbaseError({ code: 'invalid_refresh_token', status: 401, detail: '' })
const offline = new RoadbaseError({ code: 'network_error', detail: '' })

describe('refreshing', () => {
  test('happens once for all who ask while it runs', async () => {
    const { keeper, exchange } = await signedIn()
    const answers = await Promise.all([keeper.renew('access 1'), keeper.renew('access 1'), keeper.refresh()])
    expect(answers).toEqual(['access 2', 'access 2', undefined])
    expect(exchange).toHaveBeenCalledExactlyOnceWith('refresh 1')
  })

  test('is not needed for a token that has been renewed meanwhile', async () => {
    const { keeper, exchange } = await signedIn()
    expect(await keeper.renew('access 0')).toBe('access 1')
    expect(exchange).not.toHaveBeenCalled()
  })

  test('that is refused signs out', async () => {
    const { keeper, exchange, store } = await signedIn()
    exchange.mockRejectedValue(refusal)
    expect(await keeper.renew('access 1')).toBeUndefined()
    expect([keeper.session, await store.get()]).toEqual([undefined, null])
  })

  test('that finds no network keeps the session and says so', async () => {
    const { keeper, exchange } = await signedIn()
    exchange.mockRejectedValueOnce(offline)
    await expect(keeper.renew('access 1')).rejects.toBe(offline)
    expect(keeper.session).toEqual(first)
    expect(await keeper.renew('access 1')).toBe('access 2')
  })

  test('brings nobody back who signed out meanwhile', async () => {
    const { keeper, exchange, store } = await signedIn()
    const answer = later<Session<Person>>()
    exchange.mockReturnValue(answer.promise)
    const renewed = keeper.renew('access 1')
    await vi.waitFor(() => expect(exchange).toHaveBeenCalled())
    await keeper.signOut()
    answer.resolve(second)
    expect(await renewed).toBeUndefined()
    expect(await store.get()).toBeNull()
  })

  test('does nothing for nobody', async () => {
    const { keeper, exchange } = start(memoryStore())
    await keeper.refresh()
    expect(exchange).not.toHaveBeenCalled()
  })
})

describe('the store', () => {
  test('has the session from an earlier page', () => {
    const store = memoryStore()
    store.set(JSON.stringify(first))
    expect(start(store).keeper.session).toEqual(first)
  })

  test('may answer later; calls wait for it', async () => {
    const text = later<string | null>()
    const { keeper } = start({ get: () => text.promise, set: () => {} })
    const token = keeper.current()
    expect(keeper.session).toBeUndefined()
    text.resolve(JSON.stringify(first))
    expect(await token).toBe('access 1')
  })

  test.each(['', 'null', '[]', '{"accessToken":1}', 'not json'])('that holds %j holds no session', (text) => {
    const store = memoryStore()
    store.set(text)
    expect(start(store).keeper.session).toBeUndefined()
  })

  test('gets every change', async () => {
    const { keeper, store } = await signedIn()
    await keeper.refresh()
    expect(await stored(store)).toEqual(second)
    await keeper.updateUser({ name: 'Ada L.' })
    expect(await stored(store)).toEqual({ ...second, user: { name: 'Ada L.' } })
    await keeper.signOut()
    expect(await store.get()).toBeNull()
  })
})

describe('two tabs with one store', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test('refresh once, under one lock', async () => {
    const locks = fakeLocks()
    vi.stubGlobal('navigator', { locks })
    const store = sharedStore(JSON.stringify(first))
    const tabs = [start(store.tab()), start(store.tab())] as const
    const tokens = await Promise.all(tabs.map(({ keeper }) => keeper.renew('access 1')))
    expect(tokens).toEqual(['access 2', 'access 2'])
    expect(tabs[0].exchange.mock.calls.length + tabs[1].exchange.mock.calls.length).toBe(1)
    // Both ask for the lock; the one that does not get it asks once more, and waits.
    expect(locks.names).toEqual(['roadbase:shared', 'roadbase:shared', 'roadbase:shared'])
  })

  test.each([
    ['that waited for the other', 'both at once'],
    ['that comes when the other has just ended', 'one after the other'],
  ])('refresh once, though the store reaches a tab later than the lock: one %s', async (_, when) => {
    vi.stubGlobal('navigator', { locks: fakeLocks() })
    const store = sharedStore(JSON.stringify(first))
    const one = start(store.tab())
    const other = start(laggingTab(store.tab(), 20))
    const renewed = one.keeper.renew('access 1')
    if (when === 'one after the other') await renewed
    expect(await Promise.all([renewed, other.keeper.renew('access 1')])).toEqual(['access 2', 'access 2'])
    expect(other.exchange).not.toHaveBeenCalled()
  })

  test('of which the first could not refresh: the one that waited does', async () => {
    vi.stubGlobal('navigator', { locks: fakeLocks() })
    const store = sharedStore(JSON.stringify(first))
    const [one, other] = [start(store.tab()), start(store.tab())]
    one.exchange.mockRejectedValue(offline)
    const failed = expect(one.keeper.renew('access 1')).rejects.toBe(offline)
    expect(await other.keeper.renew('access 1')).toBe('access 2')
    await failed
  })

  test("see each other's sign-in and sign-out", async () => {
    const store = sharedStore(null)
    const [one, other] = [start(store.tab()), start(store.tab())]
    const heard = vi.fn<(user: Person | undefined) => void>()
    other.keeper.onChange(heard)
    await one.keeper.signIn(first)
    await vi.waitFor(() => expect(heard).toHaveBeenLastCalledWith(first.user))
    await one.keeper.signOut()
    await vi.waitFor(() => expect(heard).toHaveBeenLastCalledWith(undefined))
    expect(other.keeper.session).toBeUndefined()
  })

  test('no longer do once one is closed', async () => {
    const store = sharedStore(null)
    const [one, other] = [start(store.tab()), start(store.tab())]
    other.keeper.close()
    await one.keeper.signIn(first)
    expect(store.listeners.size).toBe(1)
  })
})

test('listeners hear of users, not of tokens', async () => {
  const { keeper } = start(memoryStore())
  const heard = vi.fn<(user: Person | undefined) => void>()
  const stop = keeper.onChange(heard)
  await keeper.signIn(first)
  await keeper.refresh()
  await keeper.updateUser({ name: 'Ada L.' })
  await keeper.signOut()
  stop()
  await keeper.signIn(first)
  expect(heard.mock.calls).toEqual([[{ name: 'Ada' }], [{ name: 'Ada L.' }], [undefined]])
})

function start(store: SessionStore) {
  const exchange = vi.fn<(refreshToken: string) => Promise<Session<Person>>>(async () => second)
  return { keeper: createSessionKeeper<Person>({ store, exchange }), exchange, store }
}

async function signedIn() {
  const parts = start(memoryStore())
  await parts.keeper.signIn(first)
  return parts
}

function session(number: number): Session<Person> {
  const expiresAt = '2026-01-01T00:00:00.000Z'
  return { accessToken: `access ${number}`, refreshToken: `refresh ${number}`, expiresAt, user: { name: 'Ada' } }
}

/** A promise that is settled from outside. (`Promise.withResolvers` is not there in Node 20.) */
function later<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

async function stored(store: SessionStore): Promise<unknown> {
  return JSON.parse((await store.get()) ?? 'null')
}

/** As `localStorage`: a tab hears of the changes of the others. */
function sharedStore(text: string | null) {
  const listeners = new Map<SessionStore, () => void>()
  let kept = text
  function tab(): SessionStore {
    const store: SessionStore = {
      sharedAs: 'shared',
      get: () => kept,
      set(session) {
        kept = session
        for (const [other, listener] of listeners) if (other !== store) listener()
      },
      subscribe(listener) {
        listeners.set(store, listener)
        return () => listeners.delete(store)
      },
    }
    return store
  }
  return { tab, listeners }
}

/** A tab that sees what others store some milliseconds later. */
function laggingTab(tab: SessionStore, lag: number): SessionStore {
  let seen = tab.get()
  tab.subscribe?.(() => {
    const text = tab.get()
    setTimeout(() => {
      seen = text
    }, lag)
  })
  return { sharedAs: 'shared', get: () => seen, set: (text) => tab.set(text) }
}

/** Web Locks within one process: one holder at a time. */
function fakeLocks() {
  const names: string[] = []
  let holders = 0
  let last: Promise<unknown> = Promise.resolve()
  return {
    names,
    request<T>(name: string, { ifAvailable }: { ifAvailable?: boolean }, work: (held: object | null) => Promise<T>) {
      names.push(name)
      if (ifAvailable === true && holders > 0) return work(null)
      holders++
      const turn = last.then(() => work({}))
      last = turn
        .catch(() => {})
        .then(() => {
          holders--
        })
      return turn
    },
  }
}
