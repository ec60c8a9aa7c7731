import type { ExpectStatic } from 'vitest'
import { createEventually, type Eventually } from './eventually.ts'
import { type Refusal, toBeRefused } from './to-be-refused.ts'
import { vitest } from './vitest.ts'

declare module 'vitest' {
  interface Matchers<T> {
    /**
     * Of a call, or of the promise it gave: the server refused it, with this error code, and with these members of the problem.
     * `await expect(todos.create({ title: '' })).toBeRefused('validation_failed', { errors: [{ pointer: '/title' }] })`
     */
    toBeRefused(code: string, problem?: Refusal): Promise<T>
  }
}

export interface Expect extends ExpectStatic {
  /** `await expect.eventually(() => map.value.length).toBe(40)`: looks again and again until it is so, or the time is over. */
  readonly eventually: Eventually
}

/** vitest's, and a little more. */
export const expect: Expect = extend(vitest.expect)

function extend(original: ExpectStatic): Expect {
  original.extend({ toBeRefused })
  const eventually = createEventually(original.poll)
  // A function of its own, so that vitest's `expect` stays as it is for who imports that one.
  return new Proxy(original, {
    get: (target, key, receiver) => (key === 'eventually' ? eventually : Reflect.get(target, key, receiver)),
    has: (target, key) => key === 'eventually' || Reflect.has(target, key),
  }) as Expect
}
