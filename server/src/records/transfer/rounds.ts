/** What has one key one after the other, in as few rounds as there are, each in its order: nothing in a round has the key of another. */
export function rounds<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly T[])[] {
  const result: T[][] = []
  const seen = new Map<string, number>()
  for (const one of all) {
    const key = keyOf(one)
    const round = seen.get(key) ?? 0
    seen.set(key, round + 1)
    const group = result[round]
    if (group === undefined) result.push([one])
    else group.push(one)
  }
  return result
}
