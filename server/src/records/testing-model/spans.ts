/** When something began and ended, by a counter that all clients share. */
export interface Window {
  readonly started: number
  readonly ended: number
}

interface Span<T> {
  readonly value: T
  readonly from: number
  until: number
}

/**
 * What things were, one after the other. When exactly a write took effect is not known, only that it did while its operation ran: so what it
 * made may have been there from that operation's begin, and what it replaced until that operation's end.
 */
export function createSpans<T>(initial: T) {
  const all = new Map<string, Span<T>[]>()
  const spansOf = (key: string) => {
    const spans = all.get(key) ?? [{ value: initial, from: 0, until: Number.POSITIVE_INFINITY }]
    all.set(key, spans)
    return spans
  }
  return {
    now: (key: string): T => spansOf(key).at(-1)?.value ?? initial,
    change(key: string, value: T, { started, ended }: Window): void {
      const spans = spansOf(key)
      const last = spans.at(-1)
      if (last !== undefined) last.until = ended
      spans.push({ value, from: started, until: Number.POSITIVE_INFINITY })
    },
    /** All that it may have been in this time. */
    during: (key: string, { started, ended }: Window): readonly T[] =>
      spansOf(key).flatMap(({ value, from, until }) => (from < ended && until > started ? [value] : [])),
    keys: () => all.keys(),
  }
}
