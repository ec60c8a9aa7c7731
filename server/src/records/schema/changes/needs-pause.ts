import { ownName } from '../expiry.ts'
import type { FoundTables } from './find-tables.ts'
import type { TableChange } from './table-change.ts'

/**
 * Whether something gets the name that another thing has in the live version. A statement of that version would then succeed all the same,
 * under rules that were made for something else. (Other changes make it fail, or mean the same.)
 */
export function needsPause({ changes, gone }: FoundTables, created: readonly string[]): boolean {
  const freed = new Set([
    ...gone.map(({ shape }) => ownName(shape)),
    ...changes.flatMap(({ isRestored, old, next }) =>
      isRestored || ownName(old) === ownName(next) ? [] : [ownName(old)],
    ),
  ])
  const taken = changes.flatMap(({ old, next }) => (ownName(old) === ownName(next) ? [] : [ownName(next)]))
  return [...taken, ...created].some((table) => freed.has(table)) || changes.some(exchangesColumns)
}

function exchangesColumns({ isRestored, old, columns }: TableChange): boolean {
  return !isRestored && columns.some(({ name, from }) => from?.name !== name && old.columns[name] !== undefined)
}
