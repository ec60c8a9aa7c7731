import type { RoadbaseError } from './roadbase-error.ts'

/** The first pause; each next one may be twice as long. */
const BASE_MS = 200
/** A longer pause than this is the caller's to take: a user is waiting. */
const MAX_MS = 5_000
/** Spread over which clients that were told the same `Retry-After` come back. */
const SPREAD_MS = 250

export interface FailedAttempt {
  readonly error: RoadbaseError
  /** 1 for the first. */
  readonly attempt: number
  /** Whether carrying the request out twice does the same as once. */
  readonly repeatable: boolean
}

/** Milliseconds to wait before trying again, or `undefined` to give up. `random` gives numbers in [0, 1). */
export function retryDelay(failed: FailedAttempt, random: () => number): number | undefined {
  if (!mayRetry(failed)) return undefined
  const { retryAfter } = failed.error
  if (retryAfter !== undefined) return within(retryAfter * 1000 + random() * SPREAD_MS)
  // Half fixed and half random: clients that failed together must not come back together, nor at once.
  const ceiling = Math.min(BASE_MS * 2 ** (failed.attempt - 1), MAX_MS)
  return ceiling / 2 + (random() * ceiling) / 2
}

function mayRetry({ error, repeatable }: FailedAttempt): boolean {
  // A limit refuses before anything is done, so any request may come again.
  if (error.status === 429) return true
  // Without an answer, or with one that a dying server or a proxy gave, the request may have been carried out.
  return repeatable && (error.code === 'network_error' || [502, 503, 504].includes(error.status))
}

function within(milliseconds: number): number | undefined {
  return milliseconds <= MAX_MS + SPREAD_MS ? milliseconds : undefined
}
