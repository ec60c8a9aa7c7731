import type { Step } from '../../../apps/section.ts'
import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import * as sql from '../sql.ts'
import type { ForeignKeyShape } from '../table-shape.ts'
import { guard } from './guard.ts'
import type { TableChange } from './table-change.ts'

/** A reference of a table that is there, to records that all have to be there. */
export function addForeignKey(change: TableChange, name: string, key: ForeignKeyShape): Step[] {
  const { collection, table, schema, columns, next } = change
  const field = next.columns[key.column]?.field ?? key.column
  const column = columns.find((one) => one.name === key.column)
  const pointer = column?.pointer ?? below('/collections', collection)
  const isNew = column?.from === undefined && column?.fill === undefined
  const add: Step = {
    title: `let ${collection}.${field} refer to ${key.table}`,
    sql: sql.addForeignKey(table, name, key, schema),
    pointer,
    change: { action: 'create', kind: 'reference', name: `${collection}.${field}` },
    blocks: 'writes',
    work: { kind: 'scan', table },
  }
  if (isNew) return [add]
  const target = `${quoteName(schema)}.${quoteName(key.table)}`
  const value = `t.${quoteName(key.column)}`
  const count = `select count(*) from ${table} as t where ${value} is not null and not exists (select from ${target} as r where r.id = ${value})`
  const message = `records of ${collection} whose '${field}' is no record of ${key.table}: %s`
  return [guard(`see that every ${collection}.${field} is there`, table, count, message, pointer), add]
}
