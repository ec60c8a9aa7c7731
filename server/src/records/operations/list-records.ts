import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { Position } from '../query/cursor.ts'
import { hiddenStatement, keysInAnswer, type ListInput, type ListRow, SEPARATOR } from '../statements/list.ts'
import { estimateCount } from './estimate-count.ts'
import type { ListForm, ListParameters } from './list-plans.ts'

export interface ListOutput {
  /** `{items, nextCursor, total?}` */
  readonly body: string
  /** In development, for an empty list: how many records (up to 1,000) the list rule keeps from the caller. */
  readonly hiddenByRule?: number
}

/** A page of the records that the caller may list. */
export async function listRecords(
  collection: Collection,
  caller: Caller,
  input: ListParameters & { readonly cursor?: string | undefined },
): Promise<ListOutput> {
  const { form, values } = collection.lists.of(input)
  const { cursors, development } = collection.app.deps
  const binding = bindingOf(collection, caller, input)
  const position = input.cursor === undefined ? undefined : cursors.decode(input.cursor, binding, form.sort.length)
  const request: ListInput = { caller, values, position }
  const row = await form.lane(position).submit(request)
  const { items, last } = pageOf(row, form)
  const nextCursor = last === undefined ? 'null' : `"${cursors.encode(last, binding)}"`
  const total = form.count === 'estimated' ? await estimateCount(collection, form, request) : row.total
  const body = `{"items":[${items}],"nextCursor":${nextCursor}${total === null ? '' : `,"total":${total}`}}`
  if (row.n > 0 || !development || input.cursor !== undefined) return { body }
  return { body, hiddenByRule: await countHidden(collection, form, request) }
}

/** A cursor serves the same list of the same caller: other fields of the records may be asked for, nothing else. */
function bindingOf(collection: Collection, caller: Caller, { filter, sort }: ListParameters): string {
  return JSON.stringify([collection.app.slug, collection.model.name, caller.userId, filter ?? null, sort ?? null])
}

/** The page itself, and the position of its last record where more follow. */
function pageOf(row: ListRow, form: ListForm): { readonly items: string; readonly last: Position | undefined } {
  if (row.items === null) return { items: '', last: undefined }
  if (row.n <= form.limit) return { items: row.items, last: undefined }
  // One record more than asked for tells that there is a next page.
  const items = row.items.slice(0, row.items.lastIndexOf(SEPARATOR))
  if (!keysInAnswer(form.query(undefined))) return { items, last: JSON.parse(row.keys ?? '[]') as Position }
  const start = items.lastIndexOf(SEPARATOR)
  const record = JSON.parse(start < 0 ? items : items.slice(start + SEPARATOR.length)) as Record<string, unknown>
  // A field that a rule hides is missing there and sorted as null.
  return { items, last: form.sort.map(({ field }) => (record[field.name] ?? null) as Position[number]) }
}

async function countHidden(collection: Collection, form: ListForm, request: ListInput): Promise<number> {
  const { app, model } = collection
  const { text, inputs } = hiddenStatement(app, model, form.query(undefined))
  const [row] = await app.deps.db.once<{ hidden: number }>(text, inputs.params([request]), { idempotent: true })
  if (row === undefined) throw new Problem('internal')
  return row.hidden
}
