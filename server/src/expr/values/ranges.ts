/** A range of ordered values: `from` is in it, `until` is not; null is no bound. */
export interface RangeValue {
  readonly from: unknown
  readonly until: unknown
}

/** Negative where the first is less. */
export type Order = (left: unknown, right: unknown) => number

/** Undefined where nothing lies between the ends, and where there are none. */
export function makeRange(order: Order, from: unknown, until: unknown): RangeValue | undefined {
  if (from === null && until === null) return undefined
  return from === null || until === null || order(from, until) < 0 ? { from, until } : undefined
}

export function contains(order: Order, { from, until }: RangeValue, value: unknown): boolean {
  return (from === null || order(from, value) <= 0) && (until === null || order(value, until) < 0)
}

export function containsRange(order: Order, outer: RangeValue, inner: RangeValue): boolean {
  const begins = outer.from === null || (inner.from !== null && order(outer.from, inner.from) <= 0)
  return begins && (outer.until === null || (inner.until !== null && order(inner.until, outer.until) <= 0))
}

export function overlap(order: Order, left: RangeValue, right: RangeValue): boolean {
  return endsAfterBegin(order, left, right) && endsAfterBegin(order, right, left)
}

export function equalRanges(order: Order, left: RangeValue, right: RangeValue): boolean {
  const same = (a: unknown, b: unknown) => (a === null || b === null ? a === b : order(a, b) === 0)
  return same(left.from, right.from) && same(left.until, right.until)
}

function endsAfterBegin(order: Order, { until }: RangeValue, { from }: RangeValue): boolean {
  return until === null || from === null || order(from, until) < 0
}
