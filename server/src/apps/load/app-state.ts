/**
 * How an app comes and goes. Every state but `loading` and `reloading` lasts until somebody changes the folder, or administers the app.
 *
 * ```
 *            found              applied              found               applied
 *  (nothing) ─────▶ loading ─────────────────▶ live ──────▶ reloading ─────────────▶ live
 *                    │   │                       ▲              │
 *           rejected │   │ restored              │ applied      │ rejected
 *                    ▼   ▼            found      │              ▼
 *                failed  outdated ─────────▶ reloading      outdated
 *
 *  any ──gone──▶ removed ──found──▶ loading          failed ──found──▶ loading
 *  any ──retired──▶ retired ──found──▶ loading
 *  any ──applied──▶ live: an administrator has loaded it, whatever the folder said
 * ```
 */
export type AppState =
  /** Being read for the first time; nothing is served. */
  | 'loading'
  /** Served, as its folder says. */
  | 'live'
  /** Served, while a newer document is being loaded. */
  | 'reloading'
  /** The document was refused; the version that was applied last is served. */
  | 'outdated'
  /** The document was refused, and there is nothing to serve. */
  | 'failed'
  /** The folder is gone. Not served; its data stays. */
  | 'removed'
  /** An administrator has ended it. Not served; its data stays. */
  | 'retired'

export type AppHappening =
  /** There is a document to be loaded. */
  | 'found'
  /** It is what the database has, or was made so. */
  | 'applied'
  /** It is not served: it has issues, or would lose data. */
  | 'rejected'
  /** It was rejected, but the version applied last could be brought back from the database. */
  | 'restored'
  | 'gone'
  /** An administrator has ended it, now or before the start. */
  | 'retired'

type Transitions = Readonly<Record<AppState, Readonly<Record<AppHappening, AppState | 'impossible'>>>>

export const transitions: Transitions = {
  loading: {
    ...{ found: 'loading', applied: 'live', rejected: 'failed' },
    ...{ restored: 'outdated', gone: 'removed', retired: 'retired' },
  },
  live: {
    ...{ found: 'reloading', applied: 'live', rejected: 'impossible' },
    ...{ restored: 'impossible', gone: 'removed', retired: 'retired' },
  },
  reloading: {
    ...{ found: 'reloading', applied: 'live', rejected: 'outdated' },
    ...{ restored: 'impossible', gone: 'removed', retired: 'retired' },
  },
  outdated: {
    ...{ found: 'reloading', applied: 'live', rejected: 'impossible' },
    ...{ restored: 'impossible', gone: 'removed', retired: 'retired' },
  },
  failed: {
    ...{ found: 'loading', applied: 'live', rejected: 'impossible' },
    ...{ restored: 'impossible', gone: 'removed', retired: 'retired' },
  },
  removed: {
    ...{ found: 'loading', applied: 'live', rejected: 'impossible' },
    ...{ restored: 'impossible', gone: 'removed', retired: 'retired' },
  },
  retired: {
    ...{ found: 'loading', applied: 'live', rejected: 'impossible' },
    ...{ restored: 'impossible', gone: 'retired', retired: 'retired' },
  },
}

/** The state after something happened. Something impossible is a defect of the loader. */
export function nextState(state: AppState | undefined, happening: AppHappening): AppState {
  const next = transitions[state ?? 'removed'][happening]
  if (next === 'impossible') throw new Error(`An app that is ${state ?? 'unknown'} can not be ${happening}`)
  return next
}
