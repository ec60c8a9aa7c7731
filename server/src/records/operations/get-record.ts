import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { etagOf, matchesAny } from './etag.ts'
import { keepFacts } from './keep-facts.ts'
import { parseId } from './record-id.ts'

export interface GetInput {
  readonly id: string
  readonly fields?: string | undefined
  readonly expand?: string | undefined
  readonly ifNoneMatch?: string | undefined
}

export interface GetOutput {
  readonly status: 200 | 304
  readonly body: string
  readonly etag: string
}

/** One record as its reader sees it. 404 `not_found` where there is none for this caller. */
export function getRecord(collection: Collection, sender: Caller, input: GetInput): Promise<GetOutput> {
  const caller = keepFacts(collection, sender)
  const reads = collection.reads.of(input.fields, input.expand)
  const id = parseId(collection.model, input.id)
  if (id === undefined) return Promise.reject(notFound(collection, input.id))
  return reads.submit({ caller, id }).then((record) => {
    if (record === null) throw notFound(collection, input.id)
    const etag = etagOf(record.version, record.json)
    const known = input.ifNoneMatch !== undefined && matchesAny(input.ifNoneMatch, etag)
    return known ? { status: 304, body: '', etag } : { status: 200, body: record.json, etag }
  })
}

export function notFound(collection: Collection, id: string): Problem {
  const shown = id.length > 100 ? `${id.slice(0, 100)}…` : id
  return new Problem('not_found', `There is no record '${shown}' in '${collection.model.name}' for you`)
}
