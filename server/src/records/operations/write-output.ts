import { type CollectionModel, idField } from '../model.ts'
import type { WriteRow } from '../statements/create.ts'
import { etagOf } from './etag.ts'

export interface WriteOutput {
  readonly status: 200 | 201
  readonly id: string
  readonly version: string
  /** The record, or `{id, version}`: on request, and where the writer may not view what was written. */
  readonly body: string
  /** Where the body is the record. */
  readonly etag?: string
  /** The answer of an earlier request with the same idempotency key. */
  readonly replayed?: boolean
}

export function writeOutput(
  model: CollectionModel,
  status: 200 | 201,
  row: WriteRow,
  prefer: 'minimal' | 'representation' | undefined,
): WriteOutput {
  if (row.json === null || prefer === 'minimal') {
    return {
      status,
      id: row.id,
      version: row.version,
      body: `{"id":${idJson(model, row.id)},"version":${row.version}}`,
    }
  }
  return { status, id: row.id, version: row.version, body: row.json, etag: etagOf(row.version, row.json) }
}

/** As in the record: an integer is a number. */
function idJson(model: CollectionModel, id: string): string {
  return idField(model).type.json === 'number' ? id : JSON.stringify(id)
}
