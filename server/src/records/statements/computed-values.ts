import { computedFields } from '../computed.ts'
import type { CollectionModel } from '../model.ts'
import { computedSql } from '../schema/computed-sql.ts'
import { type AppNames, newRowScope } from './scope.ts'

/**
 * A row as it will be stored, by its fields in SQL, with what will be computed of it: rules and checks are asked before it is written.
 * Where only some fields `change`, what is stored and not made of them is what the row has already.
 */
export function withComputedValues(
  app: AppNames,
  { fields }: CollectionModel,
  row: ReadonlyMap<string, string>,
  change?: ReadonlySet<string>,
): Map<string, string> {
  const all = new Map(row)
  const changed = new Set(change)
  for (const field of computedFields(fields)) {
    const isKept = change !== undefined && ![...field.computed.uses.record].some((name) => changed.has(name))
    if (isKept && field.whenRead !== true) continue
    if (!isKept) changed.add(field.name)
    all.set(field.name, computedSql(field, newRowScope(app, all)))
  }
  return all
}
