import { describe, expect, test } from 'vitest'
import { type AppHappening, type AppState, nextState, transitions } from './app-state.ts'

/** Every state with everything that can happen in it. A new state or happening does not compile before it has its line. */
const table: Record<AppState, Record<AppHappening, AppState | 'impossible'>> = {
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

describe.each(Object.keys(table) as AppState[])('an app that is %s', (state) => {
  test.each(Object.entries(table[state]) as [AppHappening, AppState | 'impossible'][])('%s: %s', (happening, next) => {
    if (next === 'impossible') expect(() => nextState(state, happening)).toThrow(`is ${state} can not be ${happening}`)
    else expect(nextState(state, happening)).toBe(next)
  })
})

test('an app that nobody knows yet begins as one whose folder is not there', () => {
  expect(nextState(undefined, 'found')).toBe('loading')
  expect(nextState(undefined, 'gone')).toBe('removed')
})

test('what is served stays served until its folder is gone, or it is retired', () => {
  const served: AppState[] = ['live', 'reloading', 'outdated']
  const reached = served.flatMap((state) =>
    Object.entries(transitions[state]).filter(([happening]) => happening !== 'gone' && happening !== 'retired'),
  )
  expect(new Set(reached.map(([, state]) => state))).toEqual(new Set([...served, 'impossible']))
})
