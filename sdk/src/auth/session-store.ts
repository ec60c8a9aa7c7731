/** Keeps one text, the session, for as long as a user is meant to stay signed in. */
export interface SessionStore {
  get(): string | null | Promise<string | null>
  /** `null` forgets it. */
  set(session: string | null): void | Promise<void>
  /**
   * The name under which others reach the same text (other tabs), if there are any. Refreshing is then done by one of
   * them at a time, where the platform has Web Locks.
   */
  readonly sharedAs?: string
  /** Calls the listener when somebody else changed the text; returns what ends that. */
  subscribe?(listener: () => void): () => void
}

/** Forgets the session when the page or process ends. The default. */
export function memoryStore(): SessionStore {
  let kept: string | null = null
  return {
    get: () => kept,
    set(session) {
      kept = session
    },
  }
}

/**
 * Keeps the session in the browser's `localStorage`, for all tabs of the origin. Any script that runs on the page can
 * read it there, so keep foreign scripts out.
 */
export function localStorageStore(key = 'roadbase.session'): SessionStore {
  const { localStorage } = globalThis as unknown as BrowserGlobals
  return {
    sharedAs: key,
    get: () => localStorage.getItem(key),
    set: (session) => (session === null ? localStorage.removeItem(key) : localStorage.setItem(key, session)),
    subscribe(listener) {
      const browser = globalThis as unknown as BrowserGlobals
      // A key of null means that all of localStorage was cleared.
      const onStorage = (event: { readonly key: string | null }) => {
        if (event.key === key || event.key === null) listener()
      }
      browser.addEventListener('storage', onStorage)
      return () => browser.removeEventListener('storage', onStorage)
    },
  }
}

/** The part of a browser's `window` that is used, so that the SDK's types ask for no DOM library. */
interface BrowserGlobals {
  readonly localStorage: {
    getItem(key: string): string | null
    setItem(key: string, value: string): void
    removeItem(key: string): void
  }
  addEventListener(type: 'storage', listener: (event: { readonly key: string | null }) => void): void
  removeEventListener(type: 'storage', listener: (event: { readonly key: string | null }) => void): void
}
