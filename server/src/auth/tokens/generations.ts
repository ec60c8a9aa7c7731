/**
 * A bounded map that forgets what was not asked for lately: two maps, the young one filled until it holds half of the limit,
 * then the old one is dropped. About as good as an LRU here, without a linked list to mend on every hit.
 */
export interface Generations<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
  clear(): void
  readonly size: number
}

export function createGenerations<V>(limit: number): Generations<V> {
  const half = Math.max(1, Math.floor(limit / 2))
  let young = new Map<string, V>()
  let old = new Map<string, V>()

  function set(key: string, value: V): void {
    if (young.size >= half) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }

  return {
    get(key) {
      const value = young.get(key)
      if (value !== undefined) return value
      const earlier = old.get(key)
      if (earlier !== undefined) {
        old.delete(key)
        set(key, earlier)
      }
      return earlier
    },
    set,
    clear() {
      young = new Map()
      old = new Map()
    },
    get size() {
      return young.size + old.size
    },
  }
}
