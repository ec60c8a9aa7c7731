import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const BYTES = 16
const POOLED = 256

/**
 * Makes UUIDv7 (RFC 9562) that rise within a process: within a millisecond by the counter that `seq` is.
 * Randomness is taken from the system for many ids at once; for each alone it cost 3 µs, a tenth of a whole insert.
 */
export function createIds(now: () => number): () => string {
  const pool = new Uint8Array(BYTES * POOLED)
  let offset = pool.length
  let time = 0
  let counter = 0

  return () => {
    if (offset === pool.length) {
      randomFillSync(pool)
      offset = 0
    }
    const random = pool.subarray(offset, offset + BYTES)
    offset += BYTES
    const present = now()
    if (present > time) {
      time = present
      // Half of the counter's range stays free to count in.
      counter = (((random[0] ?? 0) << 23) | ((random[1] ?? 0) << 15) | ((random[2] ?? 0) << 7)) >>> 0
    } else counter++
    return v7({ random, msecs: time, seq: counter })
  }
}
