import type { Row } from './measure.ts'

/** What `npm run bench` writes. */
export interface Results {
  readonly rows: readonly Pick<Row, 'name' | 'ratio'>[]
  readonly others: readonly { readonly name: string; readonly value: string }[]
}

export interface Comparison {
  readonly name: string
  readonly what: 'ratio' | 'value'
  readonly before: string
  readonly after: string
  /** 0.2 is a fifth more than before. */
  readonly change: number
  readonly slower: boolean
}

const TOLERATED = 0.1

/**
 * What both results have. Rows by their ratio to the bare program: the machine may have been busier, for both of them.
 * The other measures are times and sizes, of which less is better.
 */
export function compareResults(before: Results, after: Results): Comparison[] {
  return [...compareRows(before, after), ...compareOthers(before, after)]
}

function compareRows(before: Results, after: Results): Comparison[] {
  const known = new Map(before.rows.map((row) => [row.name, row.ratio]))
  return after.rows.flatMap(({ name, ratio }) => {
    const old = known.get(name)
    if (old === undefined) return []
    const change = ratio / old - 1
    return [
      { name, what: 'ratio', before: old.toFixed(2), after: ratio.toFixed(2), change, slower: change < -TOLERATED },
    ]
  })
}

function compareOthers(before: Results, after: Results): Comparison[] {
  const known = new Map(before.others.map(({ name, value }) => [name, value]))
  return after.others.flatMap(({ name, value }) => {
    const old = known.get(name)
    if (old === undefined) return []
    const change = numberIn(value) / numberIn(old) - 1
    return [{ name, what: 'value', before: old, after: value, change, slower: change > TOLERATED }]
  })
}

/** `p50 0.31 ms (x 1.20)` is 0.31, `187 MiB after 1002k requests` is 187. */
function numberIn(value: string): number {
  return Number.parseFloat(/(?<![a-z\d])\d+(?:\.\d+)?/i.exec(value)?.[0] ?? 'NaN')
}
