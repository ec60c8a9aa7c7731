import type { Cursors, Position } from '../query/cursor.ts'
import { keysInAnswer, type ListInput, type ListQuery, type ListRow, SEPARATOR } from '../statements/list.ts'
import type { ListPage } from './list-lane.ts'

/** Makes pages of what the statements of one form give: cuts off the record too many, and says where the next page begins. */
export function createPageMaker(cursors: Cursors, query: ListQuery): (row: ListRow, input: ListInput) => ListPage {
  const { limit, sort } = query
  const hasKeys = keysInAnswer(query)

  return (row, { binding }) => {
    if (row.items === null) return { body: bodyOf('', 'null', row.total), isEmpty: true }
    if (row.n <= limit) return { body: bodyOf(row.items, 'null', row.total), isEmpty: false }
    // One record more than asked for tells that there is a next page.
    const items = row.items.slice(0, row.items.lastIndexOf(SEPARATOR))
    const position = hasKeys ? keysOf(items) : (JSON.parse(row.keys ?? '[]') as Position)
    return { body: bodyOf(items, `"${cursors.encode(position, binding)}"`, row.total), isEmpty: false }
  }

  /** Of the last record. A field that a rule hides is missing there, and was sorted as null. */
  function keysOf(items: string): Position {
    const start = items.lastIndexOf(SEPARATOR)
    const record = JSON.parse(start < 0 ? items : items.slice(start + SEPARATOR.length)) as Record<string, unknown>
    return sort.map(({ name }) => (record[name] ?? null) as Position[number])
  }
}

function bodyOf(items: string, nextCursor: string, total: string | null): string {
  return `{"items":[${items}],"nextCursor":${nextCursor}${total === null ? '' : `,"total":${total}`}}`
}
