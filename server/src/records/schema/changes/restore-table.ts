import { quoteName } from '../../../db/quote.ts'
import * as sql from '../sql.ts'
import { collectionPointer, describeCollection } from './describe-collection.ts'
import type { Steps, TableChange } from './table-change.ts'

/** Brings a collection back with its records, its indexes and its sequence; what has changed since is changed like in any other. */
export function restoreTable(change: TableChange): Steps {
  const { collection, schema, old, next, table } = change
  const { noun, ...told } = describeCollection(collection)
  const hidden = `${quoteName(schema)}.${quoteName(old.table)}`
  return {
    rename: [
      {
        title: `restore ${noun}`,
        sql: [
          sql.renameTable(hidden, next.table),
          ...referring(change).map((column) => sql.setNotNull(table, column, false)),
          ...(next.isPrivate === true || next.living !== undefined ? [] : [sql.grantTable(table, schema)]),
        ].join(';\n'),
        pointer: collectionPointer(collection),
        change: { action: 'restore', ...told },
        blocks: 'everything',
      },
    ],
  }
}

/** Columns whose records may be gone, so they may be empty until that is seen. By the names that they have now. */
function referring({ next, columns }: TableChange): string[] {
  const keys = new Set(Object.values(next.foreignKeys).map(({ column }) => column))
  return columns.flatMap(({ name, from }) => (from !== undefined && keys.has(name) ? [from.name] : []))
}
