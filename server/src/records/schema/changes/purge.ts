import type { Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { tableNameOf } from '../companions.ts'
import * as sql from '../sql.ts'
import { dropFunction } from '../trigger-function.ts'
import { describeCollection } from './describe-collection.ts'
import { readRemains } from './remains.ts'

/** Deletes for good what lies hidden. */
export function purgeCollections(stored: unknown, { schema }: { readonly schema: string }): Step[] {
  const { live, hidden } = readRemains(stored)
  const qualified = (name: string) => `${quoteName(schema)}.${quoteName(name)}`
  return [
    ...hidden.map(({ collection, table, shape }) => ({
      title: `delete ${describeCollection(collection).noun}`,
      sql: [`drop table ${qualified(table)}`, ...Object.values(shape.triggers).flatMap(dropFunction)].join(';\n'),
      change: {
        action: 'drop' as const,
        kind: describeCollection(collection).kind,
        name: describeCollection(collection).name,
      },
    })),
    ...Object.entries(live).flatMap(([collection, { columns = [], sequence, table = tableNameOf(collection) }]) => [
      ...columns.map(({ kind, field, column }) => ({
        title: `delete ${kind === 'field' ? 'field' : 'the former values of'} ${collection}.${field}`,
        sql: sql.dropColumn(qualified(table), column),
        change: { action: 'drop' as const, kind, name: `${collection}.${field}` },
        blocks: 'everything' as const,
      })),
      ...(sequence === undefined
        ? []
        : [
            {
              title: `forget the versions of ${collection}`,
              sql: `drop sequence ${qualified(sequence.name)}`,
              change: { action: 'drop' as const, kind: 'versions', name: collection },
            },
          ]),
    ]),
  ]
}
