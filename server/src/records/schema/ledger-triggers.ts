import { quoteName, quoteText } from '../../db/quote.ts'
import type { LedgerShape, TriggerShape } from './table-shape.ts'
import { ownFunction } from './trigger-function.ts'

/**
 * What notes the groups that a statement puts out of balance, for `roadbase.check_ledger` to look at when the transaction commits. One that
 * adds up by itself, in each group, leaves its groups as they were.
 */
export function ledgerTriggers(schema: string, { sum, per }: LedgerShape): Record<string, TriggerShape> {
  const added = { table: 'new_rows', sign: '', referencing: 'new table as new_rows' }
  const taken = { table: 'old_rows', sign: '-', referencing: 'old table as old_rows' }
  const trigger = (event: string, ...changes: readonly (typeof added)[]): TriggerShape => ({
    event: `after ${event}`,
    each: 'statement',
    referencing: changes.map(({ referencing }) => referencing).join(' '),
    ...ownFunction(schema, `ledger_${event}`, noteGroups({ sum, per }, changes)),
  })
  return {
    ledger_insert: trigger('insert', added),
    ledger_update: trigger('update', added, taken),
    ledger_delete: trigger('delete', taken),
  }
}

/** Columns are named with their tables: PL/pgSQL has variables of its own, such as `found`. */
function noteGroups(
  { sum, per }: LedgerShape,
  changes: readonly { readonly table: string; readonly sign: string }[],
): string {
  const columns = (table: string) => per.map((column) => `${table}.${quoteName(column)}`)
  const changed = changes.map(
    ({ table, sign }) =>
      `select ${columns(table).join(', ')}, ${sign}${table}.${quoteName(sum)}::numeric as amount__ from ${table}`,
  )
  const condition = per.map(
    (column, index) => `format(${quoteText(`${quoteName(column)} = %L`)}, ${columns('changed__')[index]})`,
  )
  return `begin
  insert into roadbase.ledger_groups (relation, digest, condition, total)
  select tg_relid, sha256(convert_to(groups__.condition__, 'UTF8')), groups__.condition__, ${quoteText(quoteName(sum))}
  from (
    select ${condition.join(` || ' and ' || `)} as condition__
    from (${changed.join(' union all ')}) as changed__
    group by ${columns('changed__').join(', ')} having sum(changed__.amount__) <> 0) as groups__
  on conflict do nothing;
  return null;
end`
}
