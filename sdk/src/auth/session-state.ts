/** What a sign-in gives, exactly as the server sends it. */
export interface Session<User> {
  readonly accessToken: string
  readonly refreshToken: string
  /** When the access token ends. */
  readonly expiresAt: string
  readonly user: User
}

/**
 * Whether somebody is signed in, and what is being done about it.
 *
 * ```
 *             loaded                signedIn
 *   loading ──────────▶ signedOut ───────────▶ signedIn ◀───────────────────┐
 *      │                   ▲  ▲      signedOut    │  │ refreshStarted        │ refreshed,
 *      │ loaded            │  └──────────────────┘   ▼                      │ refreshFailed
 *      └──────▶ signedIn   └─────────────────── refreshing ─────────────────┘
 *                          signedOut, refreshRefused
 * ```
 * `adopted` (another tab changed the shared store) leads from everywhere to signedIn or signedOut.
 */
export type SessionState<User> =
  /** The store has not been read yet. */
  | { readonly name: 'loading' }
  | { readonly name: 'signedOut' }
  | { readonly name: 'signedIn'; readonly session: Session<User> }
  | { readonly name: 'refreshing'; readonly session: Session<User> }

export type SessionEvent<User> =
  | { readonly type: 'loaded'; readonly session: Session<User> | undefined }
  | { readonly type: 'adopted'; readonly session: Session<User> | undefined }
  | { readonly type: 'signedIn'; readonly session: Session<User> }
  | { readonly type: 'signedOut' }
  | { readonly type: 'refreshStarted' }
  /** `from` is the refresh token that was used: an answer for a session that is no longer ours changes nothing. */
  | { readonly type: 'refreshed'; readonly from: string; readonly session: Session<User> }
  | { readonly type: 'refreshRefused'; readonly from: string }
  | { readonly type: 'refreshFailed'; readonly from: string }
  | { readonly type: 'userChanged'; readonly user: User }

/** The state after an event; the same object where the event changes nothing. */
export function nextState<User>(state: SessionState<User>, event: SessionEvent<User>): SessionState<User> {
  switch (event.type) {
    case 'loaded':
      // A sign-in that was quicker than the store wins.
      return state.name === 'loading' ? settled(event.session) : state
    case 'adopted':
      return settled(event.session)
    case 'signedIn':
      return settled(event.session)
    case 'signedOut':
      return { name: 'signedOut' }
    case 'refreshStarted':
      return state.name === 'signedIn' ? { name: 'refreshing', session: state.session } : state
    case 'refreshed':
      return isRefreshing(state, event.from) ? settled(event.session) : state
    case 'refreshRefused':
      return isRefreshing(state, event.from) ? { name: 'signedOut' } : state
    case 'refreshFailed':
      return isRefreshing(state, event.from) ? settled(state.session) : state
    case 'userChanged':
      return 'session' in state ? { name: state.name, session: { ...state.session, user: event.user } } : state
  }
}

export function sessionOf<User>(state: SessionState<User>): Session<User> | undefined {
  return 'session' in state ? state.session : undefined
}

function settled<User>(session: Session<User> | undefined): SessionState<User> {
  return session === undefined ? { name: 'signedOut' } : { name: 'signedIn', session }
}

function isRefreshing<User>(
  state: SessionState<User>,
  from: string,
): state is { readonly name: 'refreshing'; readonly session: Session<User> } {
  return state.name === 'refreshing' && state.session.refreshToken === from
}
