import type { Step } from '../../../apps/section.ts'
import { below } from '../../../errors/pointer.ts'
import { FREE } from '../../model.ts'
import * as sql from '../sql.ts'
import type { CheckShape } from '../table-shape.ts'
import { guard } from './guard.ts'
import { comingName } from './names.ts'
import type { TableChange } from './table-change.ts'

/**
 * First it holds for what is written, then it is seen whether it held before: nobody waits for that. Requests of the live version
 * meet it already.
 */
export function checkBefore(change: TableChange, now: string, name: string, check: CheckShape): Step[] {
  const coming = comingName(name)
  const pointer = checkPointer(change, check)
  const count = countBroken(now, check)
  const message = checkMessage(change, check)
  return [
    {
      title: `hold new records of ${change.collection} to ${name}`,
      sql: sql.addCheck(now, coming, check.sql, 'not valid'),
      pointer,
      look: sql.lookFor(count, message),
      blocks: 'everything',
      before: { undo: sql.dropConstraintIfThere(now, coming) },
    },
    {
      title: `see that the records of ${change.collection} meet ${name}`,
      sql: sql.refuseOr(count, message, sql.validateConstraint(now, coming)),
      pointer,
      work: { kind: 'scan', table: now },
      before: { undo: sql.NOTHING },
    },
  ]
}

/** What `checkBefore` has made gets its name. */
export function takeCheck(change: TableChange, name: string, check: CheckShape): Step {
  return {
    title: `add check ${name} to ${change.collection}`,
    sql: sql.renameConstraint(change.table, comingName(name), name),
    pointer: checkPointer(change, check),
    change: { action: 'create', kind: 'check', name: `${change.collection}.${name}` },
    blocks: 'everything',
  }
}

/** In the transaction, of columns that change in it. */
export function addCheck(change: TableChange, name: string, check: CheckShape): Step[] {
  const { collection, table, columns } = change
  const pointer = checkPointer(change, check)
  const add: Step = {
    title: `add check ${name} to ${collection}`,
    sql: sql.addCheck(table, name, check.sql),
    pointer,
    change: { action: 'create', kind: 'check', name: `${collection}.${name}` },
    blocks: 'everything',
    work: { kind: 'scan', table },
  }
  const column = columns.find((one) => one.column.field === check.field)
  const isEmpty = column !== undefined && column.from === undefined && column.fill === undefined
  if (isEmpty && column.column.default === undefined) return [add]
  // What moves out of the free keys is among them until then, so there is nothing to be counted before.
  if (check.field === FREE && columns.some(({ promotes }) => promotes)) return [add]
  const title = `see that the records of ${collection} meet ${name}`
  return [guard(title, table, countBroken(table, check), checkMessage(change, check), pointer), add]
}

function checkPointer({ collection, columns }: TableChange, check: CheckShape): string {
  const column = columns.find((one) => one.column.field === check.field)
  return column?.pointer ?? below('/collections', collection, 'check')
}

function checkMessage({ collection }: TableChange, { field }: CheckShape): string {
  const what = field === undefined ? 'break the check' : `have a '${field}' that the schema no longer allows`
  return `records of ${collection} that ${what}: %s`
}

/** As a constraint, true and unknown pass. */
function countBroken(table: string, check: CheckShape): string {
  return `select count(*) from ${table} where (${check.sql}) is false`
}
