import { inspect } from 'node:util'
import type { MatcherState } from 'vitest'
import { RoadbaseError } from '../roadbase-error.ts'

/** Members of the problem that a call was refused with. */
export type Refusal = Readonly<Record<string, unknown>>

interface Verdict {
  readonly pass: boolean
  readonly message: () => string
  readonly actual?: unknown
  readonly expected?: unknown
}

/** Whether a call, or the promise it gave, was refused by the server with this code. */
export async function toBeRefused(
  this: Pick<MatcherState, 'equals' | 'isNot'>,
  call: unknown,
  code: string,
  problem: Refusal = {},
): Promise<Verdict> {
  const outcome = await settle(call)
  if ('value' in outcome) {
    const shown = inspect(outcome.value, { depth: 3, breakLength: 120 })
    return { pass: false, message: () => `expected the call to be refused with '${code}', and it gave ${shown}` }
  }
  const { error } = outcome
  // What is no answer of a server is no refusal, also for `not`.
  if (!(error instanceof RoadbaseError) || error.status === 0) throw error
  const { detail, status, errors, requestId: _, retryAfter, data } = error
  const expected = { code, ...problem }
  const all: Record<string, unknown> = { code: error.code, status, detail, errors, retryAfter, ...data }
  const pass = fits(all, expected, (one, other) => this.equals(one, other))
  return {
    pass,
    actual: all,
    expected,
    message: () => {
      if (this.isNot === true) return `expected the call not to be refused with '${code}', and it was: ${detail}`
      const was = error.code === code ? 'but not like this' : `and it was with '${error.code}'`
      return `expected the call to be refused with '${code}', ${was} (${status}): ${detail}`
    },
  }
}

type Outcome = { readonly value: unknown } | { readonly error: unknown }

async function settle(call: unknown): Promise<Outcome> {
  try {
    return { value: await (typeof call === 'function' ? call() : call) }
  } catch (error) {
    return { error }
  }
}

/** Like `toMatchObject`: everything expected is there; lists have as many entries. */
function fits(actual: unknown, expected: unknown, equals: (one: unknown, other: unknown) => boolean): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => fits(actual[index], item, equals))
    )
  }
  if (!isPlain(expected) || typeof actual !== 'object' || actual === null) return equals(actual, expected)
  return Object.entries(expected).every(([key, value]) => fits((actual as Refusal)[key], value, equals))
}

/** An object of the test's own, not one of vitest's asymmetric matchers. */
function isPlain(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
