import { Problem } from '../errors/problem.ts'
import { unavailable } from './classify-error.ts'
import type { ConnectionSettings } from './driver.ts'
import { ConnectionClosed, type Lane, openLane } from './lane.ts'

/**
 * Up to `size` lanes, each given to one user at a time; who finds none free waits in line, for a bounded time.
 *
 * While no lane is open and the last attempt to connect failed, the pool is *down*: it refuses at once instead of
 * letting requests pile up, and tries to connect again by itself until that works.
 */
export interface Pool {
  /** A free lane, without waiting; `undefined` when there is none. */
  take(): Lane | undefined
  /** The next free lane. Rejects with a problem when the database is down or everything stays busy. */
  lease(): Promise<Lane>
  release(lane: Lane): void
  stats(): PoolStats
  /** Refuses new users, waits for the present ones until `timeout`, then closes all connections. */
  close(timeout: number): Promise<void>
}

export interface PoolStats {
  readonly size: number
  readonly open: number
  readonly busy: number
  readonly waiting: number
  readonly down: boolean
}

export interface PoolOptions {
  readonly size: number
  readonly connection: ConnectionSettings
  /** How long somebody waits for a lane, in milliseconds. */
  readonly patience: number
  onDown(error: Error): void
  onUp(): void
}

interface Waiting {
  readonly since: number
  take(lane: Lane): void
  fail(error: Error): void
}

const MAX_WAITING = 10_000
const SWEEP_INTERVAL = 250
const FIRST_BACKOFF = 10
const LAST_BACKOFF = 1000

export function createPool(options: PoolOptions): Pool {
  const lanes = new Set<Lane>()
  const idle: Lane[] = []
  const waiting = new Set<Waiting>()
  let open = 0
  let failures = 0
  let down: Error | undefined
  let reconnect: NodeJS.Timeout | undefined
  let closed = false
  let onDrained: (() => void) | undefined
  const sweeper = setInterval(sweep, SWEEP_INTERVAL).unref()

  return {
    take: () => (closed ? undefined : idle.pop()),
    lease,
    release,
    stats: () => ({
      size: options.size,
      open,
      busy: open - idle.length,
      waiting: waiting.size,
      down: down !== undefined,
    }),
    close,
  }

  function lease(): Promise<Lane> {
    if (closed) return Promise.reject(unavailable(new Error('The connections to PostgreSQL are closed')))
    const lane = idle.pop()
    if (lane !== undefined) return Promise.resolve(lane)
    if (down !== undefined) return Promise.reject(unavailable(down))
    if (waiting.size >= MAX_WAITING) return Promise.reject(overloaded())
    return new Promise((resolve, reject) => {
      waiting.add({ since: performance.now(), take: resolve, fail: reject })
      // One new lane for each who waits, but not while PostgreSQL refuses more than it has given us.
      if (reconnect === undefined && lanes.size - open < waiting.size) connect()
    })
  }

  function release(lane: Lane): void {
    if (lane.state === 'lost') return
    if (lane.isWorn && !closed) {
      replace(lane)
      return
    }
    const [next] = waiting
    if (next !== undefined) {
      waiting.delete(next)
      next.take(lane)
      return
    }
    idle.push(lane)
    if (closed && idle.length === open) onDrained?.()
  }

  function replace(lane: Lane): void {
    lanes.delete(lane)
    open--
    lane.close().catch(() => {})
    connect()
  }

  function connect(): void {
    if (closed || lanes.size >= options.size) return
    lanes.add(openLane(options.connection, { onOpen, onLost }))
  }

  function onOpen(lane: Lane): void {
    open++
    failures = 0
    if (down !== undefined) {
      down = undefined
      options.onUp()
    }
    release(lane)
  }

  function onLost(lane: Lane, error: Error): void {
    lanes.delete(lane)
    const at = idle.indexOf(lane)
    if (at !== -1) idle.splice(at, 1)
    const wasOpen = lane.hasOpened
    if (wasOpen) open--
    if (closed) {
      if (idle.length === open) onDrained?.()
      return
    }
    if (open > 0 && wasOpen && waiting.size === 0) return
    if (wasOpen) {
      connect()
      return
    }
    if (open === 0) goDown(error)
    reconnectLater()
  }

  function goDown(error: Error): void {
    if (down === undefined) options.onDown(error)
    down = error
    for (const one of waiting) one.fail(unavailable(error))
    waiting.clear()
  }

  function reconnectLater(): void {
    if (reconnect !== undefined) return
    const delay = Math.min(LAST_BACKOFF, FIRST_BACKOFF * 2 ** failures++)
    reconnect = setTimeout(() => {
      reconnect = undefined
      if (open === 0 || waiting.size > 0) connect()
    }, delay)
    reconnect.unref()
  }

  /** What takes too long is ended here, for all lanes at once, instead of by a timer for each statement. */
  function sweep(): void {
    const now = performance.now()
    for (const one of waiting) {
      if (now - one.since < options.patience) break
      waiting.delete(one)
      one.fail(overloaded())
    }
    for (const lane of lanes) {
      if (now > lane.deadline) lane.lose(new ConnectionClosed('PostgreSQL did not answer in time'))
    }
  }

  async function close(timeout: number): Promise<void> {
    if (closed) return
    closed = true
    clearTimeout(reconnect)
    for (const one of waiting) one.fail(unavailable(new Error('The connections to PostgreSQL are closed')))
    waiting.clear()
    if (idle.length < open) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeout)
        onDrained = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    clearInterval(sweeper)
    await Promise.all([...lanes].map((lane) => lane.close()))
  }
}

const overloaded = () =>
  new Problem('overloaded', 'All connections to the database have been busy for too long.', { retryAfter: 1 })
