import type { Step } from '../../../apps/section.ts'
import * as sql from '../sql.ts'

/** Refuses the load when there are rows that forbid what follows; nobody can add one until that is done. */
export function guard(title: string, table: string, count: string, message: string, pointer: string): Step {
  return {
    title,
    sql: sql.refuseWhile(table, count, message),
    pointer,
    look: sql.lookFor(count, message),
    blocks: 'everything',
    work: { kind: 'scan', table },
  }
}
