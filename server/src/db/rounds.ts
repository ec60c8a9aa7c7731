export interface Rounds<T> {
  /** Begins with a pause. */
  start(): void
  stop(): void
  /** A round at once, or the one that is under way; what it throws is the caller's. */
  now(): Promise<T>
}

/**
 * Work of every server that is done again and again, such as deleting what has expired: one round at a time, however long it takes, and none
 * that would keep the process alive.
 */
export function createRounds<T>(options: {
  /** Milliseconds from the beginning of a round to that of the next. */
  readonly every: number
  readonly work: () => Promise<T>
  /** Nobody else hears of a round that failed: the next one comes all the same. Absent where the work tells of its failures itself. */
  readonly failed?: (error: unknown) => void
}): Rounds<T> {
  const { every, work, failed } = options
  let timer: NodeJS.Timeout | undefined
  let round: Promise<T> | undefined

  const now = () => {
    round ??= work().finally(() => {
      round = undefined
    })
    return round
  }

  return {
    start() {
      timer ??= setInterval(() => void now().catch(failed), every).unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    },
    now,
  }
}
