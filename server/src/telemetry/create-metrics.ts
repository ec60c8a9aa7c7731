import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { createTally, type Tally } from './tally.ts'
import { type LabelledTally, TallyHistogram } from './tally-histogram.ts'

/** The server's numbers, for `/metrics`. Rooms get the one function they need, not this. */
export interface Metrics {
  /** Counts the answers of one route. Call once per route, when routes are made; `observe` is for every request. */
  route(method: string, route: string): RouteMetric
  /** Counts how many requests share a statement. Call once per kind. */
  batch(kind: string): { observe(size: number): void }
  /** What a pool is doing, asked when metrics are collected. */
  pool(name: string, state: () => PoolState): void
  /** Counts what rooms report, by type of event. */
  event(type: string): void
  readonly contentType: string
  /** The text of `/metrics`. */
  render(): Promise<string>
}

export interface RouteMetric {
  observe(status: number, seconds: number): void
}

export interface PoolState {
  readonly size: number
  readonly busy: number
  readonly waiting: number
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
const STATUS_CLASSES = ['0xx', '1xx', '2xx', '3xx', '4xx', '5xx']

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })

  const routes: { method: string; route: string; tallies: readonly Tally[] }[] = []
  const answered = (): LabelledTally[] =>
    routes.flatMap(({ method, route, tallies }) =>
      tallies.flatMap((tally, index) =>
        tally.counts.some((count) => count > 0)
          ? [{ labels: { method, route, status: STATUS_CLASSES[index] ?? '' }, tally }]
          : [],
      ),
    )
  new TallyHistogram({
    name: 'roadbase_http_request_duration_seconds',
    help: 'Time from the last byte of a request to its answer, by route and class of status',
    bounds: SECONDS,
    registry,
    tallies: answered,
  })
  new Counter({
    name: 'roadbase_http_requests_total',
    help: 'Requests answered, by route and class of status',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { labels, tally } of answered()) this.inc({ ...labels }, total(tally))
    },
  })

  const batches: LabelledTally[] = []
  new TallyHistogram({
    name: 'roadbase_batch_size',
    help: 'Requests that shared one SQL statement',
    bounds: BATCH_SIZES,
    registry,
    tallies: () => batches,
  })

  const pools = new Map<string, () => PoolState>()
  new Gauge({
    name: 'roadbase_pool_connections',
    help: 'Database connections, and requests that wait for one',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [pool, state] of pools) {
        const { size, busy, waiting } = state()
        this.set({ pool, state: 'idle' }, size - busy)
        this.set({ pool, state: 'busy' }, busy)
        this.set({ pool, state: 'waiting' }, waiting)
      }
    },
  })
  const events = new Counter({
    name: 'roadbase_events_total',
    help: 'What the parts of the server reported, by type',
    labelNames: ['type'],
    registers: [registry],
  })

  return {
    route(method, route) {
      const tallies = STATUS_CLASSES.map(() => createTally(SECONDS))
      routes.push({ method, route, tallies })
      return { observe: (status, seconds) => tallies[(status / 100) | 0]?.observe(seconds) }
    },
    batch(kind) {
      const tally = createTally(BATCH_SIZES)
      batches.push({ labels: { kind }, tally })
      return tally
    },
    pool: (name, state) => void pools.set(name, state),
    event: (type) => events.inc({ type }),
    contentType: registry.contentType,
    render: () => registry.metrics(),
  }
}

function total(tally: Tally): number {
  return tally.counts.reduce((sum, count) => sum + count, 0)
}
