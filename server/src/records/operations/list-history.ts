import { Problem } from '../../errors/problem.ts'
import { type Caller, holderOf } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { notFound } from './get-record.ts'
import { keepFacts } from './keep-facts.ts'
import { parseLimit } from './list-plans.ts'
import { parseId } from './record-id.ts'

export interface HistoryParameters {
  readonly id: string
  readonly limit?: string | undefined
  readonly cursor?: string | undefined
}

/** A page of what became of one record, the newest first, as JSON text: `{items: [{version, at, by, action, record}], nextCursor}`. */
export async function listHistory(collection: Collection, sender: Caller, input: HistoryParameters): Promise<string> {
  const caller = keepFacts(collection, sender)
  const history = historyOf(collection)
  const id = parseId(collection.model, input.id)
  const limit = parseLimit(input.limit)
  if (id === undefined) throw notFound(collection, input.id)
  const { cursors } = collection.app.deps
  const binding = `${collection.app.slug}/${collection.model.name}/-history/${holderOf(caller) ?? ''}/${id}`
  const [after = null] = input.cursor === undefined ? [] : cursors.decode(input.cursor, binding, 1)
  const entries = await history.read(
    { caller, id, after: after === null ? null : String(after), version: null },
    limit + 1,
  )
  if (entries.length === 0 && after === null) throw notFound(collection, input.id)
  const items = entries.slice(0, limit)
  const last = entries.length > limit ? items.at(-1) : undefined
  const next = last === undefined ? 'null' : JSON.stringify(cursors.encode([last.position], binding))
  return `{"items":[${items.map(({ json }) => json).join()}],"nextCursor":${next}}`
}

export function historyOf({ model, history }: Collection): NonNullable<Collection['history']> {
  if (history === undefined) throw new Problem('not_found', `'${model.name}' keeps no history`)
  return history
}
