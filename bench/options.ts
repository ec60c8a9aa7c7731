import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Part of a workload's name; empty = all. */
  readonly only: string
  readonly seconds: number
  readonly rounds: number
  readonly messages: number
  readonly growth: readonly number[]
  readonly requests: number
  /** Messages that are aggregated. */
  readonly aggregate: number
  /** Messages that are imported and exported. */
  readonly transfer: number
  /** Records of the library that moves in. */
  readonly walk: number
  /** Numbers of apps for the growth by apps. */
  readonly apps: readonly number[]
  /** Seconds between two swaps under load. */
  readonly swapPause: number
}

/** `--quick` is under two minutes for everything; its figures are rough. */
export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      messages: { type: 'string' },
      growth: { type: 'string' },
      apps: { type: 'string' },
      aggregate: { type: 'string' },
      transfer: { type: 'string' },
      walk: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  })
  const { quick } = values
  return {
    only: values.only,
    seconds: Number(values.seconds ?? (quick ? 1 : 5)),
    rounds: Number(values.rounds ?? (quick ? 1 : 3)),
    messages: Number(values.messages ?? (quick ? 50_000 : 200_000)),
    growth: values.growth?.split(',').map(Number) ?? (quick ? [10_000, 100_000] : [10_000, 1_000_000, 10_000_000]),
    aggregate: Number(values.aggregate ?? (quick ? 100_000 : 1_000_000)),
    transfer: Number(values.transfer ?? (quick ? 20_000 : 200_000)),
    walk: Number(values.walk ?? (quick ? 6_000 : 60_000)),
    requests: quick ? 50_000 : 1_000_000,
    apps: values.apps?.split(',').map(Number) ?? (quick ? [1, 10] : [1, 10, 100]),
    swapPause: quick ? 0.3 : 0.5,
  }
}
