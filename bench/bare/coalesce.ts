/** Group commit in its smallest form: what arrives while a statement is under way shares the next one. */
export function coalesce<T>(options: {
  readonly maxBatch: number
  readonly maxInFlight: number
  run(batch: readonly T[]): Promise<void>
}): (item: T) => void {
  const waiting: T[] = []
  let inFlight = 0
  let scheduled = false

  async function send(batch: readonly T[]): Promise<void> {
    inFlight++
    await options.run(batch)
    inFlight--
    flush()
  }

  function flush(): void {
    scheduled = false
    while (waiting.length > 0 && inFlight < options.maxInFlight) void send(waiting.splice(0, options.maxBatch))
  }

  return (item) => {
    waiting.push(item)
    if (scheduled || inFlight >= options.maxInFlight) return
    scheduled = true
    setImmediate(flush)
  }
}
