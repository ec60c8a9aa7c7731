/** Counts of values by upper bound: what a Prometheus histogram shows, at the price of a loop over a dozen numbers. */
export interface Tally {
  observe(value: number): void
  /** How many values there were up to each bound and not up to the one before; the last is for those beyond all bounds. */
  readonly counts: Float64Array
  sum(): number
}

/**
 * prom-client hashes its labels on every observation, which costs microseconds; a request is allowed less than one.
 * So the hot path counts here, and {@link TallyHistogram} reads the counts when somebody asks for them.
 */
export function createTally(bounds: readonly number[]): Tally {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    observe(value) {
      let slot = 0
      while (slot < bounds.length && value > (bounds[slot] as number)) slot++
      counts[slot] = (counts[slot] as number) + 1
      sum += value
    },
    counts,
    sum: () => sum,
  }
}
