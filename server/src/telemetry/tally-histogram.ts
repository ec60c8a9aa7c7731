import { Histogram, type Registry } from 'prom-client'
import type { Tally } from './tally.ts'

export interface LabelledTally {
  readonly labels: Readonly<Record<string, string>>
  readonly tally: Tally
}

interface Config {
  readonly name: string
  readonly help: string
  readonly bounds: readonly number[]
  readonly registry: Registry
  readonly tallies: () => readonly LabelledTally[]
}

/** A histogram whose numbers are kept elsewhere and read when it is collected. */
export class TallyHistogram extends Histogram {
  readonly #config: Config

  constructor(config: Config) {
    super({ name: config.name, help: config.help, buckets: [...config.bounds], registers: [config.registry] })
    this.#config = config
  }

  /** What the registry calls to render a metric, ahead of `get`; prom-client's own types leave it out. */
  getForPromString(): object {
    const { name, help, bounds, tallies } = this.#config
    return { name, help, type: 'histogram', values: tallies().flatMap((labelled) => exported(name, bounds, labelled)) }
  }
}

function exported(name: string, bounds: readonly number[], { labels, tally }: LabelledTally) {
  let total = 0
  const buckets = [...tally.counts].map((count, slot) => {
    total += count
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[slot] ?? '+Inf' }, value: total }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: { ...labels }, value: tally.sum() },
    { metricName: `${name}_count`, labels: { ...labels }, value: total },
  ]
}
