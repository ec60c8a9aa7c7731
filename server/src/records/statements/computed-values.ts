import { computedFields } from '../computed.ts'
import type { CollectionModel } from '../model.ts'
import { computedSql } from '../schema/computed-sql.ts'

/**
 * A row as it will be stored, by its fields in SQL, with what the database will compute of it: rules and checks are asked before it does.
 * Where only some fields `change`, what is not made of them is what the row has already.
 */
export function withComputedValues(
  { fields }: CollectionModel,
  row: ReadonlyMap<string, string>,
  change?: ReadonlySet<string>,
): Map<string, string> {
  const all = new Map(row)
  const changed = new Set(change)
  for (const field of computedFields(fields)) {
    if (change !== undefined && ![...field.computed.uses.record].some((name) => changed.has(name))) continue
    changed.add(field.name)
    all.set(field.name, computedSql(field, { variables: new Map([['record', { columns: all }]]) }))
  }
  return all
}
