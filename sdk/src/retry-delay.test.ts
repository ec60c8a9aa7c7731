import { describe, expect, test } from 'vitest'
import { type FailedAttempt, retryDelay } from './retry-delay.ts'
import { RoadbaseError, type RoadbaseErrorInit } from './roadbase-error.ts'

const errors = {
  network: { code: 'network_error' },
  limited: { code: 'rate_limited', status: 429, retryAfter: 2 },
  limitedForLong: { code: 'rate_limited', status: 429, retryAfter: 60 },
  overloaded: { code: 'overloaded', status: 503, retryAfter: 1 },
  unavailable: { code: 'unavailable', status: 503 },
  gateway: { code: 'invalid_response', status: 502 },
  timeout: { code: 'timeout' },
  aborted: { code: 'aborted' },
  defect: { code: 'internal', status: 500 },
  conflict: { code: 'conflict', status: 409 },
  notFound: { code: 'not_found', status: 404 },
} as const satisfies Record<string, Omit<RoadbaseErrorInit, 'detail'>>

function failed(error: keyof typeof errors, rest: Partial<FailedAttempt> = {}): FailedAttempt {
  return { error: new RoadbaseError({ detail: '', ...errors[error] }), attempt: 1, repeatable: true, ...rest }
}

describe('what is tried again', () => {
  test.each<[keyof typeof errors, { readonly repeatable: boolean; readonly other: boolean }]>([
    ['network', { repeatable: true, other: false }],
    ['limited', { repeatable: true, other: true }],
    ['limitedForLong', { repeatable: false, other: false }],
    ['overloaded', { repeatable: true, other: false }],
    ['unavailable', { repeatable: true, other: false }],
    ['gateway', { repeatable: true, other: false }],
    ['timeout', { repeatable: false, other: false }],
    ['aborted', { repeatable: false, other: false }],
    ['defect', { repeatable: false, other: false }],
    ['conflict', { repeatable: false, other: false }],
    ['notFound', { repeatable: false, other: false }],
  ])('%s: %j', (error, expected) => {
    const tried = (repeatable: boolean) => retryDelay(failed(error, { repeatable }), () => 0) !== undefined
    expect({ repeatable: tried(true), other: tried(false) }).toEqual(expected)
  })
})

describe('how long the pause is', () => {
  test.each<[string, FailedAttempt, number, number]>([
    ['after the first failure', failed('network', { attempt: 1 }), 100, 200],
    ['after the second', failed('network', { attempt: 2 }), 200, 400],
    ['after the third', failed('network', { attempt: 3 }), 400, 800],
    ['after many', failed('network', { attempt: 50 }), 2500, 5000],
    ['as long as the server says, and a little more', failed('limited'), 2000, 2250],
  ])('%s', (_, attempt, shortest, longest) => {
    expect(retryDelay(attempt, () => 0)).toBe(shortest)
    expect(retryDelay(attempt, () => 1)).toBe(longest)
  })
})
