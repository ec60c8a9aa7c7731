import type { Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import { guard } from './guard.ts'
import type { TableChange } from './table-change.ts'

/** Entries that are there already add up in each group, or the load is refused with the number of groups that do not. */
export function balanceLedger({ collection, table, next }: TableChange): Step[] {
  if (next.ledger === undefined) return []
  const { sum, per } = next.ledger
  const columns = per.map(quoteName).join(', ')
  const total = `sum(${quoteName(sum)}::numeric)`
  const count = `select count(*) from (select from ${table} group by ${columns} having ${total} <> 0) as groups`
  const fieldOf = (column: string) => next.columns[column]?.field ?? column
  const message = `groups of ${collection} with the same ${per.map(fieldOf).join(', ')} whose ${fieldOf(sum)} does not add up to zero: %s`
  return [
    guard(`see that ${collection} add up to zero`, table, count, message, below('/collections', collection, 'ledger')),
  ]
}
