import { Problem } from '../../errors/problem.ts'

export interface LaneOptions<Input, Output> {
  /** Runs one statement for all of `batch` and settles every task of it. What it throws rejects what it left open. */
  run(batch: readonly Task<Input, Output>[]): Promise<void>
  /** At most so many tasks in a statement. */
  readonly maxBatch: number
  /** At most so many statements under way; what arrives meanwhile shares the next one. */
  readonly maxInFlight: number
  /** Beyond so many waiting tasks new ones are refused as `overloaded`. */
  readonly maxWaiting: number
  /**
   * Writes: what a task writes. No two tasks with a key in common are in one statement or in two at once,
   * because `update … from` with two rows for one id silently applies only one of them.
   */
  keyOf?(input: Input): string | undefined
  /** What all tasks of a statement have in common. */
  groupOf?(input: Input): string
  /** Told the size of every batch. */
  onBatch?(size: number): void
}

export class Task<Input, Output> {
  readonly input: Input
  readonly promise: Promise<Output>
  settled = false
  #resolve!: (value: Output) => void
  #reject!: (error: unknown) => void

  constructor(input: Input) {
    this.input = input
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Leaves the answer to work that goes on outside of the statement, so that the lane does not wait for it. */
  handOver(work: Promise<Output>): void {
    this.settled = true
    work.then(this.#resolve, this.#reject)
  }

  resolve(value: Output): void {
    this.settled = true
    this.#resolve(value)
  }

  reject(error: unknown): void {
    this.settled = true
    this.#reject(error)
  }
}

export interface Lane<Input, Output> {
  submit(input: Input): Promise<Output>
}

/**
 * Requests that arrive together become one SQL statement.
 *
 * A request waits for nobody: the first one is sent as soon as the event loop has handed out everything
 * that arrived with it (`setImmediate` runs right after the poll phase), and only while `maxInFlight`
 * statements are under way do later ones gather. A task joins only a statement that has not been sent,
 * or a client would not read its own write.
 */
export function createLane<Input, Output>(options: LaneOptions<Input, Output>): Lane<Input, Output> {
  const { maxBatch, maxInFlight, maxWaiting, keyOf, groupOf, onBatch } = options
  let waiting: Task<Input, Output>[] = []
  let inFlight = 0
  let scheduled = false
  const busy = new Set<string>()

  function submit(input: Input): Promise<Output> {
    if (waiting.length >= maxWaiting) {
      return Promise.reject(new Problem('overloaded', 'Too many requests of this kind are waiting', { retryAfter: 1 }))
    }
    const task = new Task<Input, Output>(input)
    waiting.push(task)
    if (!scheduled && inFlight < maxInFlight) {
      scheduled = true
      setImmediate(flush)
    }
    return task.promise
  }

  function flush(): void {
    scheduled = false
    while (waiting.length > 0 && inFlight < maxInFlight) {
      const batch = keyOf === undefined ? takeFirst() : takeDistinct(keyOf)
      if (batch.length === 0) return // everything that waits writes what is being written: the end of that flushes again
      void send(batch)
    }
  }

  function takeFirst(): Task<Input, Output>[] {
    if (waiting.length <= maxBatch) {
      const all = waiting
      waiting = []
      return all
    }
    return waiting.splice(0, maxBatch)
  }

  function takeDistinct(key: (input: Input) => string | undefined): Task<Input, Output>[] {
    const batch: Task<Input, Output>[] = []
    const left: Task<Input, Output>[] = []
    // A key that had to wait once makes all later tasks of that key wait too: order per record is kept.
    const passed = new Set<string>()
    let group: string | undefined
    for (const task of waiting) {
      const name = batch.length < maxBatch ? key(task.input) : undefined
      const own = groupOf?.(task.input)
      const isKept = name !== undefined && (busy.has(name) || passed.has(name))
      if (batch.length >= maxBatch || isKept || (batch.length > 0 && own !== group)) {
        left.push(task)
        if (name !== undefined) passed.add(name)
        continue
      }
      if (name !== undefined) busy.add(name)
      group = own
      batch.push(task)
    }
    waiting = left
    return batch
  }

  async function send(batch: readonly Task<Input, Output>[]): Promise<void> {
    inFlight++
    onBatch?.(batch.length)
    try {
      await options.run(batch)
      settleRest(batch, new Error('A statement left a request without an answer'))
    } catch (error) {
      settleRest(batch, error)
    } finally {
      inFlight--
      if (keyOf !== undefined) {
        for (const task of batch) {
          const name = keyOf(task.input)
          if (name !== undefined) busy.delete(name)
        }
      }
      flush()
    }
  }

  return { submit }
}

function settleRest<Input, Output>(batch: readonly Task<Input, Output>[], error: unknown): void {
  for (const task of batch) if (!task.settled) task.reject(error)
}
