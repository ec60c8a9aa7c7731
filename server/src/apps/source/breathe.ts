import { setImmediate as nextTurn } from 'node:timers/promises'

/** To be awaited often within long work: lets requests be answered when it has gone on for a while, and costs next to nothing otherwise. */
export type Breathe = () => Promise<void> | undefined

/** Milliseconds of work at a stretch: what a request may have to wait for besides itself. */
const STRETCH = 2

export function createBreathe(now: () => number = () => performance.now()): Breathe {
  let begun = now()
  return () => (now() - begun < STRETCH ? undefined : rest())

  async function rest(): Promise<void> {
    await nextTurn()
    begun = now()
  }
}
