import type { LiveApp } from '../section.ts'
import type { DocumentIssue } from '../source/document-issue.ts'
import { type AppHappening, type AppState, nextState } from './app-state.ts'
import type { ReportApps } from './events.ts'
import type { RunningApp } from './run-app.ts'

/** What every other room sees: the apps that are served. */
export interface Apps {
  /** One lookup in a map: this is on the way of every request. Hold on to the result for one request only. */
  get(slug: string): LiveApp | undefined
  list(): readonly LiveApp[]
  /** Also of apps that are not served; sorted by slug. */
  status(): readonly AppStatus[]
}

export interface AppStatus {
  readonly slug: string
  readonly state: AppState
  /** The version that is served, when one is. */
  readonly version: number | undefined
  readonly title: string | undefined
  /** Why the document in the folder is not served. */
  readonly issues: readonly DocumentIssue[]
  readonly since: Date
}

/** What the loader does with it. */
export interface Registry extends Apps {
  /** Serves this one from now on; the one before is put away as soon as no request can hold it any more. */
  swap(running: RunningApp): void
  note(slug: string, happening: AppHappening, issues?: readonly DocumentIssue[]): AppStatus
  /** Stops serving. */
  remove(slug: string): void
  /** The app does not exist any more: as if it had never been. */
  forget(slug: string): void
  digestOf(slug: string): string | undefined
  running(slug: string): RunningApp | undefined
  /** Resolves when another version of the app is served than now, or none. */
  changed(slug: string): Promise<void>
  /** Puts everything away. Requests must be over. */
  close(): Promise<void>
}

interface Dependencies {
  /**
   * Resolves when every request that had begun before the call has ended. Requests don't count their uses of an app,
   * which would cost each of them; whoever serves them knows when those of a moment are through (a grace period, as in RCU).
   */
  readonly afterRequests: () => Promise<void>
  readonly report: ReportApps
  readonly now: () => Date
}

export function createRegistry({ afterRequests, report, now }: Dependencies): Registry {
  const serving = new Map<string, RunningApp>()
  const live = new Map<string, LiveApp>()
  const statuses = new Map<string, AppStatus>()
  /** Replaced, and perhaps still in use by requests that began before. */
  const leaving = new Set<() => Promise<void>>()
  /** Who waits for another version. */
  const waiting = new Map<string, { readonly promise: Promise<void>; readonly resolve: () => void }>()

  return {
    get: (slug) => live.get(slug),
    list: () => [...live.values()],
    status: () => [...statuses.values()].sort((left, right) => (left.slug < right.slug ? -1 : 1)),
    digestOf: (slug) => serving.get(slug)?.digest,
    running: (slug) => serving.get(slug),

    changed(slug) {
      const known = waiting.get(slug)
      if (known !== undefined) return known.promise
      let resolve = () => {}
      const promise = new Promise<void>((done) => {
        resolve = done
      })
      waiting.set(slug, { promise, resolve })
      return promise
    },

    swap(running) {
      const { slug } = running.app
      const before = serving.get(slug)
      serving.set(slug, running)
      live.set(slug, running.app)
      tell(slug)
      if (before !== undefined) leave(before)
    },

    note(slug, happening, issues = []) {
      const app = live.get(slug)
      const state = nextState(statuses.get(slug)?.state, happening)
      const status = { slug, state, version: app?.version, title: app?.title, issues, since: now() }
      statuses.set(slug, status)
      return status
    },

    remove,

    forget(slug) {
      remove(slug)
      statuses.delete(slug)
    },

    async close() {
      const all = [...serving.values()].map(putAway)
      serving.clear()
      live.clear()
      await Promise.all([...leaving, ...all].map((retire) => retire()))
    },
  }

  function remove(slug: string): void {
    const before = serving.get(slug)
    serving.delete(slug)
    live.delete(slug)
    tell(slug)
    if (before !== undefined) leave(before)
  }

  function tell(slug: string): void {
    waiting.get(slug)?.resolve()
    waiting.delete(slug)
  }

  function leave(running: RunningApp): void {
    const retire = putAway(running)
    leaving.add(retire)
    void afterRequests().then(retire, retire)
  }

  /** Once, whoever asks: the end of the requests, or that of the server. */
  function putAway({ app, retire }: RunningApp): () => Promise<void> {
    let done: Promise<void> | undefined
    const once = () => {
      done ??= retire()
        .catch((error: unknown) => report({ type: 'app.retire_failed', app: app.slug, version: app.version, error }))
        .finally(() => leaving.delete(once))
      return done
    }
    return once
  }
}
