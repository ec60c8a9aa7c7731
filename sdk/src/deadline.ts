import { RoadbaseError } from './roadbase-error.ts'

/** The end of one call, with all its attempts: by its timeout or by the caller's signal. */
export interface Deadline {
  /** Aborts with the {@link RoadbaseError} to throw as its reason. */
  readonly signal: AbortSignal
  /** Milliseconds left. */
  remaining(): number
  /** The promise's outcome, or the deadline's error if that comes first. What the promise does goes on unseen. */
  race<T>(promise: Promise<T>): Promise<T>
  sleep(milliseconds: number): Promise<void>
  /** Must be called when the call is over: takes the timer and the listener away. */
  release(): void
}

export function startDeadline(timeout: number, outer: AbortSignal | undefined, now: () => number): Deadline {
  const controller = new AbortController()
  const end = now() + timeout
  const abort = () => controller.abort(abortedBy(outer))
  // An endless timeout, and one longer than timers can hold (24 days), needs no timer.
  const timer = timeout < 2 ** 31 ? setTimeout(() => controller.abort(timedOut(timeout)), timeout) : undefined

  if (outer?.aborted) abort()
  else outer?.addEventListener('abort', abort, { once: true })

  function race<T>(promise: Promise<T>): Promise<T> {
    const { signal } = controller
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason)
      if (signal.aborted) stop()
      signal.addEventListener('abort', stop, { once: true })
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    })
  }

  return {
    signal: controller.signal,
    remaining: () => end - now(),
    race,
    async sleep(milliseconds) {
      let pause: ReturnType<typeof setTimeout> | undefined
      try {
        await race(
          new Promise<void>((resolve) => {
            pause = setTimeout(resolve, milliseconds)
          }),
        )
      } finally {
        clearTimeout(pause)
      }
    },
    release() {
      clearTimeout(timer)
      outer?.removeEventListener('abort', abort)
    },
  }
}

function abortedBy(outer: AbortSignal | undefined): RoadbaseError {
  return new RoadbaseError({ code: 'aborted', detail: 'The call was aborted', cause: outer?.reason })
}

function timedOut(timeout: number): RoadbaseError {
  return new RoadbaseError({ code: 'timeout', detail: `No answer within ${timeout} ms` })
}
