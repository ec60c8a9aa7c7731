import { Problem } from '../../errors/problem.ts'

export interface Gate {
  /** Runs the work once there is room; refuses at once when too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T>
}

/** Lets a few in at a time and a bounded number wait, first come first served. */
export function createGate(options: {
  readonly atOnce: number
  readonly waiting: number
  readonly retryAfter: number
}): Gate {
  const { atOnce, waiting, retryAfter } = options
  const queue: (() => void)[] = []
  let inside = 0

  return {
    async run(work) {
      if (inside < atOnce) {
        inside++
      } else {
        if (queue.length >= waiting) throw new Problem('overloaded', undefined, { retryAfter })
        // Whoever leaves hands the place over, so it is never free for a late-comer in between.
        await new Promise<void>((enter) => queue.push(enter))
      }
      try {
        return await work()
      } finally {
        const next = queue.shift()
        if (next === undefined) inside--
        else next()
      }
    },
  }
}
