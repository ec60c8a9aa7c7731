import { LRUCache } from 'lru-cache'
import type { Caller } from '../caller.ts'

/**
 * Callers whose writes lately made a whole statement fail, so that it had to be repeated in halves. Their next writes
 * go alone: what they break is then only their own.
 */
export interface Troublemakers {
  includes(caller: Caller): boolean
  report(caller: Caller): void
}

export function createTroublemakers(options: { readonly clock: () => number }): Troublemakers {
  const strikes = new LRUCache<string, number>({
    max: 10_000,
    ttl: 60_000,
    perf: { now: options.clock },
  })
  return {
    // The usual case costs one comparison.
    includes: (caller) => strikes.size > 0 && (strikes.get(nameOf(caller)) ?? 0) >= STRIKES,
    report(caller) {
      const name = nameOf(caller)
      strikes.set(name, (strikes.get(name) ?? 0) + 1)
    },
  }
}

const STRIKES = 3

function nameOf(caller: Caller): string {
  return caller.userId ?? caller.request.ip
}
