import { inspect } from 'node:util'
import type { ExpectStatic } from 'vitest'

/** Every matcher, each giving a promise. */
export type AsyncAssertion<T> = ReturnType<typeof pollOf<T>>
declare function pollOf<T>(poll: ExpectStatic['poll']): ReturnType<typeof poll<T>>

export interface EventuallyOptions {
  /** Milliseconds after which it has failed. Default: 5000. */
  readonly timeout?: number
  /** Milliseconds between two looks. Default: 20. */
  readonly interval?: number
}

/** Looks again and again until the matcher fits what `look` gives, which may be a promise. An error of `look` counts as not yet. */
export type Eventually = <T>(look: () => T | Promise<T>, options?: EventuallyOptions) => AsyncAssertion<T>

const TIMEOUT = 5000
const INTERVAL = 20
const SHORT = { depth: 3, breakLength: 120, maxArrayLength: 20, maxStringLength: 500 }

/**
 * On vitest's `expect.poll`, which brings all matchers, `not`, the place in the test, and the complaint when nobody awaits it. Added here: a
 * message that tells what was seen last, and an end for a `look` that never answers.
 */
export function createEventually(poll: ExpectStatic['poll']): Eventually {
  return <T>(look: () => T | Promise<T>, options: EventuallyOptions = {}) => {
    const { timeout = TIMEOUT, interval = INTERVAL } = options
    const watch = watchLooks(look, timeout)
    return explained(poll(watch.look, { timeout, interval }), watch) as AsyncAssertion<T>
  }
}

interface Watch<T> {
  look(): Promise<T>
  /** What came of the looks, for the message. */
  story(): string
}

function watchLooks<T>(look: () => T | Promise<T>, timeout: number): Watch<T> {
  const start = performance.now()
  let looks = 0
  let last = ''

  return {
    async look() {
      looks++
      try {
        const value = await within(look(), timeout - (performance.now() - start))
        last = `it saw ${inspect(value, SHORT)}`
        return value
      } catch (error) {
        last = `it failed: ${error instanceof Error ? `${error.name}: ${error.message}` : inspect(error, SHORT)}`
        throw error
      }
    },
    story: () =>
      `Looked ${looks === 1 ? 'once' : `${looks} times`} in ${Number((timeout / 1000).toFixed(2))} s; at last ${last}`,
  }
}

/** The look's answer, if it comes in time; the last one has a little longer, or its own failure would be hidden by this. */
async function within<T>(answer: T | Promise<T>, left: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not answer in time')), Math.max(left, 100))
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The assertion, whose failure tells what was seen. `not` and chai's words give an assertion again. */
function explained(assertion: object, watch: Watch<unknown>): unknown {
  return new Proxy(assertion, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member === 'function') {
        return (...args: unknown[]) => explain((member as (...args: unknown[]) => unknown)(...args), watch)
      }
      return typeof member === 'object' && member !== null ? explained(member, watch) : member
    },
  })
}

/** What `poll` gives begins to look when it is awaited, so nothing here may await it before. */
function explain(outcome: unknown, watch: Watch<unknown>): unknown {
  if (!isThenable(outcome)) return outcome
  const started = () =>
    outcome.then(undefined, (error: unknown) => {
      if (error instanceof Error) error.message = `${error.message}\n${watch.story()}`
      throw error
    })
  let once: PromiseLike<unknown> | undefined
  const run = () => (once ??= started())
  const promise: Promise<unknown> = {
    // biome-ignore lint/suspicious/noThenProperty: it is a promise that begins when somebody awaits it
    then: (done, failed) => Promise.resolve(run()).then(done, failed),
    catch: (failed) => Promise.resolve(run()).catch(failed),
    finally: (done) => Promise.resolve(run()).finally(done),
    [Symbol.toStringTag]: 'Promise',
  }
  return promise
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
