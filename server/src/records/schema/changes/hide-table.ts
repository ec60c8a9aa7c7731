import type { PlanContext } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { primaryKeyName, versionSequenceName } from '../describe-table.ts'
import { dropEntries } from '../entries.ts'
import { ownName } from '../expiry.ts'
import * as sql from '../sql.ts'
import type { TableShape } from '../table-shape.ts'
import { collectionPointer, describeCollection } from './describe-collection.ts'
import { hiddenName } from './names.ts'
import type { Steps } from './table-change.ts'

/** A collection that the document no longer has. */
export interface GoneTable {
  readonly collection: string
  readonly shape: TableShape
}

/**
 * Puts a table out of sight, with its indexes and its sequence, under names that nothing else has. Its references are dropped: what
 * lies hidden must not keep anybody from deleting a record.
 */
export function hideTable({ collection, shape }: GoneTable, { schema, version }: PlanContext): Steps {
  const now = `${quoteName(schema)}.${quoteName(shape.table)}`
  const hidden = hiddenName(shape.table, version)
  const { noun, kind, name } = describeCollection(collection)
  const drop = Object.keys(shape.foreignKeys).map((name) => ({
    title: `drop reference ${name} of ${collection}`,
    sql: sql.dropConstraint(now, name),
    change: { action: 'drop' as const, kind: 'reference', name: `${collection}.${name}` },
    blocks: 'everything' as const,
  }))
  const lists = Object.entries(shape.lists ?? {}).map(([name, { column }]) => {
    const field = `${collection}.${shape.columns[column]?.field ?? column}`
    return {
      title: `drop the entries of ${field}`,
      sql: dropEntries({ schema, table: shape.table, name }).join(';\n'),
      change: { action: 'drop' as const, kind: 'entries', name: field },
      blocks: 'everything' as const,
    }
  })
  const statements = [
    ...(shape.living === undefined ? [] : [sql.dropView(schema, shape.living.view)]),
    sql.revokeTable(now, schema),
    sql.renameTable(now, hidden),
    ...[primaryKeyName(ownName(shape)), ...Object.keys(shape.indexes), ...Object.keys(shape.excludes ?? {})].map(
      (name) => sql.renameIndex(schema, name, hiddenName(name, version)),
    ),
    ...(shape.ids === 'chosen' ? [hideSequence(schema, versionSequenceName(ownName(shape)), version)] : []),
    ...Object.keys(shape.sequences ?? {}).map((name) => hideSequence(schema, name, version)),
  ]
  // Its function would be in the way of another table's.
  const computing = shape.computed === undefined ? [] : [sql.dropComputing(schema, shape.table)]
  return {
    drop: [...drop, ...lists],
    hide: [
      {
        title: `hide ${noun}`,
        sql: [...computing, ...statements].join(';\n'),
        pointer: collectionPointer(collection),
        change: { action: 'hide', kind, name },
        blocks: 'everything',
        consent: `${CONTENTS[kind]} ${name} go out of sight; they come back with a rollback, until they are purged`,
      },
    ],
  }
}

const CONTENTS = {
  collection: 'the records of',
  trash: 'the records in the trash of',
  history: 'the versions of records of',
}

function hideSequence(schema: string, name: string, version: number): string {
  return sql.renameSequence(schema, name, hiddenName(name, version))
}
