import { expect, test } from 'vitest'
import { nextState, type Session, type SessionEvent, type SessionState } from './session-state.ts'

const first = session('first')
const second = session('second')
const renamed = { ...first, user: { name: 'renamed' } }

const states = {
  loading: { name: 'loading' },
  signedOut: { name: 'signedOut' },
  signedIn: { name: 'signedIn', session: first },
  refreshing: { name: 'refreshing', session: first },
} as const satisfies Record<string, SessionState<unknown>>

const events = {
  loaded: { type: 'loaded', session: second },
  'loaded nothing': { type: 'loaded', session: undefined },
  adopted: { type: 'adopted', session: second },
  'adopted nothing': { type: 'adopted', session: undefined },
  signedIn: { type: 'signedIn', session: second },
  signedOut: { type: 'signedOut' },
  refreshStarted: { type: 'refreshStarted' },
  refreshed: { type: 'refreshed', from: first.refreshToken, session: second },
  'refreshed from another': { type: 'refreshed', from: 'other', session: second },
  refreshRefused: { type: 'refreshRefused', from: first.refreshToken },
  'refreshRefused for another': { type: 'refreshRefused', from: 'other' },
  refreshFailed: { type: 'refreshFailed', from: first.refreshToken },
  'refreshFailed for another': { type: 'refreshFailed', from: 'other' },
  userChanged: { type: 'userChanged', user: renamed.user },
} as const satisfies Record<string, SessionEvent<unknown>>

const { loading, signedOut, signedIn, refreshing } = states
const other: SessionState<unknown> = { name: 'signedIn', session: second }

/** Every event in every state: a new one of either does not compile until its row or column is here. */
const table: Record<keyof typeof events, Record<keyof typeof states, SessionState<unknown>>> = {
  loaded: { loading: other, signedOut, signedIn, refreshing },
  'loaded nothing': { loading: signedOut, signedOut, signedIn, refreshing },
  adopted: { loading: other, signedOut: other, signedIn: other, refreshing: other },
  'adopted nothing': { loading: signedOut, signedOut, signedIn: signedOut, refreshing: signedOut },
  signedIn: { loading: other, signedOut: other, signedIn: other, refreshing: other },
  signedOut: { loading: signedOut, signedOut, signedIn: signedOut, refreshing: signedOut },
  refreshStarted: { loading, signedOut, signedIn: refreshing, refreshing },
  refreshed: { loading, signedOut, signedIn, refreshing: other },
  'refreshed from another': { loading, signedOut, signedIn, refreshing },
  refreshRefused: { loading, signedOut, signedIn, refreshing: signedOut },
  'refreshRefused for another': { loading, signedOut, signedIn, refreshing },
  refreshFailed: { loading, signedOut, signedIn, refreshing: signedIn },
  'refreshFailed for another': { loading, signedOut, signedIn, refreshing },
  userChanged: {
    loading,
    signedOut,
    signedIn: { name: 'signedIn', session: renamed },
    refreshing: { name: 'refreshing', session: renamed },
  },
}

const rows = Object.entries(table).flatMap(([event, results]) =>
  Object.entries(results).map(([state, result]) => ({ state, event, to: result.name, result })),
)

test.each(rows)('$state, $event -> $to', ({ state, event, result }) => {
  const before = states[state as keyof typeof states]
  expect(nextState<unknown>(before, events[event as keyof typeof events])).toEqual(result)
})

function session(name: string): Session<unknown> {
  return { accessToken: `${name} access`, refreshToken: `${name} refresh`, expiresAt: '', user: { name } }
}
