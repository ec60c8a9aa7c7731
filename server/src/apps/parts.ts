import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Work that can be left between its parts, so that others get their turn: it yields where that does no harm. A document of fifty collections
 * takes a hundred milliseconds to read, check and plan, and every request of the server would wait for that.
 */
export type Parts<T> = Generator<undefined, T, undefined>

/** Milliseconds without a break: what a request may have to wait for besides itself. */
const SLICE = 2

/** All at once. */
export function atOnce<T>(parts: Parts<T>): T {
  for (;;) {
    const { done, value } = parts.next()
    if (done === true) return value
  }
}

/** With breaks, in which the event loop turns. */
export async function inParts<T>(parts: Parts<T>): Promise<T> {
  let begun = performance.now()
  for (;;) {
    const { done, value } = parts.next()
    if (done === true) return value
    if (performance.now() - begun < SLICE) continue
    await nextTurn()
    begun = performance.now()
  }
}
