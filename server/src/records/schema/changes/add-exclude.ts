import type { Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import * as sql from '../sql.ts'
import type { ExcludeShape } from '../table-shape.ts'
import { guard } from './guard.ts'
import type { TableChange } from './table-change.ts'

/** An exclusion constraint on a table that is there. Everybody waits while it is built; the records that overlap are counted first. */
export function addExclude({ collection, table, next }: TableChange, name: string, exclude: ExcludeShape): Step[] {
  const pointer = below('/collections', collection, 'exclude')
  const fieldOf = (column: string) => next.columns[column]?.field ?? column
  const range = exclude.range.map(fieldOf).join(' to ')
  const same = exclude.key.length === 0 ? '' : ` with the same ${exclude.key.map(fieldOf).join(', ')}`
  const message = `records of ${collection} whose ${range} overlaps an earlier one${same}: %s`
  return [
    guard(`see that no records of ${collection} overlap`, table, countOverlaps(table, exclude), message, pointer),
    {
      title: `add exclude ${name} to ${collection}`,
      sql: sql.addExclude(table, name, exclude),
      pointer,
      change: { action: 'create', kind: 'exclude', name: `${collection}.${name}` },
      blocks: 'everything',
      work: { kind: 'build', table },
    },
  ]
}

/**
 * Sorted by their begin, a range overlaps one before it when the farthest end of these is beyond its begin: one pass, where
 * comparing each with each would be quadratic. Only of instants and decimals can an end that belongs to the range meet a begin.
 */
function countOverlaps(table: string, exclude: ExcludeShape): string {
  const range = sql.rangeOf(exclude)
  const key = exclude.key.map(quoteName)
  const conditions = [
    ...key.map((column) => `${column} is not null`),
    `not isempty(${range})`,
    ...(exclude.where === undefined ? [] : [exclude.where]),
  ]
  const isContinuous = exclude.type === 'tstzrange' || exclude.type === 'numrange'
  const beyond = isContinuous && exclude.bounds === '[]' ? '>=' : '>'
  const partition = key.length === 0 ? '' : `partition by ${key.join(', ')} `
  return `select count(*) from (
  select lower(r) as low, lower_inf(r) as begins_open, count(*) over before as others, bool_or(upper_inf(r)) over before as ends_open, max(upper(r)) over before as high
  from (select ${[...key, `${range} as r`].join(', ')} from ${table} where ${conditions.join(' and ')}) as ranges
  window before as (${partition}order by r rows between unbounded preceding and 1 preceding)
) as sorted where others > 0 and (begins_open or ends_open or high ${beyond} low)`
}
