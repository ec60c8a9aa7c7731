import type { Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import { hasCome } from '../expiry.ts'
import * as sql from '../sql.ts'
import type { LivingShape, TableShape } from '../table-shape.ts'
import { canonical } from './objects.ts'
import { isRetyped, type Steps, type TableChange } from './table-change.ts'

/** The view of the records that have not expired. PostgreSQL lets nobody change a column that a view shows, so it makes way for that. */
export function changeLiving(change: TableChange): Steps {
  const { collection, schema, isRestored, old, next } = change
  const before = isRestored ? undefined : old.living
  const after = next.living
  if ((before === undefined && after === undefined) || isSame(change)) return {}
  const pointer = below('/collections', collection, 'expires')
  const told = (action: 'create' | 'drop' | 'change') => ({ action, kind: 'expiry', name: collection })
  const isNew = after !== undefined && !isSameTime(change)
  return {
    drop:
      before === undefined
        ? []
        : [
            {
              title:
                after === undefined ? `let the records of ${collection} stay` : `let go of the view of ${collection}`,
              sql: sql.dropView(schema, before.view),
              ...(after === undefined ? { change: told('drop') } : {}),
              blocks: 'everything',
            },
          ],
    // Backfills of other collections look records up by the view.
    type:
      after === undefined
        ? grantAll(change)
        : [
            {
              title: `show what has not expired of ${collection}`,
              sql: [
                ...(isRestored || old.living !== undefined ? [] : [sql.revokeTable(change.table, schema)]),
                ...showLiving(schema, next, after),
              ].join(';\n'),
              pointer,
              ...(isNew ? { change: told(before === undefined ? 'create' : 'change') } : {}),
              blocks: 'everything',
              ...(isNew && !isRestored ? { consent: consentOf(collection, next, after) } : {}),
            },
          ],
  }
}

/** Statements that make the view. */
export function showLiving(schema: string, shape: TableShape, { view, column }: LivingShape): string[] {
  const qualified = `${quoteName(schema)}.${quoteName(view)}`
  const table = `${quoteName(schema)}.${quoteName(shape.table)}`
  return [sql.createLivingView(qualified, table, Object.keys(shape.columns), column), sql.grantTable(qualified, schema)]
}

/**
 * Records whose time has come are gone, though their rows are there: they must not come back where another field says when, or none.
 * Before anything else, while every reference to them is there.
 */
export function deleteExpired(change: TableChange): Step[] {
  const { collection, schema, isRestored, old } = change
  if (old.living === undefined || isSameTime(change)) return []
  const table = `${quoteName(schema)}.${quoteName(old.table)}`
  const remove = `delete from ${table} where ${hasCome(quoteName(old.living.column))}`
  return [
    {
      title: `delete what has expired of ${collection}`,
      // What triggers of a table out of sight speak of may be gone.
      sql: isRestored ? sql.behindTriggers(table, remove) : remove,
      blocks: isRestored ? 'everything' : 'writes',
      work: { kind: 'scan', table },
      mends: 'references',
    },
  ]
}

/** Whether the same field says when, with the same values. */
function isSameTime({ old, next, columns }: TableChange): boolean {
  const now = columns.find(({ name }) => name === next.living?.column)
  return now?.from !== undefined && now.from.name === old.living?.column && !isRetyped(now) && now.computes !== true
}

function isSame(change: TableChange): boolean {
  const shown = ({ table, living, columns }: TableShape) =>
    canonical([table, living, Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type]))])
  const { isRestored, old, next, columns } = change
  const moved = columns.some((one) => one.from?.name !== one.name || isRetyped(one))
  return !isRestored && !moved && shown(old) === shown(next)
}

function grantAll({ collection, schema, table, isRestored }: TableChange): Step[] {
  if (isRestored) return []
  const title = `let SQL of the app reach the records of ${collection} themselves`
  return [{ title, sql: sql.grantTable(table, schema), blocks: 'everything' }]
}

function consentOf(collection: string, { columns }: TableShape, { column }: LivingShape): string {
  return `records of ${collection} whose '${columns[column]?.field ?? column}' has come are deleted, now and from now on; a rollback does not bring them back`
}
